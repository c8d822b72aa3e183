"""A worker sleeps with its request on the wire, past its lease: nobody may send in its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ledger import Draft
from bot.domain.post import State
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import Rules
from bot.pipeline.tick import tick
from bot.store import open_store
from bot.store.leases import Leases
from tests.fakes import FakeAccount, FakeClock
from tests.faults import breaks


class Worker:
    """A publisher on a machine of its own."""

    def __init__(self, url, folder, name):
        self.machine = FakeClock()
        self.store = open_store(url, folder / name, origin=name, clock=self.machine)
        store, rules = self.store, Rules(settle=120, recheck=600)
        parts = (store.ledger, store.lookout, store.pauses, store.shelf)
        self.outbox = Outbox(*parts, store.leases.clock, rules, store.leases)

    def tick(self, account):
        tick(self.outbox, lambda channel: account, stopping=lambda: False)


@pytest.fixture
def workers(postgres, tmp_path):
    with postgres.database("migrated") as url:
        made = [Worker(url, tmp_path, name) for name in ("sleeper", "other")]
        yield made
        for worker in made:
            worker.store.close()


@pytest.fixture
def post(workers, article, content):
    store = workers[0].store
    store.leases.begin()
    now = store.leases.clock.now()
    store.archive.add(article, now=now)
    draft = Draft(
        article_key=article.key,
        platform="x",
        channel="x",
        content=replace(content),
        due_at=now,
        expires_at=now + timedelta(hours=12),
    )
    return store.desk.approve(store.desk.draft(draft, now=now), by="asha", via="cli", now=now)


def sleeps_while_sending(workers):
    """Let one worker sleep over its request while the other goes on; return how often it was sent."""
    sleeper, other = workers
    account = FakeAccount()

    def asleep():
        account.on_send = None
        with other.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE posts SET held_until = now() - interval '1 second'")
        for _ in range(6):
            other.tick(account)
            other.machine.advance(700)

    account.on_send = asleep
    sleeper.tick(account)
    return len(account.sent)


def test_what_a_sleeper_sends_is_sent_once(workers, post):
    assert sleeps_while_sending(workers) == 1
    assert workers[0].store.desk.post(post.id).state is State.PUBLISHED


def test_with_the_lease_alone_it_would_be_sent_twice(workers, post, monkeypatch):
    monkeypatch.setattr(Leases, "abandoned", Leases.abandoned)  # put back afterwards
    breaks.lease_only()
    assert sleeps_while_sending(workers) == 2
