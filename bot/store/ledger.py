"""The posts as the publisher handles them: claim before the wire, settle after it.

Every write that follows an attempt is guarded by the post's fence, so that a worker which was
overtaken can no longer change anything but report a receipt it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    func,
    insert,
    select,
    update,
)

from bot.domain.delivery import Attempt, Media, Outcome, Ticket
from bot.domain.ledger import Event, Settlement, after
from bot.domain.money import Cost
from bot.domain.post import Post, State
from bot.domain.schedule import Quota
from bot.store import schema
from bot.store.calendar import is_full
from bot.store.due import EVERYTHING, EXPIRING, SENDABLE, is_due
from bot.store.engine import reading, writing
from bot.store.leases import Leases
from bot.store.moves import (
    change,
    close_attempt,
    inserted_id,
    live_parts,
    load,
    look_columns,
    noted,
    twice,
)
from bot.store.rows import post_from_row
from bot.store.spending import affords, book, take_back
from bot.store.tickets import keep, kept, uploaded

#: Failed requests are not billed (X API, Post cap, FAQ).
_UNBILLED = frozenset({Outcome.NOT_SENT, Outcome.REJECTED, Outcome.BLOCKED})

posts, attempts, tickets = schema.posts, schema.attempts, schema.tickets


@dataclass(frozen=True)
class Ledger:
    """Implements `bot.domain.ledger.Ledger`.

    Attributes:
        worker: who writes, for the history.
        leases: who works on what, where several workers share the database.
    """

    engine: Engine
    worker: str = "publisher"
    leases: Leases | None = None

    def post(self, post_id: int) -> Post:
        """Return one post. Raises UsageError for an unknown id."""
        with reading(self.engine) as connection:
            return load(connection, post_id)

    def due(self, *, now: datetime, uptime: float, boot: str) -> Sequence[Post]:
        """Return what has to be done now, oldest first: to send, to find, to verify, to expire."""
        query = select(posts).where(is_due(now, uptime, boot)).order_by(posts.c.due_at, posts.c.id)
        with reading(self.engine) as connection:
            return [post_from_row(row) for row in connection.execute(query).mappings()]

    def expire(self, post: Post, *, now: datetime) -> None:
        """Give up a post whose time has passed."""
        reason = f"Not sent before {post.expires_at:%d %b %H:%M} UTC: too old to be news."
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.reason:
                reason = f"{reason} Before that: {current.reason}"
            if current.state in EXPIRING and current.state is not State.BEGUN:
                self._change(connection, current, State.EXPIRED, now, reason=reason)

    def ticket(self, post: Post, *, part: int, now: datetime, account: str = "") -> Ticket | None:
        """Return the saved request for a part of the post as it stands, None without a usable one."""
        with reading(self.engine) as connection:
            return kept(connection, post, part, account=account, now=now)

    def uploaded(self, post: Post, *, account: str, now: datetime) -> Sequence[Media]:
        """Return what this account has uploaded for the post and may still attach."""
        with reading(self.engine) as connection:
            return uploaded(connection, post, account=account, now=now)

    def save_ticket(self, post: Post, ticket: Ticket, *, now: datetime) -> Ticket:
        """Keep a request before it is sent for the first time; return the one to send.

        Where another worker has just kept one, that is it: a post has one request, whoever sends.
        """
        with writing(self.engine) as connection:
            first = kept(connection, post, ticket.part, account=ticket.account, now=now)
            if first is None:
                keep(connection, post.id, ticket, now)
        return first or ticket

    def postpone(self, post: Post, reason: str, *, retry_at: datetime, now: datetime) -> None:
        """Leave an approved or begun post for later, before any attempt."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state in SENDABLE:
                values = {"reason": reason, "retry_at": retry_at, "tries": current.tries + 1}
                self._change(connection, current, current.state, now, **values)

    def fail(self, post: Post, reason: str, *, now: datetime) -> None:
        """Give an approved post back to the editor, before any attempt."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is State.APPROVED:
                self._change(connection, current, State.FAILED, now, reason=reason)

    def abandon(self, post: Post, question: str, *, now: datetime) -> None:
        """Send no more parts of a begun post; an editor is told what is missing."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is State.BEGUN:
                event = Event(
                    at=now, name="post.incomplete", who=self.worker, detail={"asks": question}
                )
                change(connection, current, State.PUBLISHED, event, asks=question)

    def claim(
        self,
        post: Post,
        ticket: Ticket,
        *,
        now: datetime,
        cost: Cost | None = None,
        quotas: Sequence[Quota] = (),
    ) -> Attempt | None:
        """Move an approved or begun post to sending and write the attempt down, or return None."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if not _sendable(connection, current, post, ticket, now):
                return None
            if (cost and not affords(connection, cost)) or is_full(connection, current, quotas):
                return None
            if self.leases and not self.leases.hold(connection, current):
                return None
            fence = current.fence + 1
            won = connection.execute(
                update(posts)
                .where(posts.c.id == post.id, posts.c.fence == current.fence)
                .where(posts.c.state == current.state)
                .values(first_sent_at=func.coalesce(posts.c.first_sent_at, now), fence=fence)
            )
            if won.rowcount != 1:
                return None
            if cost:
                book(connection, cost, post.id, fence, now)
            tries = current.tries + 1
            self._change(connection, current, State.SENDING, now, tries=tries, retry_at=None)
            ticket_id = connection.execute(
                select(func.max(tickets.c.id)).where(
                    tickets.c.post_id == post.id,
                    tickets.c.part == ticket.part,
                    tickets.c.fingerprint == ticket.fingerprint,
                    tickets.c.request == ticket.request,
                )
            ).scalar_one()
            attempt = connection.execute(
                insert(attempts).values(
                    post_id=post.id,
                    fence=fence,
                    ticket_id=ticket_id,
                    fingerprint=ticket.fingerprint,
                    started_at=now,
                )
            )
            number = inserted_id(attempt)
            return Attempt(id=number, post_id=post.id, fence=fence, ticket=ticket, started_at=now)

    def settle(self, attempt: Attempt, settlement: Settlement, *, now: datetime) -> Post:
        """Record how an attempt ended. A worker with an old fence can only report a receipt."""
        with writing(self.engine) as connection:
            post = load(connection, attempt.post_id)
            close_attempt(
                connection,
                (post.id, attempt.fence),
                settlement.outcome,
                detail=settlement.reason,
                now=now,
                status=settlement.status,
            )
            if settlement.outcome in _UNBILLED:
                take_back(connection, post.id, attempt.fence)
            mine = post.fence == attempt.fence and post.state is State.SENDING
            if mine:
                part = attempt.ticket.part
                values: dict[str, Any] = {
                    "reason": settlement.reason,
                    "asks": settlement.asks,
                    "retry_at": settlement.retry_at,
                    "checks": 0,
                    "receipt": settlement.receipt,
                    **look_columns(settlement.look),
                }
                to = after(settlement.outcome, part, len(post.content.parts))
                self._change(connection, post, to, now, **values)
            elif settlement.receipt:
                self._late(connection, post, attempt, settlement, now)
            return load(connection, post.id)

    def _change(
        self, connection: Connection, post: Post, to: State, now: datetime, **values: Any
    ) -> None:
        change(connection, post, to, noted(self.worker, post, to, now, **values), **values)

    def _late(
        self,
        connection: Connection,
        post: Post,
        attempt: Attempt,
        settlement: Settlement,
        now: datetime,
    ) -> None:
        """Take the receipt of a worker that was overtaken: what it knows must not be lost."""
        receipt = settlement.receipt
        assert receipt is not None  # noqa: S101 -- the caller's condition, for the type checker
        part = attempt.ticket.part
        is_next = part == live_parts(connection, post.id)
        if is_next and post.state in (State.UNCLEAR, *SENDABLE):
            if post.state in SENDABLE:  # the table has no shorter way
                self._change(connection, post, State.SENDING, now)
                post = load(connection, post.id)
            values = {"fence": post.fence + 1, "asks": "", **look_columns(settlement.look)}
            to = after(Outcome.PUBLISHED, part, len(post.content.parts))
            self._change(connection, post, to, now, receipt=receipt, **values)
            return
        table = schema.receipts
        known = connection.execute(
            select(table.c.remote_id).where(table.c.post_id == post.id, table.c.part == part)
        ).scalar()
        if known != receipt.remote_id:
            asks = twice(post, known, receipt)
            detail = {"known": known, "also": receipt.remote_id, "asks": asks}
            alarm = Event(at=now, name="post.double_alarm", who=self.worker, detail=detail)
            change(connection, post, post.state, alarm, asks=asks)


def _sendable(
    connection: Connection, current: Post, seen: Post, ticket: Ticket, now: datetime
) -> bool:
    approved: ColumnElement[bool] = and_(
        schema.approvals.c.post_id == current.id,
        schema.approvals.c.fingerprint == current.fingerprint,
        schema.approvals.c.withdrawn_at.is_(None),
    )
    paused = schema.pauses.c.channel.in_((current.channel, EVERYTHING))
    return (
        current.state in SENDABLE
        and ticket.part == live_parts(connection, current.id)
        and connection.execute(select(schema.pauses).where(paused)).first() is None
        and current.fence == seen.fence
        and current.fingerprint == seen.fingerprint == ticket.fingerprint
        and (current.due_at is not None and current.due_at <= now)
        and (current.expires_at is None or current.expires_at > now)
        and (current.grace_until is None or current.grace_until <= now)
        and (current.retry_at is None or current.retry_at <= now)
        and connection.execute(select(func.count()).where(approved)).scalar_one() > 0
    )
