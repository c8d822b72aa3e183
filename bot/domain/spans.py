"""The stretches of an article's way, for whoever measures them; nobody does by default.

The pipeline says what it is doing and for which article; `bot.telemetry` may listen.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol


class Recorder(Protocol):
    """Measures a stretch while its context lasts."""

    def __call__(
        self, name: str, article: str, facts: Mapping[str, str | int]
    ) -> AbstractContextManager[dict[str, str]]:
        """Begin a stretch of the article's way; what is put into the dictionary is its outcome."""
        ...


def _nobody(
    name: str, article: str, facts: Mapping[str, str | int]
) -> AbstractContextManager[dict[str, str]]:
    del name, article, facts
    return nullcontext({})


_recorders: list[Recorder] = [_nobody]


def trace_id(article: str) -> int:
    """Return the id of an article's trace (W3C Trace Context, 128 bits): the same everywhere."""
    return int.from_bytes(hashlib.sha256(article.encode()).digest()[:16])


def root_id(article: str) -> int:
    """Return the id of the span that all others of an article's trace hang on (64 bits)."""
    return int.from_bytes(hashlib.sha256(article.encode()).digest()[16:24])


@contextmanager
def span(name: str, *, article: str, **facts: str | int) -> Iterator[dict[str, str]]:
    """Tell whoever listens how long this took, and about which article it was.

    Args:
        name: of the stretch: "article", "compose", "approve", "publish", "verify", ….
        article: its key, which the log calls `article` too.
        facts: further values, such as post and channel.
    """
    with _recorders[-1](name, article, facts) as outcome:
        yield outcome


@contextmanager
def recorded(by: Recorder) -> Iterator[None]:
    """Let `by` measure while the context lasts."""
    _recorders.append(by)
    try:
        yield
    finally:
        _recorders.remove(by)
