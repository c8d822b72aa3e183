"""No state without a deadline: what is overdue is named, alarmed, or put to somebody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import errors
from bot.domain.delivery import Outcome, Receipt, Ticket, Verification
from bot.domain.ledger import Draft, Settlement
from bot.domain.post import State
from bot.domain.schedule import Quota, Ruling
from bot.pipeline.reconcile import close
from bot.pipeline.rules import at_any_time
from bot.pipeline.tick import tick

HOUR = 3600


def run(outbox, account, timed=at_any_time):
    return tick(outbox, lambda channel: account, stopping=lambda: False, timed=timed)


def alarms(store, post):
    events = store.history.of_article(post.article_key)
    return [event.detail.get("alarm") for event in events if event.name == "post.overdue"]


@pytest.fixture
def paused(store, approved, clock):
    store.pauses.pause("x", "token expired", now=clock.now())
    return approved


def test_a_post_that_does_not_go_out_raises_one_alarm(store, outbox, account, paused, clock):
    clock.advance(HOUR / 5)
    run(outbox, account)
    assert alarms(store, paused) == []
    clock.advance(HOUR / 5)
    for _ in range(3):
        run(outbox, account)
    assert len(alarms(store, paused)) == 1
    assert "has not gone out" in alarms(store, paused)[0]
    assert store.desk.post(paused.id).state is State.APPROVED


def test_an_alarm_is_over_when_the_post_moves_on(store, outbox, account, paused, clock):
    clock.advance(HOUR)
    run(outbox, account)
    store.pauses.resume("x", by="asha", now=clock.now())
    run(outbox, account)
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, overdue_at FROM posts").all()
    assert rows == [("published", None)]


def test_a_post_that_its_timetable_holds_back_is_not_late(outbox, account, store, approved, clock):
    clock.advance(HOUR)
    run(outbox, account, timed=lambda post: Ruling.WAIT)
    assert alarms(store, approved) == []


def test_a_post_approved_late_is_not_late_at_once(store, outbox, account, drafted, clock):
    clock.advance(2 * HOUR)
    store.pauses.pause("x", "token expired", now=clock.now())
    post = store.desk.approve(drafted, by="asha", via="cli", now=clock.now())
    run(outbox, account)
    assert alarms(store, post) == []


def test_what_an_editor_has_left_failed_expires_and_says_both(
    store, outbox, account, approved, clock
):
    account.answers = [errors.Rejected("too long")]
    run(outbox, account)
    assert store.desk.post(approved.id).state is State.FAILED
    clock.advance(13 * HOUR)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is State.EXPIRED
    assert "too old to be news" in post.reason
    assert "too long" in post.reason


def test_an_unclear_post_that_nobody_manages_to_look_up_is_put_to_an_editor(
    store, outbox, account, approved, clock
):
    """The channel's key is gone, so that nobody even tries."""
    account.answers = [errors.Unclear("hung up")]
    run(outbox, account)

    def no_key(channel):
        raise errors.ConfigError("BOT_X__ACCESS_TOKEN is missing.")

    clock.advance(600)
    tick(outbox, no_key, stopping=lambda: False)
    assert store.desk.post(approved.id).asks == ""
    clock.advance(HOUR)
    tick(outbox, no_key, stopping=lambda: False)
    assert "nobody managed to look it up" in store.desk.post(approved.id).asks


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_jumps_puts_nothing_to_an_editor_too_early(
    store, outbox, account, approved, clock, days
):
    account.answers = [errors.Unclear("hung up")]
    run(outbox, account)
    clock.set(clock.now() + timedelta(days=days))
    run(outbox, account)
    assert store.desk.post(approved.id).asks == ""


def test_a_post_that_cannot_be_read_back_for_a_day_is_put_to_an_editor(
    store, outbox, account, approved, clock
):
    account.seen = errors.NotSent("503")
    run(outbox, account)
    for _ in range(30):
        clock.advance(HOUR)
        run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is State.PUBLISHED
    assert "could not be read back from x (503)" in post.asks


def test_a_question_unanswered_for_a_day_raises_an_alarm_every_day(
    store, outbox, account, approved, clock
):
    account.seen = Verification(readable=True, differences=("The picture is missing.",))
    run(outbox, account)
    for seconds in (60, 120):
        clock.advance(seconds)
        run(outbox, account)
    for hours in (12, 13, 12, 13):
        clock.advance(hours * HOUR)
        run(outbox, account)
    assert len(alarms(store, approved)) == 2
    close(store.desk.post(approved.id), outbox, by="asha")
    clock.advance(48 * HOUR)
    assert run(outbox, account) == 0
    assert len(alarms(store, approved)) == 2
    events = store.history.of_article(approved.article_key)
    assert [event.name for event in events if event.who == "asha"][-1] == "post.answered"


def test_only_a_question_about_a_live_post_can_be_closed(store, outbox, account, approved, clock):
    with pytest.raises(errors.IllegalMove, match="Nothing is asked"):
        close(approved, outbox, by="asha")
    account.answers = [errors.Unclear("hung up")]
    account.find_error = errors.NotReadable("members cannot be listed")
    run(outbox, account)
    clock.advance(200)
    run(outbox, account)
    with pytest.raises(errors.IllegalMove, match="--live URL or --not-live"):
        close(store.desk.post(approved.id), outbox, by="asha")


def test_a_commit_that_was_reported_failed_and_was_not_is_looked_up(
    store, outbox, account, approved, clock, monkeypatch
):
    """The post is `sending`, and this process does not know that it has claimed it."""
    ledger = type(store.ledger)
    real = ledger.claim

    def reported_failed(self, *args, **kwargs):
        real(self, *args, **kwargs)
        raise errors.StoreError("disk I/O error")

    monkeypatch.setattr(ledger, "claim", reported_failed)
    with pytest.raises(errors.StoreError):
        run(outbox, account)
    monkeypatch.setattr(ledger, "claim", real)
    assert store.desk.post(approved.id).state is State.SENDING
    for _ in range(5):
        run(outbox, account)
        clock.advance(700)
    assert store.desk.post(approved.id).state is State.VERIFIED
    assert len(account.sent) == 1


def test_a_second_receipt_is_put_to_an_editor(store, outbox, approved, clock):
    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    attempt = store.ledger.claim(approved, ticket, now=clock.now())
    for number in ("1", "2"):
        receipt = Receipt(remote_id=number, permalink=f"p/{number}")
        settled = Settlement(outcome=Outcome.PUBLISHED, receipt=receipt)
        store.ledger.settle(attempt, settled, now=clock.now())
    post = store.desk.post(approved.id)
    assert post.state is State.PUBLISHED
    assert "live twice: as 1, and at p/2" in post.asks
    ((number, alarm),) = store.history.alarms()
    assert (alarm.name, alarm.detail["asks"]) == ("post.double_alarm", post.asks)
    assert store.history.alarms(after=number) == []
    assert store.audit.verify().findings == ()


def test_a_channel_that_has_sent_enough_for_a_day_waits_and_says_so(
    store, outbox, account, approved, article, clock
):
    most_one = replace(outbox, rules=replace(outbox.rules, daily=1))
    run(most_one, account)
    assert len(account.sent) == 1
    second = replace(article, key="second", url="https://theshiftmaker.com/second")
    store.archive.add(second, now=clock.now())
    draft = Draft(
        article_key="second",
        platform="x",
        channel="x",
        content=replace(approved.content, text="More news."),
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=48),
    )
    post = store.desk.draft(draft, now=clock.now())
    store.desk.approve(post, by="asha", via="cli", now=clock.now())
    run(most_one, account)
    assert len(account.sent) == 1
    assert "x has sent 1 posts in 24 hours" in store.desk.post(post.id).reason
    clock.advance(25 * HOUR)
    run(most_one, account)
    assert len(account.sent) == 2


def test_what_a_channel_may_send_today_goes_into_the_claim(store, outbox, account, approved):
    none_left = replace(outbox, daily=lambda channel: Quota(0, since=outbox.clock.now()))
    run(none_left, account)
    assert account.sent == []
    assert store.desk.post(approved.id).state is State.APPROVED
    run(outbox, account)
    assert len(account.sent) == 1


def test_waits_differ_by_chance_and_stay_within_a_quarter(outbox, clock):
    shaky = replace(outbox, chance=iter((0.0, 1.0, 0.5)).__next__)
    waits = [(shaky.retry_at(1) - clock.now()).total_seconds() for _ in range(3)]
    assert waits == [45, 75, 60]
    assert (outbox.retry_at(10_000) - clock.now()).total_seconds() == 900
