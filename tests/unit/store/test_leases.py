"""Several workers on one PostgreSQL database: who may do what, and who takes over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.article import Article
from bot.domain.delivery import Receipt, Ticket
from bot.domain.ledger import Draft, Look
from bot.domain.post import Content, State
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import recover
from bot.pipeline.rules import Rules
from bot.pipeline.tick import begin, tick
from bot.store import open_store
from tests.fakes import FakeAccount, FakeClock


@pytest.fixture
def address(postgres):
    with postgres.database("migrated") as made:
        yield made


@pytest.fixture
def worker(address, tmp_path):
    """Open the database as one more worker on a machine of its own."""
    opened = []

    def start(boot="boot-1", at=None):
        clock = FakeClock(at=at or datetime.now(UTC), boot_id=boot)
        store = open_store(address, tmp_path, origin=f"machine of {boot}", clock=clock)
        opened.append(store)
        store.leases.begin()
        return store

    yield start
    for store in opened:
        store.close()


def approved_post(store, number, channel="x", due=timedelta(0)):
    now = store.leases.clock.now()
    key = f"2026-11-23-story-{number}"
    article = Article(
        key=key,
        url=f"https://theshiftmaker.com/articles/{key}",
        title=f"Story {number}",
        dek="",
        published_at=None,
        body=("Text.",),
        source="test",
    )
    store.archive.add(article, now=now)
    draft = Draft(
        article_key=key,
        platform=channel,
        channel=channel,
        content=Content(text=f"Story {number}"),
        due_at=now + due,
        expires_at=now + timedelta(hours=12),
    )
    post = store.desk.draft(draft, now=now)
    return store.desk.approve(post, by="asha", via="cli", now=now)


def take(store, post):
    clock = store.leases.clock
    return store.leases.take(post, now=clock.now(), uptime=clock.uptime(), boot=clock.boot())


def claim(store, post):
    now = store.leases.clock.now()
    ticket = Ticket(platform="x", request="{}", text="", fingerprint=post.fingerprint)
    store.ledger.save_ticket(post, ticket, now=now)
    return store.ledger.claim(post, ticket, now=now)


def outbox(store):
    rules = Rules(settle=120, recheck=600, verify=20)
    parts = (store.ledger, store.lookout, store.pauses, store.shelf)
    return Outbox(*parts, store.leases.clock, rules, store.leases)


def lapse(store, post):
    """Let the lease run out, without waiting for it."""
    with store.engine.begin() as connection:
        past = "UPDATE posts SET held_until = clock_timestamp() - interval '1 s' WHERE id = :id"
        connection.execute(text(past), {"id": post.id})


def cut(store):
    """End the session in which a worker holds its lock, as a restarted server does."""
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND objid = :number AND objsubid = 2"
            ),
            {"number": store.leases.number},
        )


def state(store, post):
    return store.desk.post(post.id).state


def test_two_who_prepare_the_same_post_send_the_same_request(worker):
    """A worker that slept past its lease, and the one that took its post: one request, one media."""
    one, two = worker(), worker("boot-2")
    post = approved_post(one, 1)
    now = one.leases.clock.now()
    first, second = (
        Ticket(platform="x", request=f'{{"media":{n}}}', text="t", fingerprint=post.fingerprint)
        for n in (1, 2)
    )
    assert one.ledger.save_ticket(post, first, now=now) == first
    assert two.ledger.save_ticket(post, second, now=now) == first
    take(one, post)
    attempt = one.ledger.claim(post, first, now=now)
    assert one.lookout.attempted(post)[0] == attempt.ticket == first


def test_a_post_is_taken_by_one_worker(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    assert take(first, post) == post
    assert take(second, post) is None
    assert take(first, post) is None  # not by another thread of the same worker either
    first.leases.release(post)
    assert take(second, post) == post


def test_what_somebody_else_has_just_done_is_not_done_again(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    account = FakeAccount()
    tick(outbox(first), lambda channel: account, stopping=lambda: False)
    assert state(first, post) is State.PUBLISHED
    assert take(second, post) is None  # it was due when the second one looked


def test_an_account_keeps_its_order_and_accounts_do_not_wait_for_each_other(worker):
    first, second = worker(), worker("boot-2")
    later = approved_post(first, 1)
    earlier = approved_post(first, 2, due=timedelta(minutes=-1))
    other = approved_post(first, 3, channel="linkedin")
    assert take(second, later) is None  # the earlier one goes first
    assert take(first, earlier)
    assert take(second, later) is None  # and is being prepared
    assert take(second, other)
    claim(first, earlier)
    assert take(second, later) is None  # and is being sent
    lapse(first, earlier)
    assert take(second, later)  # whoever sent it is gone or stuck: that holds nobody up


def test_a_post_with_a_bug_holds_nobody_up(worker):
    store = worker()
    broken, good = approved_post(store, 1), approved_post(store, 2)
    account = FakeAccount()
    account.prepare_error = ValueError("bug")

    def connect(channel):
        return account

    box = outbox(store)
    real = account.prepare

    def prepare(content, card, **others):
        account.prepare_error = ValueError("bug") if "Story 1" in content.text else None
        return real(content, card, **others)

    account.prepare = prepare
    tick(box, connect, stopping=lambda: False)
    assert state(store, broken) is State.APPROVED
    assert state(store, good) is State.PUBLISHED
    assert take(store, broken) is None  # it rests for the length of a lease
    lapse(store, broken)
    assert take(store, broken)


def test_what_a_living_worker_sends_is_never_taken_over(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    claim(first, post)
    lapse(first, post)
    assert recover(outbox(second)) == 0
    assert state(second, post) is State.SENDING


def test_what_a_dead_worker_sent_is_unclear_only_after_its_lease(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    claim(first, post)
    first.leases.end()
    assert recover(outbox(second)) == 0
    lapse(first, post)
    assert recover(outbox(second)) == 1
    assert state(second, post) is State.UNCLEAR


def test_an_own_claim_whose_answer_was_lost_is_recovered(worker):
    store = worker()
    post = approved_post(store, 1)
    claim(store, post)
    assert recover(outbox(store)) == 0
    lapse(store, post)
    assert recover(outbox(store)) == 1


def test_a_worker_that_lost_its_lease_can_only_report_a_receipt(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    box, account = outbox(first), FakeAccount(answers=[Receipt(remote_id="7", permalink="p/7")])

    def overtaken():
        first.leases.end()
        lapse(first, post)
        assert recover(outbox(second)) == 1

    account.on_send = overtaken
    tick(box, lambda channel: account, stopping=lambda: False)
    assert state(second, post) is State.PUBLISHED
    assert second.lookout.receipt(post).remote_id == "7"


def test_nothing_is_claimed_by_a_worker_whose_lock_is_gone(worker):
    first = worker()
    post = approved_post(first, 1)
    cut(first)
    assert claim(first, post) is None
    first.leases.begin()
    assert claim(first, post)


def test_nothing_is_claimed_that_somebody_else_has(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    assert take(first, post)
    assert claim(second, post) is None
    lapse(first, post)
    assert claim(second, post)
    assert claim(first, post) is None


def test_a_machine_whose_clock_is_wrong_sends_nothing_early(worker):
    ahead = worker(at=datetime.now(UTC) + timedelta(days=1))
    post = approved_post(ahead, 1, due=timedelta(hours=1))
    account = FakeAccount()
    assert tick(outbox(ahead), lambda channel: account, stopping=lambda: False) == 0
    assert state(ahead, post) is State.APPROVED
    assert abs(ahead.leases.clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_two_workers_who_look_at_once_count_as_one_look(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    claim(first, post)
    first.leases.end()
    lapse(first, post)
    recover(outbox(second))
    unclear = second.desk.post(post.id)
    now = second.leases.clock.now()
    look = Look(at=now, uptime=0, boot="boot-2")
    for store in (first, second):
        store.lookout.absent(unclear, again=False, look=look, now=now)
    assert second.desk.post(post.id).checks == 1


def test_looks_planned_by_a_machine_that_lives_are_left_alone(worker):
    first, second = worker(), worker("boot-2")
    post = approved_post(first, 1)
    account = FakeAccount()
    tick(outbox(first), lambda channel: account, stopping=lambda: False)
    begin(outbox(second))
    assert boots(second) == ["boot-1"]
    first.leases.end()
    begin(outbox(second))
    assert boots(second) == ["boot-2"]
    assert replace(second.desk.post(post.id)).state is State.PUBLISHED


def boots(store):
    with store.engine.connect() as connection:
        return list(connection.execute(text("SELECT look_boot FROM posts")).scalars())
