"""Each alarm is tested by causing it: told once, escalated, reminded of, and cleared."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.accounts import AccessToken
from bot.domain.delivery import Account
from bot.domain.errors import StoreError
from bot.domain.intake import Source
from bot.edition import approve_by_policy, ingest
from bot.health.alarms import Watch
from bot.health.heartbeat import Heartbeat
from bot.http.sandbox.faults import Fault, Kind
from bot.store import engine
from bot.store.alarms import Alarms
from tests.frozen import frozen

HOUR = timedelta(hours=1)

ARTICLE = """{
  "url": "https://theshiftmaker.com/articles/2026-11-23-rates-held",
  "title": "Reserve Bank holds its rate at 6.5 % for the ninth time",
  "dek": "The bank waits for food prices to fall.",
  "published_at": "2026-11-23T07:00:00+05:30",
  "body": ["The Reserve Bank of India held its rate at 6.5 % on Monday, for the ninth time.",
           "Food prices rose 8.2 % in October, the bank said."]
}"""


@pytest.fixture
def watch(app):
    return Watch(app)


@pytest.fixture
def said(readers):
    """Return what the operators were told since the last call: kind and title."""
    seen = [0, 0]

    def new(who=0):
        fresh = readers[who].heard[seen[who] :]
        seen[who] += len(fresh)
        return [(one["type"], one["title"]) for one in fresh]

    return new


@pytest.fixture
def at(clock):
    def set_to(hour, minute):
        clock.set(datetime(2026, 11, 23, hour, minute, tzinfo=UTC) - timedelta(hours=5.5))

    return set_to


@pytest.fixture
def posts(app):
    """Today's article, and its posts in the queue."""
    (app.settings.inbox_dir / "a.json").write_text(ARTICLE)
    made = ingest(app, [str(app.settings.inbox_dir / "a.json")])
    assert len(made.posts) == 2, made
    return made.posts


def test_the_morning_link_by_link(app, watch, at, said, request):
    at(7, 19)
    watch.look()
    assert said() == []
    at(7, 20)
    watch.look()
    watch.look()
    assert said() == [("failure", "No article by 07:20")]

    posts = request.getfixturevalue("posts")
    watch.look()
    assert said() == [("success", "All clear: No article by 07:20")]
    at(7, 40)
    watch.look()
    assert said() == [("failure", "Nothing approved by 07:40")]

    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    watch.look()
    assert said() == [("success", "All clear: Nothing approved by 07:40")]
    at(7, 50)
    watch.look()
    assert said() == [("failure", "Nothing live by 07:50")]

    with app.publishing():
        app.publish_due()
    watch.look()
    assert said() == [("success", "All clear: Nothing live by 07:50")]
    assert app.store.alarms.all() == {}
    names = [row["name"] for row in app.store.audit.export()]
    assert names.count("alarm.raised") == names.count("alarm.cleared") == 3


def test_it_escalates_reminds_and_clears_for_everybody_who_was_told(app, watch, at, said, posts):
    at(7, 45)
    watch.look()
    assert (len(said(0)), said(1)) == (1, [])
    at(8, 5)
    watch.look()
    watch.look()
    assert (said(0), said(1)) == ([], [("failure", "Nothing approved by 07:40")])
    at(13, 45)
    watch.look()
    assert said(0) == [("failure", "Nothing approved by 07:40")]
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    watch.look()
    clear = [("success", "All clear: Nothing approved by 07:40")]
    assert clear[0] in said(0)
    assert said(1) == clear


def test_a_days_alarm_is_dropped_and_not_cleared_when_the_day_is_over(app, watch, at, said):
    at(7, 30)
    watch.look()
    assert len(said()) == 1
    at(24 - 1, 59)
    watch.look()
    said()
    app.clock.advance(120)
    watch.look()
    assert said() == []
    assert app.store.alarms.all() == {}


def test_no_alarm_on_a_day_without_posts(app, again, at, said):
    closed = again(x_times={"weekdays": "sat,sun"}, linkedin_times={"weekdays": "sat,sun"})
    at(9, 0)
    Watch(closed).look()
    assert said() == []


def test_an_alarm_that_reached_nobody_is_told_again(watch, at, said, readers):
    readers[0].status = 500
    at(7, 30)
    watch.look()
    readers[0].status = 200
    said()
    watch.look()
    assert said() == [("failure", "No article by 07:20")]
    watch.look()
    assert said() == []


def test_another_process_does_not_tell_it_again(app, again, watch, at, said):
    at(7, 30)
    watch.look()
    Watch(again()).look()
    assert len(said()) == 1


def test_a_queue_that_is_stuck(app, watch, at, said, posts):
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    at(7, 19)
    watch.look()
    assert said() == []
    at(7, 25)
    watch.look()
    assert ("failure", "2 approved posts do not go out") in said()


def test_a_paused_channel(app, watch, clock, said):
    app.store.pauses.pause("x", "The token has expired.", now=clock.now())
    watch.look()
    assert said() == [("failure", "x is paused")]
    app.store.pauses.resume("x", by="asha", now=clock.now())
    watch.look()
    assert said() == [("success", "All clear: x is paused")]


def test_a_question(app, watch, said, posts):
    with app.store.engine.begin() as connection:
        connection.execute(text("UPDATE posts SET asks = 'Is it live?' WHERE id = 1"))
    watch.look()
    assert said() == [("failure", "The bot asks about posts")]


def test_most_tries_fail(app, watch, said, posts, clock, platforms):
    """A platform that is down for a quarter of an hour, and up again."""
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    platforms.state.fault("x.create", Fault(kind=Kind.STATUS, status=429), times=4)
    with app.publishing():
        while app.store.vitals.attempts(since=clock.now() - HOUR).get(("x", "not_sent"), 0) < 4:
            clock.advance(120)
            app.publish_due()
        watch.look()
        assert ("failure", "x: 4 of 4 tries failed within an hour") in said()
        clock.advance(15 * 60)
        app.publish_due()
    clock.advance(3500)
    watch.look()
    assert ("success", "All clear: x: 4 of 4 tries failed within an hour") in said()


def test_a_source_that_cannot_be_read(app, watch, clock, said):
    source = app.store.sources.add(
        Source(name="site", url="https://example.org/feed", kind="feed"), now=clock.now()
    )
    app.store.sources.note(source, {"failures": 4, "trouble": "No answer."})
    watch.look()
    assert said() == [("failure", "The source site cannot be read")]


def test_spending_runs_over(app, again, said, posts, clock):
    """By what was really billed, that of failed tries taken back."""
    thrifty = again(alarms={"spend_month": 0.01})
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    with app.publishing():
        app.publish_due()
    billed = app.store.spending.spent_in_all(clock.now() - timedelta(days=1))
    assert billed > 0
    Watch(thrifty).look()
    ((kind, title),) = said()
    assert kind == "failure"
    assert title.startswith("The platforms will cost about $")
    alarm = next(iter(app.store.alarms.all().values()))
    assert f"${billed:.2f} were spent" in alarm.trouble.text
    calm = again(alarms={"spend_month": 1000})
    Watch(calm).look()
    assert [kind for kind, _ in said()] == ["success"]


def test_a_sign_in_that_ends(app, watch, said, clock, platforms):
    """An account signs in, and its time passes: 14 days ahead, 7, and over."""
    token = AccessToken(access_token="a" * 40, expires_at=clock.now() + timedelta(days=60))
    account = Account(id="urn:li:person:1", name="Asha Rao")
    app.accounts.keep("linkedin", "member", account, token, by="asha")
    watch.look()
    assert said() == []
    clock.advance(46.5 * 86_400)
    watch.look()
    watch.look()
    assert ("failure", "linkedin: sign in again within 14 days") in (heard := said())
    assert len([one for one in heard if "sign in" in one[1]]) == 1
    clock.advance(7 * 86_400)
    watch.look()
    assert ("failure", "linkedin: sign in again within 7 days") in said()
    clock.advance(7 * 86_400)
    watch.look()
    assert ("failure", "linkedin: sign in again now") in said()
    renewed = AccessToken(access_token="b" * 40, expires_at=clock.now() + timedelta(days=60))
    app.accounts.keep("linkedin", "member", account, renewed, by="asha")
    watch.look()
    assert not any("sign in" in title for _, title in said())
    assert not any(key.startswith("sign-in") for key in app.store.alarms.all())


def test_what_became_of_a_post_is_told_once(app, watch, said, posts, clock, platforms):
    """The platform refuses one for good: no state is left that an alarm could tell of."""
    approve_by_policy(app, posts, by="asha", via="cli", despite_warnings=True)
    refused = Fault(kind=Kind.STATUS, status=403, body={"detail": "This text is not allowed."})
    platforms.state.fault("x.create", refused)
    with app.publishing():
        app.publish_due()
    number = next(post.id for post in posts if post.channel == "x")
    assert app.store.desk.post(number).state == "failed"
    watch.look()
    watch.look()
    assert said().count(("failure", f"Post {number} was refused")) == 1
    clock.advance(3700)
    watch.look()
    assert not any("was refused" in title for _, title in said())


@pytest.fixture
def lost(app):
    """Take the database away as a disk does that is gone, and bring it back."""
    database = app.settings.data_dir / "bot.db"
    app.store.alarms.all()
    app.store.engine.dispose()
    aside = database.rename(database.with_name("aside.db"))
    database.mkdir()

    def back():
        database.rmdir()
        aside.rename(database)

    return back


def test_a_lost_database_is_told_once_and_cleared(app, watch, said, lost):
    watch.look()
    watch.look()
    assert said() == [("failure", "The database cannot be used")]
    lost()
    watch.look()
    assert said() == [("success", "All clear: The database cannot be used")]


def test_a_writer_that_stands_still_is_told_at_once(app, watch, said, monkeypatch):
    """Nothing else is wrong yet: whoever only reads would not notice."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 50)
    app.store.alarms.all()
    app.store.engine.dispose()
    with frozen(app.settings.data_dir / "bot.db") as process:
        watch.look()
        watch.look()
        assert said() == [("failure", "The database cannot be used")]
        assert f"kill -CONT {process.pid}" in watch._lost.trouble.text
    watch.look()
    assert said() == [("success", "All clear: The database cannot be used")]


def test_what_cannot_be_kept_is_not_told_again_and_again(app, watch, said, at, monkeypatch):
    """A full disk: the database can be locked and read, and not written."""
    at(7, 30)

    def full(self, alarm, *, now):
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Alarms, "keep", full)
        watch.look()
        watch.look()
        assert said() == [("failure", "The database cannot be used")]
    watch.look()
    assert (
        said()
        == [
            ("success", "All clear: The database cannot be used"),
            ("failure", "No article by 07:20"),
        ]
        or said() == []
    )


def test_the_heartbeat_is_heard_while_all_is_well(app, again, readers, clock):
    from pydantic import SecretStr

    url = SecretStr(f"http://127.0.0.1:{readers[1].server_port}/ping/secret")
    heart = Heartbeat(again(alarms={"heartbeat_url": url}))
    assert heart.beat(well=True)
    assert not heart.beat(well=True)  # not yet
    clock.advance(61)
    assert not heart.beat(well=False)  # silence is the alarm
    assert heart.beat(well=True)
    assert readers[1].pinged == ["/ping/secret"] * 2
    readers[1].status = 500
    clock.advance(61)
    assert not heart.beat(well=True)


def test_a_heartbeat_nobody_wants_is_not_sent(app):
    assert not Heartbeat(app).beat(well=True)
