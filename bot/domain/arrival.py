"""What others push to us, before it is taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that somebody pushed to a source, its signature checked.

    Attributes:
        message_id: the sender's; the same one is taken once.
    """

    id: int = 0
    source: str
    message_id: str
    content: bytes
    content_type: str
    at: datetime


class Arrivals(Protocol):
    """What was pushed. Every method is one transaction."""

    def add(self, arrival: Arrival) -> bool:
        """Keep a message; False where it was there before."""
        ...

    def open(self) -> Sequence[Arrival]:
        """Return what is not taken in yet, oldest first."""
        ...

    def done(self, arrival: Arrival, *, now: datetime) -> None:
        """Let go of a message's content; its id stays, against replays."""
        ...
