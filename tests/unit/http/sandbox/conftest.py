"""A sandbox with both platforms, a clock that stands still, and clients that speak real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.http.sandbox import Server
from bot.platforms.linkedin.sandbox import Sandbox as LinkedIn
from bot.platforms.x.sandbox import Sandbox as X


class StoppedClock:
    def __init__(self):
        self.moment = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)

    def now(self):
        return self.moment

    def forward(self, **kwargs):
        self.moment += timedelta(**kwargs)


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def server(clock):
    with Server([X(), LinkedIn()], clock=clock) as running:
        yield running
