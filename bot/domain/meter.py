"""Counts what a platform bills while it is asked: only its adapter sees how much an answer held."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.domain.delivery import Item

_running: ContextVar[Counter[Item] | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Counter[Item]]:
    """Count what is billed in here by this thread; whoever asks books it, however it ended."""
    bill: Counter[Item] = Counter()
    token = _running.set(bill)
    try:
        yield bill
    finally:
        _running.reset(token)


def charge(item: Item, count: int = 1) -> None:
    """Say that a platform has just billed this; called by adapters, after an answer."""
    bill = _running.get()
    if bill is not None and count:
        bill[item] += count
