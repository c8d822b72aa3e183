"""When somebody has to be told that a sign-in ends."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.accounts import Connection, warnings
from bot.domain.delivery import Account

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def connection(**others):
    known = {
        "channel": "linkedin",
        "platform": "linkedin",
        "app": "page",
        "account": Account(id="1", name="The ShiftMaker"),
        "scopes": (),
        "renewable": False,
        "expires_at": NOW + timedelta(days=60),
        "refresh_expires_at": None,
        "connected_at": NOW,
        "connected_by": "asha",
    }
    return Connection(**{**known, **others})


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=15), None),
        (timedelta(days=14), 14),
        (timedelta(days=8), 14),
        (timedelta(days=7), 7),
        (timedelta(days=3), 3),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), 0),
        (timedelta(days=-5), 0),
    ],
)
def test_fourteen_seven_three_and_one_days_ahead_and_when_it_is_over(left, days):
    found = warnings([connection(expires_at=NOW + left)], NOW)
    assert [one.days for one in found] == ([] if days is None else [days])
    assert all("bot auth linkedin" in one.message and "\n" not in one.message for one in found)


def test_what_renews_itself_needs_nobody_until_it_cannot():
    soon = NOW + timedelta(hours=1)
    assert warnings([connection(renewable=True, expires_at=soon)], NOW) == []
    ends = connection(renewable=True, expires_at=soon, refresh_expires_at=NOW + timedelta(days=2))
    assert [one.days for one in warnings([ends], NOW)] == [3]
    (refused,) = warnings([connection(trouble="X refuses the sign-in.")], NOW)
    assert (refused.days, refused.channel) == (0, "linkedin")
    assert warnings([connection(expires_at=None)], NOW) == []
