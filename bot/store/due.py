"""What has to be done now, and whose turn it is on one account."""

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, or_, select, union_all

from bot.domain.post import State
from bot.store import schema

posts = schema.posts

#: The name under which everything is paused at once.
EVERYTHING = "*"

#: From these a part is sent.
SENDABLE = (State.APPROVED, State.BEGUN)

#: In these the platform is looked at.
LOOKED_AT = (State.UNCLEAR, State.PUBLISHED)

#: In these a post is given up when its time has passed.
EXPIRING = (*SENDABLE, State.DRAFTED, State.ON_HOLD, State.FAILED)


def is_due(now: datetime, uptime: float, boot: str) -> ColumnElement[bool]:
    """Return the posts that are to be sent, looked for, verified or expired now."""
    # One condition for each state: SQLite would rather read the whole table than seek five times.
    to_expire = (and_(posts.c.state == state, posts.c.expires_at <= now) for state in EXPIRING)
    return any_of(_to_send(posts, now), to_look(now, uptime, boot), *to_expire)


def any_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the posts for which one of the conditions holds, each found by its own index.

    With a plain "or" both databases read the whole table, every few seconds and for ever more.
    """
    return posts.c.id.in_(union_all(*(select(posts.c.id).where(one) for one in conditions)))


def to_look(now: datetime, uptime: float, boot: str) -> ColumnElement[bool]:
    """Return the posts that have to be looked at on their platform."""
    return and_(
        posts.c.look_at.is_not(None),  # for the index: of the many that are out, few wait for it
        posts.c.state.in_(LOOKED_AT),
        posts.c.asks == "",
        # The wall clock may be set, in both directions; within one boot it does not count.
        or_(
            and_(posts.c.look_boot == boot, posts.c.look_uptime <= uptime),
            and_(posts.c.look_boot != boot, posts.c.look_at <= now),
        ),
    )


def is_next(now: datetime) -> ColumnElement[bool]:
    """Return the posts before which nothing else has to be sent on the same account.

    Several workers keep an account's order by this: while a post is being prepared or sent, no
    other worker takes a later one. A post that was set aside, after a bug, holds nobody up.
    """
    other = posts.alias("other")
    set_aside = and_(
        other.c.held_by.is_(None), func.coalesce(other.c.held_until > func.clock_timestamp(), False)
    )
    earlier = or_(
        other.c.due_at < posts.c.due_at,
        and_(other.c.due_at == posts.c.due_at, other.c.id < posts.c.id),
    )
    before = or_(
        and_(other.c.state == State.SENDING, other.c.held_until > func.clock_timestamp()),
        and_(_to_send(other, now), other.c.expires_at > now, earlier, ~set_aside),
    )
    held_up = exists().where(other.c.channel == posts.c.channel, other.c.id != posts.c.id, before)
    return or_(posts.c.state != State.APPROVED, posts.c.expires_at <= now, ~held_up)


def _to_send(table: FromClause, now: datetime) -> ColumnElement[bool]:
    return and_(
        table.c.state.in_(SENDABLE),
        table.c.due_at <= now,
        or_(table.c.retry_at.is_(None), table.c.retry_at <= now),
        or_(table.c.grace_until.is_(None), table.c.grace_until <= now),
        table.c.channel.not_in(select(schema.pauses.c.channel)),
        ~exists().where(schema.pauses.c.channel == EVERYTHING),
    )
