"""An end for a whole request: a timeout only bounds the wait for the next byte.

A server that sends a byte now and then, in its headers or after them, never runs into a timeout.
So a timer hangs up from outside, which ends every phase alike; and no more of an answer is taken
than any that is one.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_current = threading.local()


class Deadline:
    """The connections that one request uses, so that they can be ended together.

    Attributes:
        passed: whether they were.
    """

    def __init__(self) -> None:
        self.passed = False
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()

    def note(self, line: socket.socket) -> None:
        """Take note of a connection, by an end of our own: TLS takes the first one away."""
        with self._lock:
            self._ends.append(socket.socket(fileno=os.dup(line.fileno())))
            passed = self.passed
        if passed:
            self.hang_up()

    def hang_up(self) -> None:
        """End every connection now, whatever waits for it."""
        with self._lock:
            self.passed = True
            for end in self._ends:
                with contextlib.suppress(OSError):  # the other side has gone already
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the ends back; the connections stay as they are."""
        with self._lock:
            for end in self._ends:
                end.close()
            self._ends.clear()


@contextlib.contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """End what this thread asks in here over an `Adapter` when `seconds` have passed."""
    deadline = Deadline()
    timer = threading.Timer(seconds, deadline.hang_up)
    timer.daemon = True
    outer, _current.deadline = getattr(_current, "deadline", None), deadline
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()
        _current.deadline = outer
        deadline.close()


def _note(line: Any) -> None:
    deadline = getattr(_current, "deadline", None)
    if deadline is not None and line is not None:
        deadline.note(line)


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        _note(line)
        return line

    def request(self, *args: Any, **others: Any) -> None:
        """Send on a line that may have been kept from an earlier request."""
        _note(self.sock)
        super().request(*args, **others)


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS, which wraps a line that is noted already."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Adapter(HTTPAdapter):
    """Makes connections that the deadline of their request can end."""

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **others: Any
    ) -> None:
        """Make the pool of such connections."""
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, **others
        )
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
