"""One morning at once, the doctor, the story of an article, the day's report and the figures."""

import csv
import io
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot import correcting
from bot.domain.errors import ConfigError, UsageError
from bot.edition import approve_by_policy
from bot.health.doctor import examine
from bot.health.figures import draw, figures, plots
from bot.health.once import morning
from bot.health.story import find, story
from bot.watching.rechecks import gone
from tests.unit.health.test_alarms import ARTICLE


@pytest.fixture
def morning_of(app):
    """An inbox with today's article, and an editor who has said yes."""
    (app.settings.inbox_dir / "a.json").write_text(ARTICLE)
    done = morning(app, wait=0)
    assert (done.drafted, done.live, done.waiting) == (2, 0, 2)
    posts = [app.store.desk.post(number) for number in (1, 2)]
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    return app


def test_a_morning_is_done_once_however_often_it_is_called(morning_of, platforms):
    app = morning_of
    done = morning(app, wait=60)
    assert (done.live, done.underway, done.new) == (2, 0, [])
    again = morning(app, wait=60)
    assert (again.live, again.drafted, again.wrong) == (0, 0, [])
    assert [len(platforms.state.posts(name)) for name in ("x", "linkedin")] == [1, 1]


def test_a_morning_without_an_article_says_so(app, clock, readers):
    clock.advance(1800)
    done = morning(app, wait=0)
    assert done.wrong[0].startswith("No article by 07:20")
    assert any("No article" in one["title"] for one in readers[0].heard)


def test_the_story_is_whole_and_in_order(morning_of):
    app = morning_of
    morning(app, wait=60)
    key = find(app, "1")
    assert find(app, "https://theshiftmaker.com/articles/2026-11-23-rates-held") == key
    lines = story(app, key)
    names = [line.name for line in lines if line.channel in ("", "x")]
    order = ["article.seen", "post.drafted", "post.approved", "attempt", "post.verified"]
    assert [name for name in names if name in order] == order
    approved = next(line for line in lines if line.name == "post.approved")
    assert approved.who == "asha"
    with pytest.raises(UsageError, match="No article 'nonsense' is known"):
        find(app, "nonsense")


def test_the_doctor_finds_what_is_wrong_and_says_the_fix(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keys = tmp_path / ".env"
    keys.write_text("")
    keys.chmod(0o644)
    app.store.pauses.pause("x", "The token has expired.", now=app.clock.now())
    wrong = {check.name: check.fix for check in examine(app) if not check.ok}
    assert wrong.keys() == {"keys", "publisher", "x is paused"}
    assert wrong["keys"] == "chmod 600 .env"
    keys.chmod(0o600)
    app.store.pauses.resume("x", by="asha", now=app.clock.now())
    with app.publishing():
        assert [check for check in examine(app) if not check.ok] == []


def test_the_doctor_names_posts_that_nobody_sends(morning_of, clock):
    """Approved, due, and no publisher runs."""

    def overdue():
        return next(check for check in examine(morning_of) if check.name == "overdue posts")

    assert overdue().ok
    clock.advance(3600)
    assert not overdue().ok
    assert "1 (" in overdue().detail
    assert "bot run" in overdue().fix
    morning(morning_of, wait=60)
    assert overdue().ok


def test_the_doctor_sees_a_tampered_log(morning_of):
    with morning_of.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS events_unchangeable")
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE events SET who = 'nobody' WHERE id = 2")
    wrong = {check.name for check in examine(morning_of) if not check.ok}
    assert "audit log" in wrong


@pytest.fixture
def command(morning_of, monkeypatch):
    """Run a command of the `bot` on this very bot."""
    import contextlib

    from bot.cli import care, records
    from bot.cli.base import cli

    @contextlib.contextmanager
    def opened(*args, **kwargs):
        yield morning_of

    for module in (records, care):
        monkeypatch.setattr(module, "opened", opened)
    morning(morning_of, wait=60)
    return lambda *args: CliRunner().invoke(cli, list(args), catch_exceptions=False)


def test_the_report_of_a_day_in_every_form(command, tmp_path):
    said = json.loads(command("report", "--day", "2026-11-23", "--json").stdout)
    assert [one["approved_by"] for one in said["receipts"]] == ["asha", "asha"]
    rows = list(csv.DictReader(io.StringIO(command("report", "--csv").stdout)))
    assert {row["channel"] for row in rows} == {"x", "linkedin"}
    assert all(row["permalink"].startswith("http") for row in rows)
    page = tmp_path / "day.html"
    command("report", "--page", str(page))
    assert page.read_text().count("<article>") == 2
    assert "2 posts went out" in command("report").stdout
    assert "0 posts went out" in command("report", "--day", "2026-11-22").stdout


def test_what_was_taken_down_is_in_the_report_of_both_days(command, morning_of, clock, tmp_path):
    """The article from its site, the post by an editor: a receipt is no proof any more."""
    app = morning_of
    day = ("report", "--day", "2026-11-23")
    assert gone(app, app.store.desk.post(1).article_key)
    said = json.loads(command(*day, "--json").stdout)
    assert all("not on the site any more" in one["verification"] for one in said["receipts"])
    assert [one["what"] for one in said["taken_down"]] == ["article", "article"]
    clock.advance(86_400)
    asked = next(one for one in app.store.corrections.open() if one.post_id == 1)
    correcting.delete(app, asked, by="ravi")
    x, other = json.loads(command(*day, "--json").stdout)["receipts"]
    assert (x["taken_down_by"], other["taken_down_by"]) == ("ravi", None)
    assert "Taken down by ravi" in x["verification"]
    rows = list(csv.DictReader(io.StringIO(command(*day, "--csv").stdout)))
    assert [bool(row["taken_down_at"]) for row in rows] == [True, False]
    assert "Taken down by ravi" in " ".join(command(*day).stdout.split())
    later = json.loads(command("report", "--json").stdout)["taken_down"]
    assert [(one["what"], one["post_id"], one["by"]) for one in later] == [("post", 1, "ravi")]
    assert "The post was taken down by ravi" in " ".join(command("report").stdout.split())
    page = tmp_path / "day.html"
    command("report", "--page", str(page))
    assert "The post was taken down by ravi" in page.read_text()


def test_a_title_is_no_formula_and_no_markup(command, morning_of, tmp_path):
    from bot.cli.records import _tamed

    assert _tamed({"title": "=1+1"}) == {"title": "'=1+1"}
    with morning_of.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE articles SET title = '<script>alert(1)</script>'")
    page = tmp_path / "day.html"
    command("report", "--page", str(page))
    assert "<script>" not in page.read_text()


def test_trace_and_stats_are_for_people_too(command):
    told = command("trace", "1").stdout
    assert "article.seen" in told
    assert "post.verified" in told
    shown = command("stats", "--days", "7").stdout
    assert "Posts a day" in shown
    assert "half of them live within" in shown
    value = json.loads(command("stats", "--days", "7", "--json").stdout)
    assert value["posts"]["x"] == [0, 0, 0, 0, 0, 0, 1]


def test_figures_of_days_and_their_charts(morning_of, clock, tmp_path):
    app = morning_of
    clock.advance(30)
    morning(app, wait=60)
    found = figures(app, 3)
    assert found.posts == {"x": [0, 0, 1], "linkedin": [0, 0, 1]}
    assert found.delay("x")[0] >= 30
    assert "linkedin" in plots(found, width=80)
    for name, begins in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        draw(found, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    with pytest.raises(ConfigError, match="cannot be written"):
        draw(found, tmp_path / "nowhere" / "a.png")
    clock.advance(timedelta(days=4).total_seconds())
    assert not any(figures(app, 3).posts["x"])
