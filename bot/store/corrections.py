"""What editors are asked about posts that their article has left behind."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    RowMapping,
    Select,
    insert,
    select,
    update,
)

from bot.domain.correction import Correction, Kind
from bot.domain.delivery import Outcome, Receipt, Ticket
from bot.domain.errors import NotApproved, UsageError
from bot.domain.ledger import Event
from bot.domain.post import LIVE, Content, Post, State
from bot.store import intake_schema, schema
from bot.store.audit import record, standing
from bot.store.desk_schema import wordings
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id, load
from bot.store.rows import article_from_json, article_to_json
from bot.store.tickets import keep
from bot.store.wordings import keep_wording

table = intake_schema.corrections

#: Once a post is here, nobody need answer any more; a live one is always asked about.
_OVER = (State.REJECTED, State.EXPIRED, State.SUPERSEDED, State.APPROVED)


@dataclass(frozen=True)
class Corrections:
    """Implements `bot.domain.correction.Corrections`."""

    engine: Engine

    def ask(self, correction: Correction) -> Correction:
        """Put a question; one that is open about the same post is brought up to date instead."""
        after = correction.after and article_to_json(correction.after)
        values = {
            "kind": correction.kind,
            "after": after,
            "options": [correction.live],
            "at": correction.at,
        }
        with writing(self.engine) as connection:
            known = select(table.c.id).where(
                table.c.post_id == correction.post_id, table.c.done_at.is_(None)
            )
            number = connection.execute(known).scalar()
            if number is None:
                made = connection.execute(
                    insert(table).values(
                        article_key=correction.article_key,
                        post_id=correction.post_id,
                        before=article_to_json(correction.before),
                        done_by="",
                        outcome="",
                        note="",
                        **values,
                    )
                )
                number = inserted_id(made)
            else:
                connection.execute(update(table).where(table.c.id == number).values(**values))
            record(connection, _event("correction.asked", correction, "bot", correction.at))
            return _load(connection, number)

    def open(self) -> Sequence[Correction]:
        """Return what no editor has answered yet, oldest first."""
        query = _unanswered(table).order_by(table.c.id)
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [_correction(row) for row in rows if _matters(row)]

    def of_article(self, article_key: str) -> dict[int, int]:
        """Return the open question about each post of an article: post id to number."""
        query = _unanswered(table).where(table.c.article_key == article_key)
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        return {row["post_id"]: row["id"] for row in rows if _matters(row)}

    def count(self) -> int:
        """Return how many questions are open, without reading the articles."""
        with reading(self.engine) as connection:
            rows = connection.execute(_unanswered(table.c.options)).mappings().all()
        return sum(_matters(row) for row in rows)

    def find(self, number: int) -> Correction:
        """Return one question. Raises UsageError."""
        with reading(self.engine) as connection:
            return _load(connection, number)

    def touched(self, post: Post) -> bool:
        """Whether a person has ever changed the words of a post."""
        query = select(wordings.c.id).where(wordings.c.post_id == post.id, wordings.c.by != "bot")
        with reading(self.engine) as connection:
            return connection.execute(query.limit(1)).first() is not None

    def done(
        self, correction: Correction, outcome: str, *, by: str, note: str, now: datetime
    ) -> None:
        """Write down what an editor did. Raises UsageError where somebody was first."""
        with writing(self.engine) as connection:
            answered = connection.execute(
                update(table)
                .where(table.c.id == correction.id, table.c.done_at.is_(None))
                .values(done_at=now, done_by=by, outcome=outcome, note=note)
            )
            if not answered.rowcount:
                raise already(_load(connection, correction.id))
            record(connection, _event(f"correction.{outcome}", correction, by, now, note))

    def taken_down(self, post: Post, *, by: str, now: datetime) -> None:
        """Write down that a live post was deleted, by an editor's own hand."""
        gone = Event(
            at=now,
            name="post.taken_down",
            who=by,
            article_key=post.article_key,
            post_id=post.id,
            from_state=post.state,
            to_state=post.state,
        )
        with writing(self.engine) as connection:
            stands = standing(connection, post.id)
            record(connection, gone, before=stands, after=stands)

    def amended(
        self,
        post: Post,
        content: Content,
        ticket: Ticket,
        receipt: Receipt,
        *,
        by: str,
        now: datetime,
    ) -> Post:
        """Write down that a live post has other words now, by an editor's own hand.

        Raises:
            NotApproved: somebody else changed it meanwhile.
        """
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.fingerprint != post.fingerprint:
                raise NotApproved(f"Post {post.id} was changed meanwhile; look at it again.")
            before = standing(connection, post.id)
            fingerprint = content.fingerprint(post.channel)
            connection.execute(
                insert(schema.approvals).values(
                    post_id=post.id, fingerprint=fingerprint, by=by, via="correction", at=now
                )
            )
            _write_down(connection, current, ticket, fingerprint, now)
            receipts = schema.receipts
            connection.execute(
                update(receipts)
                .where(receipts.c.post_id == post.id, receipts.c.part == 0)
                .values(remote_id=receipt.remote_id, permalink=receipt.permalink)
            )
            connection.execute(
                update(schema.posts)
                .where(schema.posts.c.id == post.id)
                .values(
                    content=asdict(content),
                    fence=current.fence + 1,
                    fingerprint=fingerprint,
                    approved_fingerprint=fingerprint,
                    updated_at=now,
                )
            )
            amended = Event(
                at=now,
                name="post.amended",
                who=by,
                article_key=post.article_key,
                post_id=post.id,
                from_state=current.state,
                to_state=current.state,
                detail={"text": content.text},
            )
            record(connection, amended, before=before, after=standing(connection, post.id))
            keep_wording(connection, post.id, content, post.channel, by=by, now=now)
            return load(connection, post.id)


def already(one: Correction) -> UsageError:
    """Return what is said to whoever comes second."""
    return UsageError(f"Correction {one.id} was answered by {one.done_by}. Nothing was changed.")


def _unanswered(*columns: FromClause | ColumnElement[Any]) -> Select[Any]:
    posts = schema.posts
    asked = select(*columns, posts.c.state).join(posts, posts.c.id == table.c.post_id)
    return asked.where(table.c.done_at.is_(None))


def _matters(row: RowMapping) -> bool:
    """Whether an open question still needs an answer."""
    return bool(row["options"][0]) or State(row["state"]) not in {*_OVER, *LIVE}


def _write_down(
    connection: Connection, post: Post, ticket: Ticket, fingerprint: str, now: datetime
) -> None:
    """Keep what was sent as the newest try, so that it is what followers are expected to read."""
    kept = keep(connection, post.id, replace(ticket, fingerprint=fingerprint), now)
    connection.execute(
        insert(schema.attempts).values(
            post_id=post.id,
            fence=post.fence + 1,
            ticket_id=inserted_id(kept),
            fingerprint=fingerprint,
            started_at=now,
            ended_at=now,
            outcome=Outcome.PUBLISHED,
            detail="changed while live",
        )
    )


def _load(connection: Connection, number: int) -> Correction:
    row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
    if row is None:
        raise UsageError(f"There is no correction {number}. `bot corrections` lists them.")
    return _correction(row)


def _correction(row: RowMapping) -> Correction:
    after = row["after"]
    return Correction(
        id=row["id"],
        article_key=row["article_key"],
        post_id=row["post_id"],
        kind=Kind(row["kind"]),
        before=article_from_json(row["before"]),
        after=article_from_json(after) if after else None,
        live=bool(row["options"][0]),
        at=row["at"],
        done_at=row["done_at"],
        done_by=row["done_by"],
        outcome=row["outcome"],
        note=row["note"],
    )


def _event(name: str, correction: Correction, who: str, now: datetime, note: str = "") -> Event:
    return Event(
        at=now,
        name=name,
        who=who,
        article_key=correction.article_key,
        post_id=correction.post_id,
        detail={"kind": str(correction.kind), "note": note},
    )
