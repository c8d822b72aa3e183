"""Tokens of programs, and the answers that repeated requests get again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.access import Grant, Scope, Token
from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.domain.people import User
from bot.store.access_schema import answers, tokens
from bot.store.audit import record
from bot.store.desk_schema import users
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id
from bot.store.people import owner, with_owner

#: `used_at` is not written more often than this, so that reading writes nothing.
USED_EVERY = timedelta(minutes=5)
#: How long an answer is kept for repeats.
KEPT = timedelta(hours=24)
#: A request that has no answer after this died with its process.
DIED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request was answered; status 0 while it is being done."""

    request: str
    status: int
    kind: str
    body: str


@dataclass(frozen=True)
class Tokens:
    """Tokens by the digest of their secret."""

    engine: Engine

    def add(self, digest: str, grant: Grant, *, by: str, now: datetime) -> Token:
        """Keep a new token. Raises UsageError where its owner may not do what it is for."""
        user = grant.user
        too_much = [s for s in Scope if s in grant.scopes and not user.may(s.role)]
        if too_much:
            raise UsageError(
                f"{user.name} is {user.role} and may not {too_much[0]}; no token was made."
            )
        values = {
            "name": grant.name.strip()[:40] or "token",
            "user_id": user.id,
            "scopes": ",".join(scope for scope in Scope if scope in grant.scopes),
            "created_at": now,
            "expires_at": grant.until,
        }
        with writing(self.engine) as connection:
            result = connection.execute(insert(tokens).values(digest=digest, **values))
            detail = {"user": user.name, "token": values["name"], "scopes": values["scopes"]}
            record(connection, Event(at=now, name="token.added", who=by, detail=detail))
            row = _row(connection, inserted_id(result))
        assert row is not None  # noqa: S101 -- it was just written; for the type checker
        return _token(row)

    def all(self, user: User | None = None) -> Sequence[Token]:
        """Return the tokens that are not revoked, of one person or of all."""
        query = with_owner(tokens).where(tokens.c.revoked_at.is_(None)).order_by(tokens.c.id)
        if user is not None:
            query = query.where(tokens.c.user_id == user.id)
        with reading(self.engine) as connection:
            return [_token(row) for row in connection.execute(query).mappings()]

    def find(self, digest: str, *, now: datetime) -> Token | None:
        """Return the token; None where it is revoked, too old, or its owner's account closed."""
        query = with_owner(tokens).where(
            tokens.c.digest == digest,
            tokens.c.revoked_at.is_(None),
            tokens.c.expires_at > now,
            users.c.disabled_at.is_(None),
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        token = _token(row)
        if token.used_at is None or now - token.used_at > USED_EVERY:
            with writing(self.engine) as connection:
                connection.execute(
                    update(tokens).where(tokens.c.id == token.id).values(used_at=now)
                )
        return token

    def revoke(self, token_id: int, *, by: str, now: datetime, only_of: User | None = None) -> None:
        """Make a token worthless. Raises UsageError where there is none (of this person)."""
        with writing(self.engine) as connection:
            row = _row(connection, token_id)
            if row is None or row["revoked_at"] or (only_of and row["user_id"] != only_of.id):
                raise UsageError(f"There is no token {token_id}; nothing was changed.")
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=now))
            detail = {"user": row["user_name"], "token": row["name"]}
            record(connection, Event(at=now, name="token.revoked", who=by, detail=detail))


@dataclass(frozen=True)
class Answers:
    """What requests with an Idempotency-Key were answered."""

    engine: Engine

    def begin(self, token_id: int, key: str, request: str, *, now: datetime) -> Answer | None:
        """Note that a request is being done; return what the same key was answered before."""
        mine = (answers.c.token_id == token_id) & (answers.c.key == key)
        row = {"token_id": token_id, "key": key, "request": request, "at": now}
        try:
            with writing(self.engine) as connection:
                died = answers.c.status.is_(None) & (answers.c.at < now - DIED)
                connection.execute(delete(answers).where((answers.c.at < now - KEPT) | died))
                connection.execute(insert(answers).values(**row))
        except IntegrityError:
            with reading(self.engine) as connection:
                found = connection.execute(select(answers).where(mine)).mappings().one()
            return Answer(
                request=found["request"],
                status=found["status"] or 0,
                kind=found["kind"],
                body=found["body"],
            )
        return None

    def end(self, token_id: int, key: str, *, status: int, kind: str, body: str) -> None:
        """Keep what it was answered; a failure of ours is forgotten, so that it can be repeated."""
        mine = (answers.c.token_id == token_id) & (answers.c.key == key)
        with writing(self.engine) as connection:
            if status >= 500:
                connection.execute(delete(answers).where(mine))
            else:
                connection.execute(
                    update(answers).where(mine).values(status=status, kind=kind, body=body)
                )


def _row(connection: Connection, token_id: int) -> RowMapping | None:
    return connection.execute(with_owner(tokens).where(tokens.c.id == token_id)).mappings().first()


def _token(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        user=owner(row),
        scopes=frozenset(Scope(scope) for scope in row["scopes"].split(",")),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )
