"""What people have posted by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from bot.domain.delivery import Receipt
from bot.domain.errors import IllegalMove, NotApproved
from bot.domain.ledger import Event
from bot.domain.post import Post, State
from bot.store.engine import writing
from bot.store.moves import change, load

#: What stands at a post that nobody read back.
NOT_READ_BACK = "Posted by hand; the bot has not read it back."


@dataclass(frozen=True)
class HandBook:
    """Implements `bot.domain.byhand.HandBook`."""

    engine: Engine

    def publish(self, post: Post, receipt: Receipt, *, by: str, now: datetime) -> Post:
        """Record that a person has posted an approved post.

        The fence grows, so that a worker which has just prepared it cannot claim it any more.
        """
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is not State.APPROVED:
                raise IllegalMove(
                    f"Post {post.id} is {current.state}, not approved; nothing was recorded. "
                    f"See what became of it: bot show {post.id}."
                )
            if current.fingerprint != post.fingerprint:
                raise NotApproved(
                    f"Post {post.id} was changed meanwhile; nothing was recorded. Compare it with "
                    "what you posted, and say it again."
                )
            detail = {"via": receipt.via, "permalink": receipt.permalink}
            begun = Event(at=now, name="post.sending", who=by, detail=detail)
            change(connection, current, State.SENDING, begun, fence=current.fence + 1)
            done = Event(at=now, name="post.published", who=by, detail=detail)
            change(
                connection,
                load(connection, post.id),
                State.PUBLISHED,
                done,
                receipt=receipt,
                reason=NOT_READ_BACK,
                asks="",
                retry_at=None,
            )
            return load(connection, post.id)
