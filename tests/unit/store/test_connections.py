"""Sign-ins and expenses are kept alike in SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.accounts import Connection
from bot.domain.delivery import Account, Item, Outcome, Ticket
from bot.domain.ledger import Settlement
from bot.domain.money import Caps, Cost


@pytest.fixture
def connection(clock):
    return Connection(
        channel="x",
        platform="x",
        app="",
        account=Account(id="42", name="The ShiftMaker", handle="shiftmaker"),
        scopes=("tweet.write", "offline.access"),
        renewable=True,
        expires_at=clock.now() + timedelta(hours=2),
        refresh_expires_at=None,
        connected_at=clock.now(),
        connected_by="asha",
        sealed="sealed",
    )


@pytest.fixture
def cost(clock):
    return Cost(
        channel="x",
        platform="x",
        lines={Item.POST: Decimal("0.015")},
        counts={Item.POST: 1},
        caps=Caps(day=Decimal("0.02")),
        day_began=clock.now() - timedelta(hours=1),
        month_began=clock.now() - timedelta(days=9),
    )


@pytest.fixture
def ticket(store, approved, clock):
    made = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, made, now=clock.now())
    return made


def test_a_sign_in_is_kept_replaced_and_forgotten(store, connection, clock):
    assert store.connections.keep(connection, now=clock.now()) == connection
    assert store.connections.find("x") == connection
    again = store.connections.keep(connection, now=clock.now())
    assert again.version == 2
    assert store.connections.all() == [again]
    assert store.connections.forget("x", by="asha", now=clock.now())
    assert not store.connections.forget("x", by="asha", now=clock.now())
    assert store.audit.verify().findings == ()


def test_one_at_a_time_renews(store, connection, clock):
    kept = store.connections.keep(connection, now=clock.now())
    until = clock.now() + timedelta(seconds=60)
    assert store.connections.begin_renewal(kept, until=until, now=clock.now())
    assert not store.connections.begin_renewal(kept, until=until, now=clock.now())
    clock.advance(61)
    assert store.connections.begin_renewal(kept, until=until, now=clock.now())
    newer = store.connections.renewed(replace(kept, sealed="newer"), now=clock.now())
    assert (newer.version, newer.sealed) == (2, "newer")
    # Whoever still holds the spent one neither renews nor refuses nor overwrites.
    assert not store.connections.begin_renewal(kept, until=until, now=clock.now())
    assert store.connections.renewed(replace(kept, sealed="late"), now=clock.now()) == newer
    store.connections.refused(kept, "no", now=clock.now())
    assert store.connections.find("x").trouble == ""


def test_an_attempts_price_is_booked_and_taken_back(store, approved, ticket, cost, clock):
    attempt = store.ledger.claim(approved, ticket, now=clock.now(), cost=cost)
    assert store.spending.spent("x", cost.day_began) == Decimal("0.015")
    store.ledger.settle(attempt, Settlement(outcome=Outcome.NOT_SENT), now=clock.now())
    assert store.spending.spent("x", cost.day_began) == 0
    (expense,) = store.spending.last(5)
    assert (expense["taken_back"], expense["post"]) == (True, approved.id)


def test_the_claim_keeps_to_the_cap(store, approved, ticket, cost, clock):
    store.spending.note(cost, post_id=None, now=clock.now())
    assert store.ledger.claim(approved, ticket, now=clock.now(), cost=cost) is None
    assert store.spending.by_item("x", cost.month_began) == [
        {"item": "post", "count": 1, "usd": Decimal("0.015")}
    ]
    later = replace(cost, day_began=clock.now() + timedelta(seconds=1))
    assert store.ledger.claim(approved, ticket, now=clock.now(), cost=later) is not None
