"""The people at the desk: accounts, one-time links, sessions, and failed sign-ins.

What proves who somebody is (passwords, links, sessions, known devices) is kept as a digest only:
a stolen database opens no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.domain.people import Role, User, checked_name
from bot.store import desk_schema as schema
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id

users, links = schema.users, schema.sign_in_links


@dataclass(frozen=True)
class People:
    """Accounts and the one-time links that open them."""

    engine: Engine

    def all(self) -> Sequence[User]:
        """Return everybody, by name."""
        with reading(self.engine) as connection:
            return [
                user_from(r)
                for r in connection.execute(select(users).order_by(users.c.name)).mappings()
            ]

    def find(self, name: str) -> User | None:
        """Return somebody by name, None where there is nobody of that name."""
        with reading(self.engine) as connection:
            row = _row(connection, name)
        return user_from(row) if row else None

    def password(self, name: str) -> str:
        """Return the digest of somebody's password; "" where there is none."""
        with reading(self.engine) as connection:
            row = _row(connection, name)
        return str(row["password"]) if row else ""

    def second(self, name: str) -> str:
        """Return what is kept of somebody's second proof; "" where there is none."""
        with reading(self.engine) as connection:
            row = _row(connection, name)
        return str(row["totp"]) if row else ""

    def set_second(
        self, user: User, kept: str, *, was: str, by: str, now: datetime, event: str = ""
    ) -> bool:
        """Keep something else of somebody's second proof, `event` naming it for the history.

        False where it is not `was` any more: somebody else was first, and nothing was changed.
        """
        mine = (users.c.id == user.id) & (users.c.totp == was)
        with writing(self.engine) as connection:
            if not connection.execute(update(users).where(mine).values(totp=kept)).rowcount:
                return False
            if event:
                record(connection, _event(event, by, now, user=user.name))
        return True

    def add(self, name: str, role: Role, *, by: str, now: datetime) -> User:
        """Make an account, without a password yet.

        Raises:
            UsageError: the name cannot be one, or is taken.
        """
        name = checked_name(name)
        try:
            with writing(self.engine) as connection:
                result = connection.execute(
                    insert(users).values(name=name, role=role, password="", created_at=now)
                )
                record(connection, _event("user.added", by, now, user=name, role=role))
                return User(id=inserted_id(result), name=name, role=role, created_at=now)
        except IntegrityError:
            raise UsageError(
                f"There is already somebody called {name}; nothing was changed."
            ) from None

    def change(
        self,
        user: User,
        *,
        by: str,
        now: datetime,
        role: Role | None = None,
        disabled: bool | None = None,
    ) -> User:
        """Give somebody another role, or close or open their account; sessions end with it.

        Raises:
            UsageError: nobody would be left who is admin.
        """
        role = role or user.role
        closed = user.disabled_at is not None if disabled is None else disabled
        with writing(self.engine) as connection:
            if user.role is Role.ADMIN and (role is not Role.ADMIN or closed):
                _keep_an_admin(connection, user)
            connection.execute(
                update(users)
                .where(users.c.id == user.id)
                .values(role=role, disabled_at=now if closed else None)
            )
            connection.execute(delete(schema.sessions).where(schema.sessions.c.user_id == user.id))
            name = "user.disabled" if closed else "user.changed"
            record(connection, _event(name, by, now, user=user.name, role=role))
            row = _row(connection, user.name)
        assert row is not None  # noqa: S101 -- it was just written; for the type checker
        return user_from(row)

    def link(self, user: User, digest: str, *, until: datetime, by: str, now: datetime) -> None:
        """Keep a one-time link by which somebody may set a password; earlier ones are void."""
        with writing(self.engine) as connection:
            connection.execute(delete(links).where(links.c.user_id == user.id))
            connection.execute(
                insert(links).values(digest=digest, user_id=user.id, expires_at=until)
            )
            record(connection, _event("user.invited", by, now, user=user.name))

    def linked(self, digest: str, *, now: datetime) -> User | None:
        """Return whom a one-time link is for; None where it is used, void or too old."""
        with reading(self.engine) as connection:
            return _linked(connection, digest, now)

    def set_password(self, digest: str, password: str, *, now: datetime) -> User | None:
        """Use a one-time link up: set a password and end all sessions; None as in `linked`."""
        with writing(self.engine) as connection:
            user = _linked(connection, digest, now)
            if user is None:
                return None
            connection.execute(delete(links).where(links.c.user_id == user.id))
            connection.execute(delete(schema.sessions).where(schema.sessions.c.user_id == user.id))
            connection.execute(update(users).where(users.c.id == user.id).values(password=password))
            record(connection, _event("user.password_set", user.name, now, user=user.name))
            return user

    def rehash(self, user: User, password: str) -> None:
        """Keep the same password under a newer digest."""
        with writing(self.engine) as connection:
            connection.execute(update(users).where(users.c.id == user.id).values(password=password))


def _keep_an_admin(connection: Connection, user: User) -> None:
    others = connection.execute(
        select(func.count()).where(
            users.c.role == Role.ADMIN, users.c.disabled_at.is_(None), users.c.id != user.id
        )
    ).scalar_one()
    if not others:
        raise UsageError(f"{user.name} is the only admin; make somebody else admin first.")


def _linked(connection: Connection, digest: str, now: datetime) -> User | None:
    query = (
        select(users)
        .join(links, links.c.user_id == users.c.id)
        .where(links.c.digest == digest, links.c.expires_at > now, users.c.disabled_at.is_(None))
    )
    row = connection.execute(query).mappings().first()
    return user_from(row) if row else None


def _row(connection: Connection, name: str) -> RowMapping | None:
    found = connection.execute(select(users).where(users.c.name == name.strip().casefold()))
    return found.mappings().first()


def with_owner(table: Table) -> Select[Any]:
    """Return the query of a table's rows, each with the account in its `user_id`, see `owner`."""
    names = ("name", "role", "created_at", "disabled_at")
    account = [users.c[name].label(f"user_{name}") for name in names]
    return select(table, *account).join(users, users.c.id == table.c.user_id)


def owner(row: RowMapping) -> User:
    """Return the account of a row of `with_owner`."""
    return user_from(row, "user_")


def user_from(row: RowMapping, before: str = "") -> User:
    """Return the account of a row whose columns of it have `before` before their names."""
    return User(
        id=row[f"{before}id"],
        name=row[f"{before}name"],
        role=Role(row[f"{before}role"]),
        created_at=row[f"{before}created_at"],
        disabled_at=row[f"{before}disabled_at"],
    )


def _event(name: str, who: str, now: datetime, **detail: Any) -> Event:
    return Event(at=now, name=name, who=who, detail=detail)
