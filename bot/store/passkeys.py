"""Keys in people's devices, and the challenges they sign: each once, and soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.access import Passkey
from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.domain.people import User
from bot.store.access_schema import challenges, passkeys
from bot.store.audit import record
from bot.store.desk_schema import sign_in_links, users
from bot.store.engine import reading, writing
from bot.store.people import owner, with_owner

#: The most one person has: more is a mistake, or a full table.
MOST = 20
#: With fewer, one lost device shuts a person out who has no password.
FEWEST_ALONE = 2


@dataclass(frozen=True)
class Passkeys:
    """Passkeys by their owner or their credential's id."""

    engine: Engine

    def ask(
        self, visitor: str, purpose: str, challenge: str, *, until: datetime, now: datetime
    ) -> None:
        """Keep what this visitor's device is to sign; what it was asked before is void."""
        mine = (challenges.c.visitor == visitor) & (challenges.c.purpose == purpose)
        row = {"visitor": visitor, "purpose": purpose, "challenge": challenge, "expires_at": until}
        with writing(self.engine) as connection:
            connection.execute(delete(challenges).where(mine | (challenges.c.expires_at <= now)))
            connection.execute(insert(challenges).values(**row))

    def asked(self, visitor: str, purpose: str, *, now: datetime) -> str:
        """Return what this visitor's device was to sign, once; "" where nothing, or not of late."""
        mine = (challenges.c.visitor == visitor) & (challenges.c.purpose == purpose)
        with writing(self.engine) as connection:
            found = connection.execute(
                select(challenges.c.challenge, challenges.c.expires_at).where(mine)
            ).first()
            connection.execute(delete(challenges).where(mine))
        return str(found.challenge) if found and found.expires_at > now else ""

    def of(self, user: User) -> Sequence[Passkey]:
        """Return somebody's passkeys, oldest first."""
        query = with_owner(passkeys).where(passkeys.c.user_id == user.id).order_by(passkeys.c.id)
        with reading(self.engine) as connection:
            return [_passkey(row) for row in connection.execute(query).mappings()]

    def owners(self) -> frozenset[str]:
        """Return the names of those who have passkeys."""
        query = select(users.c.name).where(users.c.id.in_(select(passkeys.c.user_id)))
        with reading(self.engine) as connection:
            return frozenset(connection.execute(query).scalars())

    def find(self, credential: str) -> Passkey | None:
        """Return the passkey with this id; None where there is none or its owner is shut out."""
        query = with_owner(passkeys).where(
            passkeys.c.credential == credential, users.c.disabled_at.is_(None)
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        return _passkey(row) if row else None

    def add(self, key: Passkey, *, now: datetime) -> None:
        """Keep a new passkey. Raises UsageError where it is known already, or there are too many."""
        mine = select(func.count()).where(passkeys.c.user_id == key.user.id)
        try:
            with writing(self.engine) as connection:
                if connection.execute(mine).scalar_one() >= MOST:
                    raise UsageError(f"You have {MOST} passkeys; remove one first. None was added.")
                connection.execute(
                    insert(passkeys).values(
                        user_id=key.user.id,
                        credential=key.credential,
                        public_key=key.public_key,
                        count=key.count,
                        name=key.name,
                        created_at=now,
                    )
                )
                record(connection, _event("user.passkey_added", key.user.name, key, now))
        except IntegrityError:
            raise UsageError("This passkey is known already; nothing was added.") from None

    def used(self, key: Passkey, count: int, *, now: datetime) -> bool:
        """Write down that somebody signs in with it; False where it was used meanwhile."""
        same = (passkeys.c.id == key.id) & (passkeys.c.count == key.count)
        with writing(self.engine) as connection:
            done = connection.execute(
                update(passkeys).where(same).values(count=count, used_at=now)
            ).rowcount
            if done:
                record(connection, _event("user.passkey_used", key.user.name, key, now))
        return bool(done)

    def rename(self, user: User, number: int, name: str, *, now: datetime) -> None:
        """Call a passkey something else. Raises UsageError where somebody has no such one."""
        mine = (passkeys.c.id == number) & (passkeys.c.user_id == user.id)
        with writing(self.engine) as connection:
            if not connection.execute(update(passkeys).where(mine).values(name=name)).rowcount:
                raise UsageError("There is no such passkey; nothing was changed.")
            detail = {"user": user.name, "passkey": name}
            record(
                connection, Event(at=now, name="user.passkey_named", who=user.name, detail=detail)
            )

    def alone(self, user: User, *, now: datetime) -> None:
        """Let only their passkeys open the desk to somebody: no password, no link to set one.

        Raises:
            UsageError: they have fewer than two, and would be shut out with one device.
        """
        with writing(self.engine) as connection:
            if _count(connection, user) < FEWEST_ALONE:
                raise UsageError(
                    "That takes two passkeys, on two devices, so that you still come in when one "
                    "is lost; your password still works."
                )
            connection.execute(update(users).where(users.c.id == user.id).values(password=""))
            links = sign_in_links
            connection.execute(delete(links).where(links.c.user_id == user.id))
            event = Event(
                at=now, name="user.password_off", who=user.name, detail={"user": user.name}
            )
            record(connection, event)

    def remove(self, user: User, number: int | None = None, *, by: str, now: datetime) -> None:
        """Forget one passkey of somebody, or all.

        Raises:
            UsageError: there is none, or it is their own last way in.
        """
        mine = passkeys.c.user_id == user.id
        which = mine if number is None else mine & (passkeys.c.id == number)
        with writing(self.engine) as connection:
            rows = connection.execute(with_owner(passkeys).where(which)).mappings().all()
            if not rows:
                raise UsageError("There is no such passkey; nothing was changed.")
            if (
                by == user.name
                and _count(connection, user) == len(rows)
                and not _password(connection, user)
            ):
                raise UsageError(
                    "It is your last way in: you have no password. It was kept. Add another "
                    "passkey first, or ask an admin for a one-time link."
                )
            connection.execute(delete(passkeys).where(which))
            for row in rows:
                record(connection, _event("user.passkey_removed", by, _passkey(row), now))


def _count(connection: Connection, user: User) -> int:
    """Return how many passkeys somebody has; nobody changes them meanwhile."""
    connection.execute(select(users.c.id).where(users.c.id == user.id).with_for_update())
    mine = select(func.count()).where(passkeys.c.user_id == user.id)
    return int(connection.execute(mine).scalar_one())


def _password(connection: Connection, user: User) -> str:
    query = select(users.c.password).where(users.c.id == user.id)
    return str(connection.execute(query).scalar_one())


def _passkey(row: RowMapping) -> Passkey:
    return Passkey(
        id=row["id"],
        user=owner(row),
        credential=row["credential"],
        public_key=row["public_key"],
        count=row["count"],
        name=row["name"],
        created_at=row["created_at"],
        used_at=row["used_at"],
    )


def _event(name: str, who: str, key: Passkey, now: datetime) -> Event:
    return Event(at=now, name=name, who=who, detail={"user": key.user.name, "passkey": key.name})
