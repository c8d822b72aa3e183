"""How long what is kept, and what one person may have or have erased.

The audit log, approvals, attempts, receipts and posts stay: they are the proof of what was
published on whose word, and the chain of the log could not be followed without them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, or_, select, update

from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.domain.people import Role, User
from bot.domain.post import State
from bot.store import access_schema as access
from bot.store import desk_schema as desk
from bot.store import intake_schema as intake
from bot.store import schema
from bot.store.audit import record
from bot.store.engine import reading, writing

#: Days after which it goes, by what it is. `docs/operations.md` says the same.
DAYS: Mapping[str, float] = {
    "sign-in links": 1,
    "answers to programs": 2,
    "sessions": 30,
    "failed sign-ins": 30,
    "unsaved typing": 30,
    "links in messages": 30,
    "what was pushed": 30,
    "messages that went out": 90,
    "earlier wordings": 180,
    "devices": 365,
}

#: What a comment says once its writer is gone.
REMOVED = "(removed)"


@dataclass(frozen=True)
class Retention:
    """Every method is one transaction."""

    engine: Engine

    def prune(self, *, now: datetime, dry: bool = False) -> dict[str, int]:
        """Remove what is past its time; return how many rows of each that were, or would be."""
        rules = _rules(now)
        if dry:
            with reading(self.engine) as connection:
                return {name: _count(connection, *rule) for name, rule in rules.items()}
        with writing(self.engine) as connection:
            gone = {
                name: connection.execute(delete(table).where(which)).rowcount
                for name, (table, which) in rules.items()
            }
            if any(gone.values()):
                record(connection, Event(at=now, name="db.pruned", who="bot", detail=gone))
        return gone

    def of_person(self, user: User) -> dict[str, Any]:
        """Return everything that is kept about somebody, as plain values, without secrets."""
        mine = {
            "sessions": (desk.sessions, desk.sessions.c.user_id == user.id),
            "devices": (desk.devices, desk.devices.c.user_id == user.id),
            "failed_sign_ins": (desk.sign_in_failures, desk.sign_in_failures.c.name == user.name),
            "unsaved_typing": (desk.scratches, desk.scratches.c.user_id == user.id),
            "comments": (desk.comments, desk.comments.c.by == user.name),
            "wordings": (desk.wordings, desk.wordings.c.by == user.name),
            "passkeys": (access.passkeys, access.passkeys.c.user_id == user.id),
            "programs": (access.tokens, access.tokens.c.user_id == user.id),
            "links_in_messages": (access.invitations, access.invitations.c.user_id == user.id),
            "approvals": (schema.approvals, schema.approvals.c.by == user.name),
            "audit_log": (schema.events, schema.events.c.who == user.name),
        }
        with reading(self.engine) as connection:
            found = {name: _rows(connection, *rule) for name, rule in mine.items()}
        account = {"name": user.name, "role": str(user.role), "created_at": user.created_at}
        return {"account": account | {"disabled_at": user.disabled_at}, **found}

    def erase(self, user: User, *, by: str, now: datetime) -> dict[str, int]:
        """Remove somebody's account and all about them but the record of their decisions.

        Raises:
            UsageError: nobody could let people in any more.
        """
        with writing(self.engine) as connection:
            _leave_an_admin(connection, user)
            programs = select(access.tokens.c.id).where(access.tokens.c.user_id == user.id)
            parts = (
                ("answers to programs", access.answers, access.answers.c.token_id.in_(programs)),
                ("programs", access.tokens, access.tokens.c.user_id == user.id),
                ("passkeys", access.passkeys, access.passkeys.c.user_id == user.id),
                ("links in messages", access.invitations, access.invitations.c.user_id == user.id),
                ("sessions", desk.sessions, desk.sessions.c.user_id == user.id),
                ("devices", desk.devices, desk.devices.c.user_id == user.id),
                ("sign-in links", desk.sign_in_links, desk.sign_in_links.c.user_id == user.id),
                (
                    "failed sign-ins",
                    desk.sign_in_failures,
                    desk.sign_in_failures.c.name == user.name,
                ),
                ("unsaved typing", desk.scratches, desk.scratches.c.user_id == user.id),
                ("mentions", desk.mentions, desk.mentions.c.user_id == user.id),
            )
            gone = {n: connection.execute(delete(t).where(which)).rowcount for n, t, which in parts}
            comments = update(desk.comments).where(desk.comments.c.by == user.name)
            gone["comments"] = connection.execute(comments.values(text=REMOVED, by="-")).rowcount
            connection.execute(delete(desk.users).where(desk.users.c.id == user.id))
            record(
                connection,
                Event(at=now, name="user.erased", who=by, detail={"number": user.id, **gone}),
            )
        return gone


def _rules(now: datetime) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    def before(name: str) -> datetime:
        return now - timedelta(days=DAYS[name])

    done = select(schema.posts.c.id).where(
        schema.posts.c.state.in_((State.VERIFIED, State.REJECTED, State.EXPIRED, State.SUPERSEDED))
    )
    words, current = desk.wordings, schema.posts.alias("current")
    in_use = (
        select(current.c.id)
        .where(current.c.id == words.c.post_id, current.c.fingerprint == words.c.fingerprint)
        .exists()
    )
    old_words = (words.c.at < before("earlier wordings")) & words.c.post_id.in_(done) & ~in_use
    table = access.invitations
    used = or_(
        table.c.expires_at < before("links in messages"),
        table.c.used_at < before("links in messages"),
    )
    return {
        "sign-in links": (
            desk.sign_in_links,
            desk.sign_in_links.c.expires_at < before("sign-in links"),
        ),
        "answers to programs": (
            access.answers,
            access.answers.c.at < before("answers to programs"),
        ),
        "sessions": (desk.sessions, desk.sessions.c.seen_at < before("sessions")),
        "failed sign-ins": (
            desk.sign_in_failures,
            desk.sign_in_failures.c.at < before("failed sign-ins"),
        ),
        "unsaved typing": (desk.scratches, desk.scratches.c.at < before("unsaved typing")),
        "links in messages": (table, used),
        "what was pushed": (intake.arrivals, intake.arrivals.c.done_at < before("what was pushed")),
        "messages that went out": (
            access.notices,
            access.notices.c.at < before("messages that went out"),
        ),
        "earlier wordings": (words, old_words),
        "devices": (desk.devices, desk.devices.c.at < before("devices")),
    }


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(which)
    return int(connection.execute(query).scalar_one())


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    hidden = {"digest", "hash", "previous_hash", "before_hash", "after_hash", "user_id"}
    wanted = [column for column in table.columns if column.name not in hidden]
    return [dict(row) for row in connection.execute(select(*wanted).where(which)).mappings()]


def _leave_an_admin(connection: Connection, user: User) -> None:
    others = desk.users.c.id != user.id
    admins = others & (desk.users.c.role == Role.ADMIN) & desk.users.c.disabled_at.is_(None)
    if user.role is Role.ADMIN and not _count(connection, desk.users, admins):
        raise UsageError(
            f"{user.name} is the only admin; nothing was erased. `bot user role NAME admin` first."
        )
