"""The publishing record: what went out on a day, by whose approval, and how it was found right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, select, text

from bot.domain.policy import BY_POLICY
from bot.domain.post import Post, State
from bot.store import schema
from bot.store.engine import reading
from bot.store.rows import approval_that_counted, post_from_row
from bot.store.takedowns import left_behind

posts, receipts, approvals = schema.posts, schema.receipts, schema.approvals

#: The most one reading gives.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One post that is live, with its proof.

    Attributes:
        found: it was found by looking after an unclear attempt, not answered to a send.
        tries: attempts it took.
        permalinks: of the post and of what follows it, in order.
        approved_by, approved_via, approved_at: whose yes it went out on.
        article_gone: since when its article is not on the site any more, as far as we know.
        taken_down_at, taken_down_by: when an editor took the post down, and who; None and "" for
            what is still there, as far as we know.
    """

    post: Post
    title: str
    remote_id: str
    permalinks: tuple[str, ...]
    at: datetime
    found: bool
    tries: int
    approved_by: str
    approved_via: str
    approved_at: datetime | None
    article_gone: datetime | None = None
    taken_down_at: datetime | None = None
    taken_down_by: str = ""

    @property
    def verification(self) -> str:
        """What is known about what followers see, in plain words."""
        if self.taken_down_at:
            return f"Taken down by {self.taken_down_by}: followers do not see it any more."
        gone = " The article is not on the site any more." if self.article_gone else ""
        return f"{self._seen}{gone}"

    @property
    def _seen(self) -> str:
        if self.post.asks:
            return self.post.asks
        if self.post.state is State.VERIFIED:
            return "Read back: followers see what was approved."
        if self.post.state is State.BEGUN:
            return "What follows the post is still to be sent."
        return self.post.reason or "Not read back yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPolicy:
    """One post that no person has decided about.

    Attributes:
        by: the policy's name.
        to: "approved", "on_hold" or "expired".
        reason: why; "" for an approval.
    """

    at: datetime
    post_id: int
    channel: str
    title: str
    by: str
    to: str
    reason: str


@dataclass(frozen=True)
class Record:
    """Reads what went out."""

    engine: Engine

    def between(
        self, start: datetime, end: datetime, *, after: int = 0, limit: int = MOST
    ) -> Sequence[Published]:
        """Return what went out from `start` until before `end`, oldest first.

        Args:
            start: the first moment.
            end: the first moment that is not in it.
            after: only posts after the one with this id, in the same order; 0 for all.
            limit: the most to return.
        """
        query = _query().where(receipts.c.at >= start, receipts.c.at < end)
        if after:
            mark = select(receipts.c.at).where(receipts.c.post_id == after, receipts.c.part == 0)
            at = mark.scalar_subquery()
            query = query.where(
                (receipts.c.at > at) | ((receipts.c.at == at) & (posts.c.id > after))
            )
        return self._read(query.order_by(receipts.c.at, posts.c.id).limit(limit))

    def of(self, post_id: int) -> Published | None:
        """Return the record of one post; None while it is not live."""
        return next(iter(self._read(_query().where(posts.c.id == post_id))), None)

    def times(self, start: datetime, end: datetime) -> Sequence[tuple[str, datetime]]:
        """Return channel and time of every post that went out, for a chart."""
        query = (
            select(posts.c.channel, receipts.c.at)
            .join(posts, posts.c.id == receipts.c.post_id)
            .where(receipts.c.part == 0, receipts.c.at >= start, receipts.c.at < end)
        )
        with reading(self.engine) as connection:
            return [(row.channel, row.at) for row in connection.execute(query)]

    def by_policy(self, start: datetime, end: datetime) -> Sequence[ByPolicy]:
        """Return what policies decided from `start` until before `end`, oldest first."""
        events = schema.events
        query = (
            select(
                events.c.at,
                events.c.post_id,
                events.c.who,
                events.c.to_state,
                events.c.detail,
                posts.c.channel,
                schema.articles.c.title,
            )
            .join(posts, posts.c.id == events.c.post_id)
            .join(schema.articles, schema.articles.c.key == posts.c.article_key)
            .where(text("substr(events.who, 1, 7) = 'policy:'"))  # as its index has it
            .where(events.c.at >= start, events.c.at < end)
            .where(events.c.to_state.in_((State.APPROVED, State.ON_HOLD, State.EXPIRED)))
            .order_by(events.c.id)
            .limit(MOST)
        )
        with reading(self.engine) as connection:
            return [
                ByPolicy(
                    at=row.at,
                    post_id=row.post_id,
                    channel=row.channel,
                    title=row.title,
                    by=row.who.removeprefix(BY_POLICY),
                    to=row.to_state,
                    reason=row.detail.get("reason") or "",
                )
                for row in connection.execute(query)
            ]

    def _read(self, query: Any) -> Sequence[Published]:
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
            following = connection.execute(
                select(receipts.c.post_id, receipts.c.permalink)
                .where(receipts.c.post_id.in_([row["id"] for row in rows]), receipts.c.part > 0)
                .order_by(receipts.c.post_id, receipts.c.part)
            ).all()
            behind = left_behind(connection, [row["id"] for row in rows])
        parts: dict[int, list[str]] = {}
        for one in following:
            parts.setdefault(one.post_id, []).append(one.permalink)
        return [
            _published(row, parts.get(row["id"], []), behind.get(row["id"], {})) for row in rows
        ]


def _query() -> Any:
    return (
        select(
            posts,
            schema.articles.c.title,
            receipts.c.remote_id,
            receipts.c.permalink,
            receipts.c.found,
            receipts.c.at.label("published_at"),
            approvals.c.by.label("approved_by"),
            approvals.c.via.label("approved_via"),
            approvals.c.at.label("approved_at"),
        )
        .join(receipts, (receipts.c.post_id == posts.c.id) & (receipts.c.part == 0))
        .join(schema.articles, schema.articles.c.key == posts.c.article_key)
        .outerjoin(
            approvals,
            approvals.c.id == approval_that_counted(),
        )
    )


def _published(row: RowMapping, parts: Sequence[str], behind: Mapping[str, Any]) -> Published:
    return Published(
        post=post_from_row(row),
        title=row["title"],
        remote_id=row["remote_id"],
        permalinks=(row["permalink"], *parts),
        at=row["published_at"],
        found=bool(row["found"]),
        tries=row["fence"],
        approved_by=row["approved_by"] or "",
        approved_via=row["approved_via"] or "",
        approved_at=row["approved_at"],
        **behind,
    )
