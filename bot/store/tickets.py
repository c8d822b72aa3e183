"""The saved requests: which one is to be sent, and what was uploaded for a post already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, CursorResult, exists, insert, select

from bot.domain.delivery import Media, Outcome, Ticket
from bot.domain.post import Post
from bot.store import schema
from bot.store.rows import ticket_from_row, ticket_to_json

tickets, attempts = schema.tickets, schema.attempts

#: What a platform has refused is not sent again as it is: its upload may be what was wrong.
_REFUSED = exists().where(
    attempts.c.ticket_id == tickets.c.id, attempts.c.outcome == Outcome.REJECTED
)


def keep(
    connection: Connection, post_id: int, ticket: Ticket, now: datetime
) -> CursorResult[tuple[int]]:
    """Write a request down."""
    return connection.execute(
        insert(tickets).values(
            post_id=post_id,
            fingerprint=ticket.fingerprint,
            request=ticket.request,
            text=ticket.text,
            media=ticket_to_json(ticket),
            part=ticket.part,
            account=ticket.account,
            created_at=now,
        )
    )


def kept(
    connection: Connection, post: Post, part: int, *, account: str, now: datetime
) -> Ticket | None:
    """Return the request for a part of a post as it stands, None without a usable one."""
    query = (
        select(tickets)
        .where(tickets.c.post_id == post.id, tickets.c.part == part, ~_REFUSED)
        .where(tickets.c.fingerprint == post.fingerprint)
        .order_by(tickets.c.id.desc())
    )
    for row in connection.execute(query).mappings():
        ticket = ticket_from_row(row, post.platform)
        if ticket.is_of(account):
            return ticket if all(_lasts(media, now) for media in ticket.media) else None
    return None


def uploaded(connection: Connection, post: Post, *, account: str, now: datetime) -> Sequence[Media]:
    """Return what the account has uploaded for a post and may still attach, newest first."""
    query = (
        select(tickets)
        .where(tickets.c.post_id == post.id, tickets.c.account == account, ~_REFUSED)
        .order_by(tickets.c.id.desc())
    )
    rows = connection.execute(query).mappings()
    made = [ticket_from_row(row, post.platform) for row in rows]
    return [media for ticket in made for media in ticket.media if _lasts(media, now)]


def _lasts(media: Media, now: datetime) -> bool:
    return media.expires_at is None or media.expires_at > now
