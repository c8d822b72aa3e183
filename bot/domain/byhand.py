"""The way round the API: a person posts it, and tells the bot where it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import Receipt
from bot.domain.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What a person needs to post an approved post.

    Attributes:
        address: opens the platform's own composer with the text in it.
        texts: the post and what follows it, in order, exactly as approved.
        card: sha256 of the card, None where there is none.
        comment: the link to post as first comment, "" where there is none.
        until: until when the bot leaves the post alone.
    """

    address: str
    texts: tuple[str, ...]
    card: str | None
    alt_text: str
    comment: str
    until: datetime


class HandBook(Protocol):
    """Where it is kept that a person has posted. One durable transaction each."""

    def publish(self, post: Post, receipt: Receipt, *, by: str, now: datetime) -> Post:
        """Record that a person has posted an approved post.

        Raises:
            IllegalMove: it is not approved any more, or the bot is sending it.
            NotApproved: its content is not what was approved any more.
        """
        ...
