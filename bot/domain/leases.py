"""Who works on what: the port, and what stands behind it where there is one publisher."""

from datetime import datetime
from typing import Protocol

from bot.domain.post import Post


class Leases(Protocol):
    """Who works on what, where several workers may share the posts."""

    @property
    def shared(self) -> bool:
        """Whether others may be working on the same posts."""
        ...

    def begin(self) -> object:
        """Be known as a living worker; called once per round. Raises StoreError."""
        ...

    def take(self, post: Post, *, now: datetime, uptime: float, boot: str) -> Post | None:
        """Take what is due for this post, if nobody else has it; return the post as it is now."""
        ...

    def release(self, post: Post) -> None:
        """Give a post back: what is next for it may be done by anybody."""
        ...

    def set_aside(self, post: Post) -> None:
        """Leave a post alone for a while, without holding others up."""
        ...


class Alone:
    """The leases of the one and only publisher: everything is its own."""

    shared = False

    def begin(self) -> None:
        """Nobody has to know."""

    def take(self, post: Post, *, now: datetime, uptime: float, boot: str) -> Post:
        """Return the post."""
        del now, uptime, boot
        return post

    def release(self, post: Post) -> None:
        """Nobody waits for it."""

    def set_aside(self, post: Post) -> None:
        """It is tried again in the next round."""
