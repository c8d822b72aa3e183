"""What the timetable of a channel needs to know: which times are taken, what went out last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from bot.domain.post import LIVE, Post, State
from bot.domain.schedule import Quota
from bot.store import schema
from bot.store.engine import reading

posts = schema.posts


@dataclass(frozen=True)
class Calendar:
    """Implements `bot.pipeline.timing.Calendar`."""

    engine: Engine

    def taken(self, channel: str, *, since: datetime) -> Sequence[datetime]:
        """Return the times, from `since` on, of the channel's posts that go or may go out."""
        dropped = (State.REJECTED, State.EXPIRED, State.SUPERSEDED)
        query = select(posts.c.due_at).where(
            posts.c.channel == channel, posts.c.due_at >= since, posts.c.state.not_in(dropped)
        )
        with reading(self.engine) as connection:
            return list(connection.execute(query).scalars())

    def last_sent(self, channel: str) -> datetime | None:
        """Return when the channel's last post went out."""
        receipts = schema.receipts
        query = (
            select(func.max(receipts.c.at))
            .join(posts, posts.c.id == receipts.c.post_id)
            .where(posts.c.channel == channel)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalar()

    def sent(self, channel: str, *, since: datetime) -> int:
        """Return how many of the channel's posts went or may have gone out since then."""
        with reading(self.engine) as connection:
            return _sent(connection, channel, since)

    def approved_at(self, post_id: int) -> datetime | None:
        """Return when the post was last approved."""
        table = schema.approvals
        query = select(func.max(table.c.at)).where(table.c.post_id == post_id)
        with reading(self.engine) as connection:
            return connection.execute(query).scalar()


def is_full(connection: Connection, post: Post, quotas: Sequence[Quota]) -> bool:
    """Whether the channel has sent all it may, in the caller's transaction; a begun post goes on."""
    return post.state is not State.BEGUN and any(
        _sent(connection, post.channel, quota.since) >= quota.most for quota in quotas
    )


def _sent(connection: Connection, channel: str, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(posts)
        .where(
            posts.c.channel == channel,
            posts.c.first_sent_at >= since,
            posts.c.state.in_(LIVE),
        )
    )
    return connection.execute(query).scalar_one()
