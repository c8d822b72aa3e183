"""Who is signed in, from which devices, and who tried in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select, update

from bot.domain.ledger import Event
from bot.domain.people import User
from bot.store import desk_schema as schema
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.people import user_from

users, sessions, devices = schema.users, schema.sessions, schema.devices
failures = schema.sign_in_failures

#: OWASP ASVS 3.3: a session ends unused after half a day, and after a week in any case.
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
#: `seen_at` is not written more often than this, so that reading pages writes nothing.
SEEN_EVERY = timedelta(minutes=5)
#: How long a failed sign-in counts.
REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One place where somebody is signed in."""

    digest: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Sessions:
    """Sessions by the digest of their secret."""

    engine: Engine

    def begin(self, user: User, digest: str, *, device: str, now: datetime) -> None:
        """Sign somebody in, and remember the device by its digest."""
        with writing(self.engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.began_at < now - LONGEST))
            connection.execute(
                insert(sessions).values(digest=digest, user_id=user.id, began_at=now, seen_at=now)
            )
            known = select(devices).where(devices.c.digest == device)
            if connection.execute(known).first() is None:
                connection.execute(insert(devices).values(digest=device, user_id=user.id, at=now))
            connection.execute(
                delete(failures).where(failures.c.name == user.name, failures.c.origin == device)
            )
            record(connection, Event(at=now, name="user.signed_in", who=user.name))

    def user(self, digest: str, *, now: datetime) -> User | None:
        """Return who has this session; None where it ended."""
        query = (
            select(users, sessions.c.seen_at)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(
                sessions.c.digest == digest,
                sessions.c.seen_at > now - IDLE,
                sessions.c.began_at > now - LONGEST,
                users.c.disabled_at.is_(None),
            )
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - row["seen_at"] > SEEN_EVERY:
            with writing(self.engine) as connection:
                connection.execute(
                    update(sessions).where(sessions.c.digest == digest).values(seen_at=now)
                )
        return user_from(row)

    def end(self, digest: str, *, who: str, now: datetime) -> None:
        """Sign out: the session is gone, whoever still has its cookie."""
        with writing(self.engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))
            record(connection, Event(at=now, name="user.signed_out", who=who))

    def of(self, user: User, *, now: datetime) -> Sequence[Session]:
        """Return where somebody is signed in, newest first."""
        query = (
            select(sessions.c.digest, sessions.c.began_at, sessions.c.seen_at)
            .where(
                sessions.c.user_id == user.id,
                sessions.c.seen_at > now - IDLE,
                sessions.c.began_at > now - LONGEST,
            )
            .order_by(sessions.c.seen_at.desc())
        )
        with reading(self.engine) as connection:
            return [Session(**row) for row in connection.execute(query).mappings()]

    def end_others(self, user: User, digest: str, *, now: datetime) -> int:
        """Sign somebody out everywhere but here; return in how many places."""
        others = (sessions.c.user_id == user.id) & (sessions.c.digest != digest)
        with writing(self.engine) as connection:
            count = connection.execute(delete(sessions).where(others)).rowcount
            record(connection, Event(at=now, name="user.signed_out", who=user.name))
        return count

    def knows_device(self, digest: str, name: str) -> bool:
        """Tell whether this person has signed in from this device before."""
        query = (
            select(func.count())
            .select_from(devices.join(users, users.c.id == devices.c.user_id))
            .where(devices.c.digest == digest, users.c.name == name)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalar_one() > 0

    def failed(self, name: str, origin: str, *, now: datetime) -> None:
        """Write a failed sign-in down; `origin` is an address, or a known device's digest."""
        with writing(self.engine) as connection:
            connection.execute(delete(failures).where(failures.c.at < now - REMEMBERED))
            connection.execute(insert(failures).values(name=name, origin=origin, at=now))
            detail = {"user": name}
            record(connection, Event(at=now, name="user.sign_in_failed", who="?", detail=detail))

    def failures(
        self, origin: str, *, name: str = "", now: datetime
    ) -> tuple[int, datetime | None]:
        """Return how often signing in from here (as `name`) failed of late, and when last."""
        query = select(func.count(), func.max(failures.c.at)).where(
            failures.c.origin == origin, failures.c.at > now - REMEMBERED
        )
        if name:
            query = query.where(failures.c.name == name)
        with reading(self.engine) as connection:
            count, last = connection.execute(query).one()
        return count, last
