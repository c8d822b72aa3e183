"""Editors are told that posts wait: all at once, with card and text, in time, each message once."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import build
from bot.asking.rounds import ask
from bot.deciding.outlook import Outlooks
from bot.deciding.rounds import decide
from bot.domain.article import Article
from bot.domain.people import Role
from bot.pipeline import review
from bot.pipeline.draft import draft
from bot.settings import model, overlaid
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


def test_who_said_yes_is_told_that_the_yes_is_void(make, ear, clock):
    """The approved post of this morning is back in the queue: nobody looks there again."""
    app = make()
    posts = article(app, 1, minutes=60)
    clock.advance(20)
    assert ask(app) == 1
    for post in posts:
        review.approve(post, app.store.desk, app.clock, by="asha", via="cli")
    x = next(post for post in posts if post.channel == "x")
    why = "The cap is reached, so its link was taken out, and its approval is void."
    edited = app.store.desk.edit(
        app.store.desk.post(x.id),
        replace(x.content, text="Other words.", link=None),
        [],
        by="policy:cap",
        now=clock.now(),
        reason=why,
    )
    assert ask(app) == 1
    assert ask(app) == 0, "once"
    told = ear.heard[-1]
    assert (told["title"], told["type"]) == ("1 post needs your yes again", "warning")
    assert f"{why} Held at" in told["message"]
    assert "Other words." in told["message"]
    assert Outlooks(app, clock.now()).of_post(edited).text.startswith(why)
    again = review.approve(edited, app.store.desk, app.clock, by="asha", via="cli")
    assert again.reason == ""
    assert ask(app) == 0


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


def test_a_message_says_what_happens_if_nobody_answers(make, ear, clock):
    app = make(escalate=0, reminders="")
    article(app, 9, minutes=90)
    clock.advance(20)
    ask(app)
    assert "Held at 08:30 if nobody answers." in ear.heard[0]["message"]
    clock.advance(90 * MINUTE)
    decide(app)
    assert ask(app) == 1, "what was held is told"
    assert ear.heard[1]["title"] == "Nobody has decided: 2 posts are held"
    assert "Nobody decided by 08:30 IST." in ear.heard[1]["message"]
    assert ask(app) == 0, "once"


def test_what_is_due_at_once_is_reminded_of_before_the_clock_decides(make, ear, clock):
    app = make(escalate=0)
    article(app, 10)
    heard = []
    for _ in range(60):
        clock.advance(MINUTE)
        ask(app)
        heard.append(len(ear.heard))
    assert (heard[0], heard[13], heard[14]) == (1, 1, 2), "new, then 45 minutes before"
    assert (heard[43], heard[44], heard[-1]) == (2, 3, 3), "and 15"


def test_a_short_time_to_say_no_is_not_told_twice(make, ear, clock):
    app = make(escalate=0)
    settings = overlaid(app.settings, {"BOT_APPROVAL__POLICY": "veto", "BOT_CHANNELS": "x"})
    app.reload(settings)
    article(app, 11)
    heard = []
    for _ in range(14):
        clock.advance(MINUTE)
        ask(app)
        heard.append(len(ear.heard))
    assert heard[-1] == 1
    assert "unless you stop it" in ear.heard[0]["message"] or "No policy" in ear.heard[0]["message"]


def test_what_was_put_off_disturbs_nobody_until_its_time(make, ear, clock):
    app = make(new=False)
    for post in article(app, 12, minutes=60):
        until = clock.now() + timedelta(minutes=50)
        app.store.agenda.snooze(post, until, by="asha", now=clock.now())
    for _ in range(49):
        clock.advance(MINUTE)
        assert ask(app) == 0
    clock.advance(MINUTE)
    assert ask(app) > 0, "then it is told at once that little time is left"


def test_who_is_named_beside_a_post_is_told_once(make, ear, clock):
    app = make(new=False, people={"ravi": ear.address})
    for name in ("ravi", "leela"):
        app.store.people.add(name, Role.EDITOR, by="test", now=clock.now())
    key = article(app, 13, minutes=600)[0].article_key
    said = "@ravi @leela is 6.5 right?"
    assert app.store.talk.say(key, said, by="asha", now=clock.now()) == ["leela", "ravi"]
    assert ask(app) == 1, "leela has given no address"
    (told,) = ear.heard
    assert told["title"].startswith("asha names you: ")
    assert said in told["message"]
    assert f"https://desk.example.org/articles/{key}" in told["message"]
    assert ask(app) == 0
    seen = app.store.people.find("ravi")
    app.store.talk.say(key, "@ravi never mind", by="asha", now=clock.now())
    app.store.talk.seen(key, seen, now=clock.now())
    assert ask(app) == 0, "who has seen it needs no message"
