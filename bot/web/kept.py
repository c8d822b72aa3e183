"""What was made for one page is kept for the next, until anything at all was written.

Twenty editors look at the same posts. What a page shows of them is made once and shared, and is
never older than the database: its revision is asked for every time.
"""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from bot.app import App

#: What is shown beside a running clock (the page itself counts down) is this old at most.
SECONDS = 10
#: Things kept at once; a fragment of a page has some ten thousand characters.
MOST = 300

T = TypeVar("T")


@dataclass
class Kept:
    """Things made of rows, settings and templates, by a key that says of which.

    Whatever depends on the time has `bucket` in its key.
    """

    app: App
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _state: tuple[Any, ...] = ("", None, None)
    _things: dict[Hashable, "Future[Any]"] = field(default_factory=dict)

    @property
    def bucket(self) -> int:
        """The time, as exact as a page needs it."""
        return int(self.app.clock.now().timestamp()) // SECONDS

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was kept under the key, or make it; several who ask at once wait for one.

        What is returned is shared: nobody may change it. Raises what `make` raises.
        """
        state = (self.app.store.revision.now(), self.app.settings, self.app.__dict__.get("words"))
        with self._lock:
            if not _same(state, self._state) or len(self._things) >= MOST:
                self._things, self._state = {}, state
            things = self._things
            found = things.get(key)
            if found is None:
                mine: Future[Any] = Future()
                things[key] = mine
        if found is not None:
            return cast("T", found.result())
        try:
            made = make()
        except BaseException as exc:
            with self._lock:
                things.pop(key, None)
            mine.set_exception(exc)
            raise
        mine.set_result(made)
        return made


def _same(now: tuple[Any, ...], before: tuple[Any, ...]) -> bool:
    """Tell whether the revision is equal, and settings and templates are those very ones."""
    return now[:1] == before[:1] and all(a is b for a, b in zip(now[1:], before[1:], strict=True))
