"""The editor's and the operator's commands against one database, right and wrong."""

import json
import re
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.demo.sandbox import stand_ins, variables
from bot.http.sandbox.faults import Fault, Kind

SEED = Path(__file__).parents[2] / "bot" / "demo" / "articles" / "seed.html"
ARTICLES = Path(__file__).parents[1] / "data" / "articles"


@pytest.fixture
def clock():
    from bot.app import SystemClock

    return SystemClock()


@pytest.fixture
def platforms(tmp_path, clock):
    with stand_ins(tmp_path / "sandbox.db", clock) as server:
        yield server


@pytest.fixture
def env(platforms):
    waits = {"BOT_PUBLISH__VERIFY_SECONDS": 0, "BOT_PUBLISH__SETTLE_SECONDS": 0}
    return dict(variables(platforms)) | waits | {"BOT_LOG__STYLE": "json"}


def answer(done, code=0):
    assert done.returncode == code, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_an_article_from_file_to_live(bot, env, platforms):
    got = answer(bot("ingest", SEED, "--json", env=env))
    assert len(got["new"]) == 1
    waiting = answer(bot("queue", "--json", env=env))["posts"]
    assert [(p["channel"], p["state"]) for p in waiting] == [
        ("x", "drafted"),
        ("linkedin", "drafted"),
    ]
    answer(bot("publish", "--json", env=env))
    assert platforms.state.posts("x") == []  # nothing unapproved goes out

    shown = answer(bot("show", "1", "--json", env=env))
    assert shown["text"] == waiting[0]["text"]
    approved = answer(bot("approve", "1", "--by", "Asha", "--json", env=env))["posts"][0]
    assert approved["state"] == "approved"
    assert approved["approval"]["by"] == "Asha"
    refused = answer(bot("reject", "2", "--reason", "wrong tone", "--json", env=env))["posts"][0]
    assert refused["state"] == "rejected"

    answer(bot("publish", "--json", env=env))
    assert len(platforms.state.posts("x")) == 1
    assert platforms.state.posts("linkedin") == []
    went = answer(bot("log", "--json", env=env))["published"]
    assert [(r["platform"], r["approved_by"]) for r in went] == [("x", "Asha")]
    assert went[0]["permalink"].endswith(went[0]["remote_id"])

    again = answer(bot("ingest", SEED, "--json", env=env))
    assert (again["new"], again["posts"]) == ([], [])
    assert "already known" in again["skipped"][0]["reason"]


def test_people_get_words(bot, env):
    assert "2 posts made" in bot("ingest", SEED, env=env).stdout
    queue = bot("queue", env=env).stdout
    assert "drafted" in queue
    shown = bot("show", "2", env=env).stdout
    assert "#" in shown
    assert "alt" in shown
    assert "approved" in bot("approve", "1", "2", env=env).stdout
    bot("publish", env=env)
    log = bot("log", env=env).stdout
    assert log.count("http://127.0.0.1") == 2
    assert "Nothing waits" in bot("queue", env=env).stdout


def test_an_edit_voids_the_approval_and_is_judged_anew(bot, env, platforms):
    bot("ingest", SEED, env=env)
    text = answer(bot("show", "1", "--json", env=env))["text"]
    answer(bot("approve", "1", "--json", env=env))
    wrong = bot("edit", "1", "-", "--json", env=env, stdin=re.sub(r"\d+", "77", text, count=1))
    post = answer(wrong)["posts"][0]
    assert post["state"] == "drafted"
    assert "facts-match" in {found["rule"] for found in post["findings"]}
    refused = bot("approve", "1", env=env)
    assert refused.returncode == 1
    assert "Edit it first; nothing was changed." in refused.stderr
    mended = text.replace(" #", "\n#") if " #" in text else text.replace(" confidential", "")
    assert mended != text
    bot("edit", "1", "-", env=env, stdin=mended)
    answer(bot("approve", "1", "--json", env=env))
    bot("publish", env=env)
    assert [post["text"] for post in platforms.state.posts("x")] == [mended]


def test_a_changed_article_has_its_posts_made_anew(bot, env, platforms, folder):
    page = SEED.read_text()
    (folder / "a.html").write_text(page)
    bot("ingest", "a.html", env=env)
    bot("approve", "1", env=env)
    (folder / "a.html").write_text(page.replace("28.8 million", "38.8 million"))
    got = answer(bot("ingest", "a.html", "--json", env=env))
    assert len(got["updated"]) == 1
    bot("publish", env=env)
    assert platforms.state.posts("x") == []
    posts = answer(bot("queue", "--json", env=env))["posts"]
    assert {post["state"] for post in posts} == {"drafted"}
    assert not any("28.8 million" in post["text"] for post in posts)
    assert any("38.8 million" in post["text"] for post in posts)


def test_an_editor_gives_a_post_another_card(bot, env, platforms, folder):
    from PIL import Image

    bot("ingest", SEED, env=env)
    first = answer(bot("show", "1", "--json", env=env))
    light = answer(bot("redraw", "1", "--variant", "light", "--json", env=env))["posts"][0]
    assert light["card"] != first["card"]
    assert light["content_hash"] != first["content_hash"]
    Image.new("RGB", (1600, 1200), "navy").save(folder / "own.jpg")
    bare = bot("redraw", "1", "--image", "own.jpg", env=env)
    assert bare.returncode == 1
    assert "alt text" in bare.stderr
    said = "A blue square that stands for the sea, drawn by the desk"
    own = answer(bot("redraw", "1", "--image", "own.jpg", "--alt", said, "--json", env=env))[
        "posts"
    ][0]
    assert own["alt_text"] == said
    with Image.open(own["card"] if own["card"][0] == "/" else folder / own["card"]) as picture:
        assert (picture.size, picture.format) == ((1200, 675), "PNG")
    (folder / "bomb.png").write_bytes(b"not a picture")
    wrong = bot("redraw", "1", "--image", "bomb.png", "--alt", said, env=env)
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    bot("approve", "1", env=env)
    bot("publish", env=env)
    assert len(platforms.state.posts("x")) == 1


def test_hold_wins_until_released(bot, env, platforms):
    bot("ingest", SEED, env=env)
    bot("approve", "1", env=env)
    assert answer(bot("hold", "1", "--json", env=env))["posts"][0]["state"] == "on_hold"
    bot("publish", env=env)
    assert platforms.state.posts("x") == []
    assert answer(bot("release", "1", "--json", env=env))["posts"][0]["state"] == "drafted"


def test_preflight_tries_the_accounts_without_posting(bot, env, platforms, folder):
    (folder / "inbox").mkdir()
    whole = env | {"BOT_INBOX_DIR": folder / "inbox"}
    checks = answer(bot("preflight", "--json", env=whole))
    assert checks["ok"] is True, checks
    assert {"x account", "linkedin account"} <= {check["name"] for check in checks["checks"]}
    assert platforms.state.posts("x") == []


def test_preflight_without_keys_names_them(bot):
    checks = answer(bot("preflight", "--json"), code=1)
    said = " ".join(check["detail"] for check in checks["checks"])
    assert "BOT_X__CONSUMER_KEY" in said
    assert "BOT_LINKEDIN__AUTHOR" in said


def test_wrong_keys_pause_the_channel_and_lose_nothing(bot, env, platforms, folder):
    wrong = env | {"BOT_X__ACCESS_TOKEN_SECRET": "wrong-secret-value"}
    bot("ingest", SEED, env=env)
    bot("approve", "1", env=env)
    done = bot("publish", env=wrong)
    assert "wrong-secret-value" not in done.stdout + done.stderr
    queue = answer(bot("queue", "--json", env=env))
    assert "BOT_X__" in queue["paused"]["x"]
    assert queue["posts"][0]["state"] == "approved"
    bot("resume", "x", env=env)
    conn = sqlite3.connect(folder / "data" / "bot.db")
    conn.execute("UPDATE posts SET retry_at = NULL")
    conn.commit()
    conn.close()
    bot("publish", env=env)
    assert len(platforms.state.posts("x")) == 1


WRONG = {
    "missing article": (["ingest", "none.html"], 3, "No such file"),
    "not an article": (["ingest", "plain.txt"], 3, "not an article page"),
    "unknown kind": (["ingest", "picture.png"], 3, "ends in one of"),
    "binary": (["ingest", "binary.txt"], 3, "not an article page"),
    "not json": (["ingest", "broken.json"], 3, "line 1: not JSON"),
    "wrong json": (["ingest", "list.json"], 3, "nothing was read"),
    "deep json": (["ingest", "deep.json"], 3, "nothing was read"),
    "empty html": (["ingest", "empty.html"], 3, "nothing was read"),
    "wrong date": (["ingest", "date.txt"], 3, "is not a date"),
    "unknown post": (["show", "99"], 2, "There is no post 99"),
    "approve unknown": (["approve", "99"], 2, "There is no post 99"),
    "no inbox": (["ingest"], 2, "BOT_INBOX_DIR"),
    "reject without words": (["reject", "1", "--reason", " "], 2, "--reason"),
    "resolve nothing": (["resolve", "1"], 2, "--live"),
    "resume unknown": (["resume", "myspace"], 2, "no channel 'myspace'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_ways_end_in_one_clear_line(bot, folder, case):
    (folder / "plain.txt").write_text("Just some words.")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00\xd8 broken \x80")
    (folder / "broken.json").write_text("{")
    (folder / "list.json").write_text('{"body": "not a list"}')
    (folder / "deep.json").write_text("[" * 200_000)
    (folder / "empty.html").write_text("")
    (folder / "date.txt").write_text("AI\n\nTitle\n\nDek\n\nPublished 31 February 2026\n\nBody.")
    args, code, words = WRONG[case]
    if case == "reject without words":
        bot("ingest", SEED)
    done = bot(*args)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "page", "words"),
    [
        ("notitle.json", {"id": "a", "body": ["Text."]}, "has no headline"),
        ("nobody.json", {"id": "b", "title": "A headline"}, "has no body"),
        ("blank.json", {"id": "c", "title": "A headline", "body": [" ", "\t"]}, "has no body"),
    ],
)
def test_an_article_without_headline_or_body_gives_no_post_and_says_so(
    bot, folder, name, page, words
):
    (folder / name).write_text(json.dumps(page))
    got = answer(bot("ingest", name, "--json"), code=1)
    assert words in got["skipped"][0]["reason"]
    assert answer(bot("queue", "--json"))["posts"] == []


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"BOT_CHANELS": "x"}, "Did you mean BOT_CHANNELS?"),
        ({"BOT_CHANNELS": "x,myspace"}, "BOT_CHANNELS"),
        ({"BOT_SITE__TIMEZONE": "Mars/Olympus"}, "BOT_SITE__TIMEZONE"),
        ({"BOT_SCHEDULE__TICK_SECONDS": "soon"}, "BOT_SCHEDULE__TICK_SECONDS"),
        ({"BOT_LINKEDIN__VERSION": "2026"}, "BOT_LINKEDIN__VERSION"),
        ({"BOT_LINKEDIN__AUTHOR": "me"}, "BOT_LINKEDIN__AUTHOR"),
        ({"BOT_X__ACCESS_TOKEN_FILE": "none.txt"}, "BOT_X__ACCESS_TOKEN_FILE"),
        ({"BOT_TEMPLATES_DIR": "none"}, "BOT_TEMPLATES_DIR"),
    ],
)
def test_a_wrong_setting_is_named(bot, env, words):
    done = bot("ingest", SEED, env=env)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_malformed_env_file_names_the_line_not_the_secret(bot, folder):
    (folder / ".env").write_text(
        'BOT_SITE__NAME="The ShiftMaker"\nBOT_X__ACCESS_TOKEN "s3cret-value\n'
    )
    done = bot("queue")
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize(
    ("template", "words"),
    [("{{ nothing_like_this }}", "nothing_like_this"), ("{% if %}", "x.txt.j2")],
)
def test_a_wrong_template_names_file_and_loses_nothing(bot, folder, template, words):
    own = folder / "own" / "posts"
    own.mkdir(parents=True)
    (own / "x.txt.j2").write_text(template)
    env = {"BOT_TEMPLATES_DIR": folder / "own"}
    done = bot("ingest", SEED, env=env)
    assert done.returncode == 2
    assert words in done.stderr
    assert "x.txt.j2" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(answer(bot("ingest", SEED, "--json"))["posts"]) == 2  # mended: nothing was lost


def test_an_unwritable_data_folder(bot, folder):
    (folder / "data").write_text("a file in the way")
    done = bot("queue")
    assert done.returncode == 2
    assert "BOT_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_from_a_newer_version_is_left_alone(bot, folder):
    bot("queue")
    conn = sqlite3.connect(folder / "data" / "bot.db")
    conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.commit()
    conn.close()
    done = bot("queue")
    assert done.returncode == 2
    assert "newer version" in done.stderr
    assert "9999" in done.stderr


def test_not_a_database(bot, folder):
    (folder / "data").mkdir()
    (folder / "data" / "bot.db").write_bytes(b"hello " * 1000)
    done = bot("queue")
    assert done.returncode == 2
    assert "not an SQLite database" in done.stderr


def test_files_are_readable_by_their_owner_only(bot, folder):
    bot("ingest", SEED)
    modes = {p.name: oct(p.stat().st_mode & 0o077) for p in (folder / "data").rglob("*")}
    assert set(modes.values()) == {"0o0"}, modes


def _wait_for(process, event):
    """Read the log up to this event; return its lines."""
    lines = []
    for line in process.stderr:
        lines.append(json.loads(line))
        if lines[-1]["event"] == event:
            return lines
    pytest.fail(f"{event} was never logged: {lines}")


def test_run_publishes_what_is_approved_and_stops_cleanly(bot, start, env, platforms, folder):
    (folder / "inbox").mkdir()
    launch = ARTICLES / "launch.json"
    today = {**json.loads(launch.read_text()), "id": "2026-launch", "published_at": None}
    (folder / "inbox" / "a.json").write_text(json.dumps(today))
    env = env | {
        "BOT_INBOX_DIR": folder / "inbox",
        "BOT_APPROVAL__POLICY_EXCEPTIONS": "x=auto,linkedin=auto",
        "BOT_SCHEDULE__TICK_SECONDS": 1,
    }
    process = start("run", env=env)
    _wait_for(process, "bot.started")
    sent = _wait_for(process, "post.published")[-1]
    if sent["platform"] != "x":
        sent = _wait_for(process, "post.published")[-1]
    _wait_for(process, "post.verified")
    _wait_for(process, "post.verified")
    assert sent["article"] == "2026-launch"
    assert (sent["post"], sent["channel"], sent["attempt"]) == (1, "x", 1)
    assert sent["outcome"] == "published"
    assert sent["seconds"] >= 0
    assert sent["permalink"].startswith("http")
    second = bot("publish", env=env)
    assert second.returncode == 2
    assert "Another process is publishing" in second.stderr
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert '"bot.stopped"' in rest
    assert [len(platforms.state.posts(p)) for p in ("x", "linkedin")] == [1, 1]
    posts = answer(bot("queue", "--all", "--json", env=env))["posts"]
    assert all(post["state"] in ("published", "verified") for post in posts)


def test_an_old_article_in_the_inbox_gets_no_post(bot, env, folder):
    (folder / "inbox").mkdir()
    (folder / "inbox" / "seed.html").write_text(SEED.read_text())
    got = answer(bot("ingest", "--json", env=env | {"BOT_INBOX_DIR": folder / "inbox"}))
    assert got["posts"] == []
    assert "more than 48 hours" in got["skipped"][0]["reason"]


def test_no_secret_in_the_log_at_its_most_talkative(bot, env, platforms):
    talkative = env | {"BOT_LOG__LEVEL": "debug"}
    bot("ingest", SEED, env=talkative)
    bot("approve", "1", "2", env=talkative)
    said = "".join(
        done.stdout + done.stderr
        for done in (bot("publish", env=talkative), bot("preflight", env=talkative))
    )
    assert "post.published" in said
    for platform, keys in (
        ("x", ("consumer_key", "consumer_secret", "access_token", "access_token_secret")),
        ("linkedin", ("access_token",)),
    ):
        for key in keys:
            assert platforms.credentials(platform)[key] not in said, (platform, key)


def test_help_lists_every_command(bot):
    help_text = bot("--help").stdout
    for command in [
        "demo",
        "run",
        "publish",
        "preflight",
        "sandbox",
        "ingest",
        "log",
        "queue",
        "show",
        "approve",
        "reject",
    ]:
        assert command in help_text
    assert bot("--version").stdout.strip()


def test_a_stop_does_not_wait_for_a_platform_that_hangs(bot, start, env, platforms, folder):
    """What is in flight is found unclear at the next start and looked up: once, and never lost."""
    bot("ingest", SEED, env=env)
    bot("approve", "1", env=env)
    platforms.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_HANG), 1)
    process = start("run", env=env)
    _wait_for(process, "attempt.started")
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=25)
    assert process.returncode == 0
    assert '"doing": ["tick"]' in rest
    assert answer(bot("show", "1", "--json", env=env))["state"] == "sending"
    again = env | {"BOT_PUBLISH__SETTLE_SECONDS": 0}
    assert "post.unclear" in bot("publish", env=again).stderr
    assert answer(bot("show", "1", "--json", env=env))["state"] in ("published", "verified")
    assert len(platforms.state.posts("x")) == 1


def test_run_only_takes_parts_that_exist(bot, env):
    done = bot("run", "--only", "desk", env=env)
    assert (done.returncode, done.stderr) == (
        2,
        "bot: --only desk: there are web, scheduler, publisher.\n",
    )
