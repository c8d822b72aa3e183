"""`bot schedule`: what is planned, in plain words, and settings that plan it."""

import json


def test_the_week_is_shown_in_both_zones(bot, folder):
    (folder / "holidays.txt").write_text("2026-12-25 Christmas\n")
    env = {
        "BOT_LINKEDIN_TIMES__EDITION": "08:30",
        "BOT_LINKEDIN_TIMES__TIMEZONE": "Europe/London",
        "BOT_LINKEDIN_TIMES__WEEKDAYS": "mon,tue,wed,thu,fri",
        "BOT_LINKEDIN_TIMES__HOLIDAYS": "holidays.txt",
        "BOT_LINKEDIN_TIMES__QUIET": "22:00-06:30",
        "BOT_LINKEDIN_TIMES__SPACING_MINUTES": "30",
    }
    done = bot("schedule", env=env)
    assert done.returncode == 0, done.stderr
    assert "x: when the article appears; edition at 07:00 (Asia/Kolkata)" in done.stdout
    assert "07:00 IST (01:30 UTC)" in done.stdout
    assert "from the edition at 08:30 (Europe/London); on Mon Tue Wed Thu Fri" in done.stdout
    assert "IST in the newsroom)" in done.stdout
    assert "no posting day" in done.stdout
    value = json.loads(bot("schedule", "--json", env=env).stdout)
    assert len(value["channels"]["linkedin"]["days"]) == 7


def test_a_wrong_timetable_is_named(bot, folder):
    for name, value, said in (
        ("WEEKDAYS", "monday", "BOT_X_TIMES__WEEKDAYS: name days of mon,tue"),
        ("QUIET", "22-6", "BOT_X_TIMES__QUIET"),
        ("SLOTS", "25:00", "BOT_X_TIMES__SLOTS"),
        ("TIMEZONE", "Mars/Olympus", "BOT_X_TIMES__TIMEZONE: 'Mars/Olympus' is not an IANA"),
        ("HOLIDAYS", "gone.txt", "The holidays file gone.txt cannot be read"),
    ):
        done = bot("schedule", env={f"BOT_X_TIMES__{name}": value})
        assert done.returncode == 2, name
        assert said in done.stderr


def test_an_article_in_quiet_hours_waits_for_the_morning(bot, folder):
    (folder / "a.md").write_text(
        "---\ntitle: Rates are held again\n---\n\nThe bank held at 6.5 %.\n"
    )
    env = {"BOT_X_TIMES__QUIET": "00:00-23:59", "BOT_CHANNELS": "x"}
    done = bot("ingest", "a.md", env=env)
    assert done.returncode == 0, done.stderr
    shown = bot("schedule", env=env).stdout
    assert "post 1 (drafted): 23:59 IST" in shown


def test_policies_are_changed_from_the_terminal(bot, folder):
    done = bot(
        "settings", "set", "BOT_APPROVAL__POLICY_EXCEPTIONS=linkedin/AI=veto", "--by", "asha"
    )
    assert done.returncode == 0, done.stderr
    assert "forbid fully automated posting" in done.stdout
    found = json.loads(bot("settings", "list", "policies", "--json").stdout)
    assert [(r["channel"], r["section"], r["policy"]) for r in found["policies"]] == [
        ("x", "", "required"),
        ("linkedin", "", "required"),
        ("linkedin", "ai", "veto"),
    ]
    wrong = bot("settings", "set", "BOT_APPROVAL__POLICY=sometimes")
    assert (wrong.returncode, "BOT_APPROVAL__POLICY" in wrong.stderr) == (2, True)
    secret = bot("settings", "set", "BOT_DESK__SECRET_KEY=secret")
    assert (secret.returncode, "write others into .env" in secret.stderr) == (2, True)
