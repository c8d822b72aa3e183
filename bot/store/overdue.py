"""What is where it is for too long, and of which nobody was told yet."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from bot.domain.ledger import Patience
from bot.domain.post import State
from bot.store import schema
from bot.store.due import SENDABLE, any_of, to_look

posts = schema.posts


def is_overdue(now: datetime, uptime: float, boot: str, patience: Patience) -> ColumnElement[bool]:
    """Return the posts that are overdue, see `bot.pipeline.reap`; each once until it moves on."""
    told = and_(posts.c.overdue_at.is_not(None), posts.c.overdue_at > now - patience.unanswered)
    approved_at = (
        select(func.max(schema.approvals.c.at))
        .where(schema.approvals.c.post_id == posts.c.id)
        .scalar_subquery()
    )
    late = now - patience.late
    not_sent = and_(
        posts.c.state.in_(SENDABLE),
        posts.c.due_at <= late,
        posts.c.updated_at <= now - patience.sending,  # else somebody is at it
        func.coalesce(posts.c.grace_until, posts.c.due_at) <= late,
        func.coalesce(approved_at, posts.c.due_at) <= late,
    )
    hanging = and_(posts.c.state == State.SENDING, posts.c.updated_at <= now - patience.sending)
    look = patience.look
    not_looked = to_look(now - look, uptime - look.total_seconds(), boot)
    unanswered = and_(
        posts.c.asks != literal_column("''"), posts.c.updated_at <= now - patience.unanswered
    )
    return and_(any_of(not_sent, hanging, not_looked, unanswered), ~told)
