"""Looking at the platform: unclear posts are found or asked about, published ones verified."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, func, select, update

from bot.domain.delivery import Outcome, Receipt, Ticket
from bot.domain.ledger import Event, Look, Patience, after
from bot.domain.post import Post, State
from bot.store import schema
from bot.store.audit import hold
from bot.store.due import LOOKED_AT, any_of
from bot.store.engine import reading, writing
from bot.store.leases import Leases
from bot.store.moves import change, close_attempt, live_parts, load, look_columns, noted
from bot.store.overdue import is_overdue
from bot.store.rows import post_from_row, ticket_from_row
from bot.store.spending import take_back

posts, attempts, tickets = schema.posts, schema.attempts, schema.tickets


@dataclass(frozen=True)
class Lookout:
    """Implements `bot.domain.ledger.Lookout`.

    Attributes:
        worker: who writes, for the history.
        leases: who works on what, where several workers share the database.
    """

    engine: Engine
    worker: str = "publisher"
    leases: Leases | None = None

    def recover(self, look: Look, *, rebooted: Look, now: datetime) -> Sequence[Post]:
        """Mark every post that was left `sending` as unclear.

        Where several workers share the database, these are the posts whose lease has run out and
        whose worker is gone; otherwise it is every one, and only the one publisher may call this.

        After a reboot every wait for a look begins anew (`rebooted`): how long the machine was
        off could only be told by a wall clock, which may be wrong just then.
        """
        reason = "The bot stopped while this was being sent."
        stale = and_(
            posts.c.look_at.is_not(None),
            posts.c.state.in_(LOOKED_AT),
            posts.c.asks == "",
            posts.c.look_boot.not_in(self.leases.boots() if self.leases else [rebooted.boot]),
        )
        sending = posts.c.state == State.SENDING
        with reading(self.engine) as connection:
            if not connection.execute(select(posts.c.id).where(any_of(stale, sending))).first():
                return []
        with writing(self.engine) as connection:
            hold(connection)
            connection.execute(update(posts).where(stale).values(**look_columns(rebooted)))
            rows = connection.execute(select(posts).where(sending).order_by(posts.c.id))
            found = [
                post_from_row(row)
                for row in rows.mappings().all()
                if self.leases is None or self.leases.abandoned(connection, row["id"])
            ]
            for post in found:
                close_attempt(
                    connection, (post.id, post.fence), Outcome.UNCLEAR, detail=reason, now=now
                )
                self._change(
                    connection,
                    post,
                    State.UNCLEAR,
                    now,
                    fence=post.fence + 1,
                    checks=0,
                    reason=reason,
                    **look_columns(look),
                )
        return found

    def attempted(self, post: Post) -> tuple[Ticket, datetime]:
        """Return the last ticket sent for the post and when its first attempt began."""
        query = (
            select(tickets, posts.c.first_sent_at)
            .join(attempts, attempts.c.ticket_id == tickets.c.id)
            .join(posts, posts.c.id == attempts.c.post_id)
            .where(attempts.c.post_id == post.id)
            .order_by(attempts.c.id.desc())
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise LookupError(f"post {post.id} is {post.state} without an attempt")
        return ticket_from_row(row, post.platform), row["first_sent_at"]

    def adopt(
        self, post: Post, receipt: Receipt, look: Look, *, now: datetime, by: str = ""
    ) -> None:
        """Record that an unclear post is live: found by looking, or told by an editor (`by`)."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is State.UNCLEAR and current.fence == post.fence:
                values = {"asks": "", "reason": "", "receipt": receipt, **look_columns(look)}
                to = after(
                    Outcome.PUBLISHED, live_parts(connection, post.id), len(current.content.parts)
                )
                self._change(connection, current, to, now, by=by, **values)

    def absent(self, post: Post, *, again: bool, look: Look, now: datetime, by: str = "") -> None:
        """Record that an unclear post was not there; `again` gives it back to be sent."""
        outcome = Outcome.NOT_SENT if again else Outcome.UNCLEAR
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            to = after(outcome, live_parts(connection, post.id), len(current.content.parts))
            unchanged = current.fence == post.fence and current.checks == post.checks
            if current.state is State.UNCLEAR and unchanged:
                told = f"{by} looked" if by else f"Looked {current.checks + 1} times"
                if again:
                    take_back(connection, post.id, current.fence)
                reason = f"{told}: it is not on {post.platform}."
                values: dict[str, Any] = {
                    "checks": current.checks + 1,
                    "reason": reason,
                    "asks": "",
                    **look_columns(None if again else look),
                }
                self._change(connection, current, to, now, by=by, **values)

    def look_later(self, post: Post, reason: str, look: Look, *, now: datetime) -> None:
        """Record that looking did not work this time."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is post.state and current.fence == post.fence:
                self._change(
                    connection, current, current.state, now, reason=reason, **look_columns(look)
                )

    def ask(self, post: Post, question: str, *, now: datetime, alarm: str = "post.asks") -> None:
        """Leave an unclear or published post to an editor, who is told exactly what to decide."""
        event = Event(at=now, name=alarm, who=self.worker, detail={"asks": question})
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state in LOOKED_AT and (current.state, current.fence) == (
                post.state,
                post.fence,
            ):
                change(connection, current, current.state, event, asks=question)

    def receipt(self, post: Post) -> Receipt | None:
        """Return the proof that the post is live."""
        return next(iter(self.receipts(post)), None)

    def receipts(self, post: Post) -> Sequence[Receipt]:
        """Return the proofs that the post and its parts are live, in order."""
        table = schema.receipts
        query = select(table).where(table.c.post_id == post.id).order_by(table.c.part)
        with reading(self.engine) as connection:
            return [_receipt(row) for row in connection.execute(query).mappings()]

    def delivered(self, post: Post) -> Sequence[tuple[Ticket, Receipt]]:
        """Return what was sent and is live: the post and its parts, in order."""
        receipts = schema.receipts
        newest = (
            select(func.max(tickets.c.id))
            .join(attempts, attempts.c.ticket_id == tickets.c.id)
            .where(tickets.c.post_id == post.id)
            .group_by(tickets.c.part)
        )
        joined = (tickets.c.post_id == receipts.c.post_id) & (tickets.c.part == receipts.c.part)
        query = (
            select(tickets, receipts.c.remote_id, receipts.c.permalink, receipts.c.found)
            .add_columns(receipts.c.via)
            .join(receipts, joined)
            .where(tickets.c.id.in_(newest))
            .order_by(receipts.c.part)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [(ticket_from_row(row, post.platform), _receipt(row)) for row in rows]

    def verified(self, post: Post, *, now: datetime, note: str = "") -> None:
        """Record that followers see what was approved; with a note: that nobody can tell."""
        to = State.PUBLISHED if note else State.VERIFIED
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is State.PUBLISHED:
                self._change(connection, current, to, now, reason=note, **look_columns(None))

    def known(self, post: Post, *, since: datetime) -> Collection[str]:
        """Return the platform's ids of what else is live on the post's channel since then."""
        receipts = schema.receipts
        query = (
            select(receipts.c.remote_id)
            .join(posts, posts.c.id == receipts.c.post_id)
            .where(receipts.c.at > since, posts.c.channel == post.channel)
        )
        with reading(self.engine) as connection:
            return set(connection.execute(query).scalars())

    def sent_since(self, channel: str, since: datetime) -> int:
        """Return how many posts of a channel have gone out since then, parts not counted."""
        receipts = schema.receipts
        query = (
            select(func.count())
            .select_from(receipts.join(posts, posts.c.id == receipts.c.post_id))
            .where(receipts.c.at > since, receipts.c.part == 0, posts.c.channel == channel)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalar_one()

    def overdue(
        self, *, now: datetime, uptime: float, boot: str, patience: Patience
    ) -> Sequence[Post]:
        """Return the posts that are where they are for too long and of which nobody was told."""
        query = select(posts).where(is_overdue(now, uptime, boot, patience)).order_by(posts.c.id)
        with reading(self.engine) as connection:
            return [post_from_row(row) for row in connection.execute(query).mappings()]

    def alarm(self, post: Post, words: str, *, now: datetime) -> None:
        """Record the alarm `post.overdue`, unless the post has just gone on or somebody else has."""
        event = Event(at=now, name="post.overdue", who=self.worker, detail={"alarm": words})
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current == post:
                change(connection, current, current.state, event, overdue_at=now)

    def answered(self, post: Post, *, now: datetime, by: str) -> bool:
        """Record that somebody has dealt with a question about a live post; False without one."""
        event = Event(at=now, name="post.answered", who=by)
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if not current.asks or current.state is State.UNCLEAR:
                return False
            change(connection, current, current.state, event, asks="", **look_columns(None))
            return True

    def _change(
        self,
        connection: Connection,
        post: Post,
        to: State,
        now: datetime,
        *,
        by: str = "",
        **values: Any,
    ) -> None:
        change(connection, post, to, noted(by or self.worker, post, to, now, **values), **values)


def _receipt(row: RowMapping) -> Receipt:
    return Receipt(
        remote_id=row["remote_id"],
        permalink=row["permalink"],
        found=bool(row["found"]),
        via=row["via"],
    )
