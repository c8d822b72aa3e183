"""Who works on what, where several workers share one PostgreSQL database.

A worker takes a post for a limited time (a lease, counted by the database's clock), and while it
lives it holds a lock of its own in a session of the database, which the server frees when the
session ends. A post found `sending` is taken over only when its lease has run out *and* its
worker's lock is free: a worker that only sleeps still holds it. (With the lease alone, 2 of 10
paused workers posted twice; with the lock as well, none of 20.)
"""

import contextlib
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Select,
    cast,
    column,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.domain.ports import Clock
from bot.domain.post import Post
from bot.store import schema
from bot.store.due import is_due, is_next
from bot.store.engine import readable_errors
from bot.store.rows import post_from_row

posts, workers = schema.posts, schema.workers

#: Any number, the same for every process: the class of the locks that say a worker lives.
_ALIVE = 0x776B7273


@dataclass
class DatabaseClock:
    """The database's time of day, so that several machines agree; everything else is the machine's.

    Between two `sync`s it goes on by the machine's uptime, which no one can set.
    """

    machine: Clock
    at: datetime | None = None
    uptime_then: float = 0

    def now(self) -> datetime:
        """Return the time of day by the database's clock; the machine's before the first `sync`."""
        if self.at is None:
            return self.machine.now()
        return self.at + timedelta(seconds=self.machine.uptime() - self.uptime_then)

    def sync(self, at: datetime) -> None:
        """Take over the database's time."""
        self.at, self.uptime_then = at, self.machine.uptime()

    def uptime(self) -> float:
        """Return seconds since this machine started."""
        return self.machine.uptime()

    def boot(self) -> str:
        """Return a name of this start of the machine."""
        return self.machine.boot()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        self.machine.wait(seconds)


@dataclass
class Leases:
    """Implements `bot.domain.leases.Leases` on PostgreSQL.

    Attributes:
        clock: kept at the database's time.
        name: which machine and process this is.
        seconds: how long a lease lasts; longer than the longest delivery.
        number: of this worker, once it is known.
    """

    engine: Engine
    clock: DatabaseClock
    name: str
    seconds: float
    number: int | None = None
    _session: Connection | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def shared(self) -> bool:
        """Others may be working on the same posts."""
        return True

    def begin(self) -> None:
        """Be known as a living worker, again where the session was lost.

        Raises:
            StoreError: the database cannot be reached.
        """
        with self._lock, readable_errors(str(self.engine.url)):
            if self._session is not None:
                try:
                    self._sync(self._session)
                    return  # noqa: TRY300 -- it lives
                except DBAPIError:  # the server was restarted, and the lock is gone with it
                    self.end()
            session = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                if self.number is None:
                    self.number = self._join(session)
                session.execute(select(func.pg_advisory_lock(_ALIVE, self.number)))
                self._sync(session)
            except BaseException:
                session.invalidate()
                session.close()
                raise
            self._session = session

    def end(self) -> None:
        """Let go of everything: what this worker has left open may be taken over."""
        with self._lock:
            if self._session is None:
                return
            with contextlib.suppress(SQLAlchemyError):  # then it is gone already
                self._session.execute(select(func.pg_advisory_unlock_all()))
            self._session.invalidate()
            self._session.close()
            self._session = None

    def take(self, post: Post, *, now: datetime, uptime: float, boot: str) -> Post | None:
        """Take what is due for this post, if nobody else has it; return the post as it is now."""
        me = self._me()
        free = or_(posts.c.held_until.is_(None), posts.c.held_until < func.clock_timestamp())
        mine = (
            select(posts.c.id)
            .where(posts.c.id == post.id, free, is_due(now, uptime, boot), is_next(now))
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = update(posts).where(posts.c.id == mine).values(held_by=me, held_until=self._until())
        with readable_errors(str(self.engine.url)), self.engine.begin() as connection:
            row = connection.execute(taken.returning(*posts.c)).mappings().first()
        return post_from_row(row) if row else None

    def waiting(self, *, now: datetime, uptime: float, boot: str) -> list[int]:
        """Return the posts that could be taken now, oldest first."""
        free = or_(posts.c.held_until.is_(None), posts.c.held_until < func.clock_timestamp())
        query = select(posts.c.id).where(free, is_due(now, uptime, boot), is_next(now))
        with readable_errors(str(self.engine.url)), self.engine.connect() as connection:
            return list(connection.execute(query.order_by(posts.c.due_at, posts.c.id)).scalars())

    def release(self, post: Post) -> None:
        """Give a post back: what is next for it may be done by anybody."""
        self._leave(post, held_by=None, held_until=None)

    def set_aside(self, post: Post) -> None:
        """Leave a post alone for the length of a lease, without holding others up."""
        self._leave(post, held_by=None, held_until=self._until())

    def hold(self, connection: Connection, post: Post) -> bool:
        """Take or keep a post for an attempt, in the claim's own transaction.

        False where somebody else has it, or where this worker's lock is gone, so that others
        could not tell that it lives.
        """
        me = self._me()
        free = or_(
            posts.c.held_by == me,
            posts.c.held_until.is_(None),
            posts.c.held_until < func.clock_timestamp(),
        )
        held = connection.execute(
            update(posts)
            .where(posts.c.id == post.id, free, self._living(me))
            .values(held_by=me, held_until=self._until())
        )
        return held.rowcount == 1

    def abandoned(self, connection: Connection, post_id: int) -> bool:
        """Return whether a `sending` post has run out of its lease and its worker is gone."""
        row = connection.execute(
            select(
                posts.c.held_by,
                func.coalesce(posts.c.held_until < func.clock_timestamp(), True).label("late"),
            ).where(posts.c.id == post_id)
        ).one()
        if not row.late:
            return False
        if row.held_by is None or row.held_by == self.number:
            return True  # left by this very worker, whose attempt can no longer be on the wire
        gone = select(func.pg_try_advisory_xact_lock(_ALIVE, row.held_by))
        return bool(connection.execute(gone).scalar())

    def boots(self) -> Select[tuple[str]]:
        """Return the boots of the machines on which a worker lives."""
        return select(workers.c.boot).where(self._living(workers.c.id))

    def _me(self) -> int:
        if self._session is None:
            self.begin()
        assert self.number is not None  # noqa: S101 -- `begin` has set it; for the type checker
        return self.number

    def _join(self, session: Connection) -> int:
        row = insert(workers).values(
            name=self.name, boot=self.clock.boot(), joined_at=func.clock_timestamp()
        )
        return int(session.execute(row.returning(workers.c.id)).scalar_one())

    def _leave(self, post: Post, **values: object) -> None:
        mine = (posts.c.id == post.id, posts.c.held_by == self._me())
        with readable_errors(str(self.engine.url)), self.engine.begin() as connection:
            connection.execute(update(posts).where(*mine).values(**values))

    def _until(self) -> ColumnElement[datetime]:
        return func.clock_timestamp() + cast(timedelta(seconds=self.seconds), INTERVAL)

    def _sync(self, connection: Connection) -> None:
        self.clock.sync(connection.execute(select(func.clock_timestamp())).scalar_one())

    @staticmethod
    def _living(number: ColumnElement[int] | int) -> ColumnElement[bool]:
        """Return whether the worker with this number holds its lock."""
        locks = table(
            "pg_locks",
            column("locktype"),
            column("database"),
            column("classid"),
            column("objid"),
            column("granted"),
        )
        here: ColumnElement[int] = literal_column(
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return exists().where(
            locks.c.locktype == "advisory",
            locks.c.database == here,
            cast(locks.c.classid, BigInteger) == _ALIVE,
            cast(locks.c.objid, BigInteger) == number,
            locks.c.granted,
        )
