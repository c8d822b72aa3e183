"""The port, and the courier of one process: it delivers itself, at once."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.app import App

#: Does what is due for the post of this number; returns whether that changed it, never raises.
Deliver = Callable[[int], bool]


class Courier(Protocol):
    """Sees to it that everything due is delivered.

    A courier may lose, repeat or delay what it was given: the ledger decides what is sent, and
    the next round gives out again whatever still waits.
    """

    @property
    def shared(self) -> bool:
        """Whether others deliver what this process gives out."""
        ...

    def running(self, deliver: Deliver) -> AbstractContextManager[None]:
        """Be ready; `deliver` is called with the number of a post that may be due.

        Raises:
            ConfigError: this courier cannot run with these settings.
            StoreError: the database cannot be used.
        """
        ...

    def round(self, stopping: Callable[[], bool]) -> int:
        """See to what is due now; return how many posts that were.

        Raises:
            StoreError: the database cannot be used; the next round begins anew.
        """
        ...


@dataclass(frozen=True)
class Local:
    """Delivers in the round itself, one post after the other."""

    app: App
    shared = False

    @contextlib.contextmanager
    def running(self, deliver: Deliver) -> Iterator[None]:
        """Nothing has to be made ready."""
        del deliver
        yield

    def round(self, stopping: Callable[[], bool]) -> int:
        """Deliver what is due."""
        return self.app.publish_due(stopping)


def local(app: App) -> Courier:
    """Return the courier of one process."""
    return Local(app)
