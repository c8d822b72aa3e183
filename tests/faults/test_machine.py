"""What befalls the machine: each has one defined behaviour, and nothing is sent twice or lost.

| what | behaviour |
|---|---|
| disk full, read-only, locked before a send | nothing is sent; it goes out when that is over |
| the same after a send | what the platform said is kept in memory and written down later; dead before that: looked up |
| PostgreSQL restarted | the same, and every worker goes on by itself |
| clock set by a day, either way | nothing is sent early, unapproved or twice; waits go by the uptime |
| asleep at the edition time | sent at waking while younger than its deadline, else expired, and says so |
| clocks change (DST) | see tests/unit/domain/test_schedule.py: each edition once, on the day it is meant |
"""

import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Receipt
from bot.domain.errors import StoreError
from bot.domain.post import State
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import Rules
from bot.pipeline.tick import tick
from bot.store import open_store
from tests.fakes import FakeAccount, FakeClock

HOUR = 3600
#: Longer than a page of the database, so that keeping it takes another page.
LONG = "x" * 9_000
RECEIPT = Receipt(remote_id="1", permalink=f"p/{LONG}")


class Wordy(FakeAccount):
    """An account whose requests and addresses are long."""

    def prepare(self, content, card, **others):
        return replace(super().prepare(content, card, **others), request=LONG)


@pytest.fixture
def account():
    return Wordy(answers=[RECEIPT])


def run(outbox, account):
    return tick(outbox, lambda channel: account, stopping=lambda: False)


@contextlib.contextmanager
def _pragma(store, name, value):
    """Set an SQLite limit on the store's one connection, and take it back."""
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("pragma busy_timeout=50")
        before = raw.execute(f"pragma {name}").fetchone()[0]
        raw.execute(f"pragma {name}={value}")
    try:
        yield
    finally:
        with store.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute(f"pragma {name}={before}")


@contextlib.contextmanager
def full(store):
    """The disk is full: SQLite may not make its file one page longer, and no page is free."""
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("CREATE TABLE ballast (x)")
        pages = raw.execute("pragma page_count").fetchone()[0]
    with _pragma(store, "max_page_count", pages):
        with store.engine.connect() as connection, contextlib.suppress(sqlite3.OperationalError):
            raw = connection.connection.driver_connection
            while True:
                raw.execute("INSERT INTO ballast VALUES (zeroblob(300))")
        yield


@contextlib.contextmanager
def read_only(store):
    with _pragma(store, "query_only", 1):
        yield


@contextlib.contextmanager
def locked(store):
    """Another program writes, and does not come to an end."""
    other = sqlite3.connect(store.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with _pragma(store, "cache_spill", 1):  # for its short timeout
            yield
    finally:
        other.execute("ROLLBACK")
        other.close()


TROUBLES = {
    "full": (full, "disk is full. The disk is full. Free some space"),
    "read-only": (read_only, "It is read-only. Give this user write permission"),
    "locked": (locked, r"Process \d+ \(.*\) is writing|Another program holds it"),
}


@pytest.fixture(params=TROUBLES, ids=str)
def trouble(request):
    return TROUBLES[request.param]


def test_before_a_send_nothing_is_sent_and_later_it_goes_out(
    store, outbox, account, approved, trouble
):
    befalls, words = trouble
    with befalls(store), pytest.raises(StoreError, match=words) as caught:
        run(outbox, account)
    assert "\n" not in str(caught.value)
    assert account.sent == []
    assert run(outbox, account) == 1
    assert store.desk.post(approved.id).state is State.PUBLISHED
    assert len(account.sent) == 1
    assert store.audit.verify().findings == ()


def test_after_a_send_the_receipt_is_kept_and_written_down_later(
    store, outbox, account, approved, trouble
):
    befalls, words = trouble
    with contextlib.ExitStack() as stack:
        account.on_send = lambda: stack.enter_context(befalls(store))
        with pytest.raises(StoreError, match=words):
            run(outbox, account)
        with pytest.raises(StoreError):
            run(outbox, account)  # still, and nothing is forgotten
    run(outbox, account)
    assert store.lookout.receipt(approved) == RECEIPT
    assert len(account.sent) == 1


def test_dead_before_that_it_is_looked_up(store, outbox, account, approved, clock, trouble):
    befalls, _ = trouble
    account.live = [Receipt(remote_id="1", permalink="p/1", found=True)]
    with contextlib.ExitStack() as stack:
        account.on_send = lambda: stack.enter_context(befalls(store))
        with pytest.raises(StoreError):
            run(outbox, account)
    outbox.unsettled.clear()  # what the process knew died with it
    run(outbox, account)
    assert store.desk.post(approved.id).state is State.UNCLEAR
    clock.advance(200)
    run(outbox, account)
    assert store.desk.post(approved.id).state is State.PUBLISHED
    assert len(account.sent) == 1


class TestPostgreSQL:
    """The server is restarted, before and after a send."""

    @pytest.fixture
    def store(self, postgres, tmp_path):
        with postgres.database("migrated") as url:
            opened = open_store(url, tmp_path / "cards", origin="one", clock=FakeClock())
            yield opened
            opened.close()

    @pytest.fixture
    def outbox(self, store):
        rules = Rules(settle=120, recheck=600, verify=20)
        parts = (store.ledger, store.lookout, store.pauses, store.shelf)
        return Outbox(*parts, store.leases.clock, rules, store.leases)

    @pytest.fixture
    def clock(self, store):
        store.leases.begin()
        return store.leases.clock

    def test_before_a_send(self, postgres, store, outbox, account, approved):
        store.leases.begin()
        postgres.restart()
        assert run(outbox, account) == 1
        assert len(account.sent) == 1

    def test_after_a_send(self, postgres, store, outbox, account, approved):
        account.on_send = postgres.restart
        with contextlib.suppress(StoreError):
            run(outbox, account)
        run(outbox, account)
        assert store.lookout.receipt(approved) == RECEIPT
        assert len(account.sent) == 1

    def test_away_for_a_while(self, postgres, store, outbox, account, approved):
        postgres.stop()
        try:
            with pytest.raises(StoreError, match="may be down or restarting; the bot tries again"):
                run(outbox, account)
        finally:
            postgres.start()
        assert account.sent == []
        assert run(outbox, account) == 1


@pytest.mark.parametrize(
    ("hours", "state"), [(1.5, State.PUBLISHED), (11.9, State.PUBLISHED), (12.1, State.EXPIRED)]
)
def test_asleep_at_seven(store, outbox, account, approved, clock, hours, state):
    """Approved the evening before for 07:00; the lid is opened so many hours after that."""
    clock.advance(hours * HOUR)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is state
    assert len(account.sent) == (state is State.PUBLISHED)
    if state is State.EXPIRED:
        assert "too old to be news" in post.reason


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_a_day_wrong_sends_nothing_twice_and_says_what_it_did(
    store, outbox, account, approved, clock, days
):
    right = clock.now()
    clock.set(right + timedelta(days=days))
    run(outbox, account)
    clock.set(right)
    run(outbox, account)
    post = store.desk.post(approved.id)
    # A day ahead its time has passed: it expires, visibly. A day behind it simply waits.
    assert post.state is (State.EXPIRED if days > 0 else State.PUBLISHED)
    assert len(account.sent) == (days < 0)
