"""Editors are told that posts wait: all at once, with card and text, in time, each message once."""

import base64

import pytest

from bot.app import build
from bot.asking.rounds import ask
from bot.domain.article import Article
from bot.domain.people import Role
from bot.pipeline import review
from bot.pipeline.draft import draft
from bot.settings import model
from tests.ears import listening
from tests.fakes import FakeClock
from tests.stories import story

MINUTE = 60


@pytest.fixture
def ear():
    with listening() as ear:
        yield ear


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def make(tmp_path, ear, clock):
    """Return the bot with these choices."""
    opened = []

    def make(**asking):
        settings = model()(
            data_dir=tmp_path,
            messages={"editors": ear.address},
            asking=asking,
            desk={"url": "https://desk.example.org"},
        )
        app = build(settings, clock)
        opened.append(app)
        return app

    yield make
    for app in opened:
        app.close()


def article(app, number, *, minutes=0):
    title, dek, body = story(number)
    due = app.clock.now().timestamp() + minutes * MINUTE
    at = type(app.clock.now()).fromtimestamp(due, app.clock.now().tzinfo)
    key = f"2026-11-23-{number}"
    one = Article(
        key=key,
        url=f"https://theshiftmaker.com/articles/{key}",
        title=title,
        dek=dek,
        body=body,
        published_at=at,
    )
    app.store.archive.add(one, now=app.clock.now())
    return draft(one, app.studio)


def test_new_posts_are_told_in_one_message_with_text_and_card(make, ear, clock):
    app = make()
    posts = [*article(app, 1), *article(app, 2)]
    assert ask(app) == 0, "more may be on their way"
    clock.advance(20)
    assert ask(app) == 1
    assert ask(app) == 0, "once"
    (told,) = ear.heard
    assert told["title"] == "2 articles wait for you"
    for post in posts:
        assert post.content.text in told["message"]
    pictures = [base64.b64decode(one["base64"]) for one in told["attachments"]]
    assert pictures[0] == app.store.shelf.read(posts[0].content.card)
    assert "https://desk.example.org/" in told["message"]


def test_reminders_come_before_their_time_and_once(make, ear, clock):
    app = make(new=False, escalate=0)
    article(app, 3, minutes=60)
    heard = []
    for _ in range(59):
        clock.advance(MINUTE)
        ask(app)
        heard.append(len(ear.heard))
    assert heard[13:15] == [0, 1], "45 minutes before"
    assert heard[43:45] == [1, 2], "15 minutes before"
    assert heard[-1] == 2
    assert "45 min left" in ear.heard[0]["title"]


def test_who_starts_late_is_reminded_once(make, ear):
    app = make(new=False, escalate=0)
    article(app, 4, minutes=12)
    assert ask(app) == 1
    assert ask(app) == 0


def test_what_somebody_decided_is_no_reason_to_disturb(make, ear, clock):
    app = make()
    for post in article(app, 5, minutes=60):
        review.hold(post, app.store.desk, clock, by="asha", reason="Timing")
    for _ in range(60):
        clock.advance(MINUTE)
        assert ask(app) == 0


def test_nobody_answers_and_the_next_is_told(make, ear, clock):
    app = make(new=False, reminders="")
    article(app, 6, minutes=30)
    clock.advance(19 * MINUTE)
    assert ask(app) == 0
    clock.advance(MINUTE)
    assert ask(app) == 1
    assert ear.heard[0]["title"].startswith("Nobody has decided")
    assert ear.heard[0]["type"] == "failure"


def test_what_nobody_took_is_tried_again(make, ear, clock):
    app = make()
    article(app, 7)
    clock.advance(20)
    ear.status = 500
    assert ask(app) == 0
    ear.status = 200
    assert ask(app) == 1


def test_a_persons_own_link_is_in_their_message_only(make, ear, clock):
    app = make(people={"asha": ear.address, "vera": ear.address})
    app.store.people.add("asha", Role.APPROVER, by="test", now=clock.now())
    app.store.people.add("vera", Role.VIEWER, by="test", now=clock.now())
    article(app, 8)
    clock.advance(20)
    assert ask(app) == 3
    linked = [told for told in ear.heard if "/links/" in told["message"]]
    assert len(linked) == 1, "a viewer gets none, and the shared address gets none"
