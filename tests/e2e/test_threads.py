"""What follows a post: threads on X, link card and first comment on LinkedIn; killed in between."""

import json
import time
from pathlib import Path

import pytest

from bot.demo.sandbox import stand_ins, variables
from bot.domain.post import State
from bot.http.sandbox import Fault, Kind
from bot.store import open_store

SEED = Path(__file__).parents[2] / "bot" / "demo" / "articles" / "seed.html"


@pytest.fixture
def platforms(tmp_path):
    from bot.app import SystemClock

    with stand_ins(tmp_path / "sandbox.db", SystemClock()) as server:
        yield server


@pytest.fixture
def env(platforms):
    waits = {f"BOT_PUBLISH__{name}_SECONDS": 0 for name in ("VERIFY", "SETTLE", "RECHECK")}
    follows = {"BOT_LINKS__X": "thread_reply", "BOT_THREADS__X": "true"}
    return dict(variables(platforms)) | waits | follows | {"BOT_LOG__STYLE": "json"}


def ready(bot, env, channel):
    env["BOT_CHANNELS"] = channel
    assert bot("ingest", SEED, env=env).returncode == 0
    done = bot("approve", "1", "--json", env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["posts"][0]


def published(bot, env, rounds=8):
    for _ in range(rounds):
        assert bot("publish", env=env).returncode == 0
        shown = json.loads(bot("show", "1", "--json", env=env).stdout)
        if shown["state"] in ("published", "verified") and shown["state"] != "published":
            break
    return shown


def test_a_thread_goes_out_in_order_each_part_answering_the_one_before(bot, env, platforms):
    post = ready(bot, env, "x")
    assert len(post["parts"]) >= 2
    shown = published(bot, env)
    assert shown["state"] == "verified"
    live = platforms.state.posts("x")
    assert [one["text"] for one in live] == [post["text"], *post["parts"]]
    assert [one["reply_to"] for one in live] == [None, *(one["id"] for one in live[:-1])]
    assert post["link"] in live[-1]["text"]
    assert post["link"] not in live[0]["text"]
    assert len(shown["permalinks"]) == len(live)
    bot("publish", env=env)
    assert len(platforms.state.posts("x")) == len(live)


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("kind", [Kind.HANG_BEFORE, Kind.ACCEPT_THEN_HANG])
def test_killed_between_parts_no_part_is_doubled_and_no_tail_is_lost(
    bot, start, env, platforms, folder, part, kind
):
    post = ready(bot, env, "x")
    platforms.state.fault("x.create", Fault(kind=Kind.DELAY), times=part)
    platforms.state.fault("x.create", Fault(kind=kind))
    victim = start("publish", env=env)
    deadline = time.monotonic() + 60
    while platforms.state.faults():
        assert time.monotonic() < deadline
        assert victim.poll() is None, victim.communicate()
        time.sleep(0.02)
    victim.kill()
    victim.wait()
    store = open_store(f"sqlite:///{folder / 'data' / 'bot.db'}", folder / "data" / "cards")
    assert store.desk.post(1).state is State.SENDING
    assert len(store.lookout.receipts(store.desk.post(1))) == part
    store.close()
    shown = published(bot, env)
    assert shown["state"] == "verified", shown
    live = platforms.state.posts("x")
    assert [one["text"] for one in live] == [post["text"], *post["parts"]]
    assert [one["reply_to"] for one in live] == [None, *(one["id"] for one in live[:-1])]


def test_a_refused_reply_leaves_the_post_and_asks_an_editor(bot, env, platforms):
    post = ready(bot, env, "x")
    platforms.state.fault("x.create", Fault(kind=Kind.DELAY))
    gate = {
        "title": "Forbidden",
        "status": 403,
        "detail": "Reply to this conversation is not allowed.",
    }
    platforms.state.fault("x.create", Fault(kind=Kind.STATUS, status=403, body=gate))
    bot("publish", env=env)
    shown = json.loads(bot("show", "1", "--json", env=env).stdout)
    assert shown["state"] == "published"
    assert post["parts"][0] in shown["asks"]
    assert "Reply to this conversation is not allowed" in shown["asks"]
    assert len(platforms.state.posts("x")) == 1


def test_a_reply_that_comes_too_quickly_is_tried_again(bot, env, platforms):
    ready(bot, env, "x")
    platforms.state.fault("x.create", Fault(kind=Kind.DELAY))
    early = {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}
    platforms.state.fault("x.create", Fault(kind=Kind.STATUS, status=403, body=early))
    bot("publish", env=env)
    shown = json.loads(bot("show", "1", "--json", env=env).stdout)
    assert shown["state"] == "begun"
    assert "does not know the post before yet" in shown["reason"]


def test_the_first_comment_of_a_page(bot, env, platforms):
    env["BOT_LINKS__LINKEDIN"] = "first_comment"
    post = ready(bot, env, "linkedin")
    assert published(bot, env)["state"] == "verified"
    (live,) = platforms.state.posts("linkedin")
    assert post["link"] not in live["shown"]
    (comment,) = platforms.state.all("linkedin.comments")
    assert comment["text"] == post["parts"][0]
    assert comment["post"] == live["id"]


def test_a_comment_that_may_be_there_is_looked_for(bot, env, platforms):
    env["BOT_LINKS__LINKEDIN"] = "first_comment"
    env["BOT_LINKEDIN__READ_TIMEOUT"] = 1
    ready(bot, env, "linkedin")
    platforms.state.fault("linkedin.comment", Fault(kind=Kind.ACCEPT_THEN_DROP))
    assert published(bot, env)["state"] == "verified"
    assert len(platforms.state.all("linkedin.comments")) == 1


def test_a_member_is_asked_to_comment(bot, env, platforms):
    env["BOT_LINKS__LINKEDIN"] = "first_comment"
    for name, value in platforms.credentials("linkedin", "member").items():
        env[f"BOT_LINKEDIN__{name.upper()}"] = str(value)
    env["BOT_LINKEDIN__IMAGE_WAIT"] = 0
    post = ready(bot, env, "linkedin")
    bot("publish", env=env)
    shown = json.loads(bot("show", "1", "--json", env=env).stdout)
    assert shown["state"] == "published"
    assert post["parts"][0] in shown["asks"]
    assert platforms.state.all("linkedin.comments") == []


def test_an_article_card(bot, env, platforms):
    env["BOT_LINKS__LINKEDIN"] = "article"
    post = ready(bot, env, "linkedin")
    assert post["manual_comment"] is None
    assert published(bot, env)["state"] == "verified"
    (live,) = platforms.state.posts("linkedin")
    card = live["request"]["content"]["article"]
    assert card["source"] == post["link"]
    assert card["title"] == post["link_title"]
    assert card["thumbnail"].startswith("urn:li:image:")
    assert card["thumbnailAltText"] == post["alt_text"]
    assert post["link"] not in live["shown"]
