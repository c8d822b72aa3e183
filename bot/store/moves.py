"""What every write to a post shares: the move, its event, and the columns that go with it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, func, insert, select, update

from bot.domain.delivery import Outcome, Receipt
from bot.domain.errors import UsageError
from bot.domain.ledger import Event, Look
from bot.domain.post import Post, State, move
from bot.store import schema
from bot.store.audit import record, standing
from bot.store.rows import post_from_row

posts, attempts = schema.posts, schema.attempts


def load(connection: Connection, post_id: int) -> Post:
    """Return one post. Raises UsageError for an unknown id."""
    row = connection.execute(select(posts).where(posts.c.id == post_id)).mappings().first()
    if row is None:
        raise UsageError(f"There is no post {post_id}. `bot queue --all` lists them.")
    return post_from_row(row)


def change(
    connection: Connection,
    post: Post,
    to: State,
    event: Event,
    *,
    receipt: Receipt | None = None,
    **values: Any,
) -> None:
    """Move a post and write its event, in the caller's transaction. Raises IllegalMove.

    Args:
        connection: of that transaction.
        post: as it is.
        to: where it goes; where it is, when only its columns change.
        event: what happened, by whom.
        receipt: proof that it is live, to be kept with it.
        values: columns of `posts`.
    """
    if to is not post.state:
        move(post.state, to)
    if to is not post.state or "asks" in values:
        values.setdefault("overdue_at", None)  # whatever it was late with is over
    before = standing(connection, post.id)
    if receipt:
        _keep_receipt(connection, post, receipt, event.at)
    connection.execute(
        update(posts).where(posts.c.id == post.id).values(state=to, updated_at=event.at, **values)
    )
    record(
        connection,
        Event(
            at=event.at,
            name=event.name,
            who=event.who,
            article_key=post.article_key,
            post_id=post.id,
            from_state=post.state,
            to_state=to,
            detail=event.detail,
        ),
        before=before,
        after=standing(connection, post.id),
    )


def noted(who: str, post: Post, to: State, now: datetime, **values: Any) -> Event:
    """Return the event of a move made by the bot itself, with what an editor may want to read."""
    name = f"post.{to}" if to is not post.state else "post.noted"
    shown = {k: v for k, v in values.items() if k in ("reason", "asks", "tries") and v}
    return Event(at=now, name=name, who=who, detail=shown)


def twice(post: Post, known: str | None, receipt: Receipt) -> str:
    """Return what an editor is told when a receipt turns up that nobody waited for."""
    if known is None:
        return (
            f"This post is {post.state}, and now turns out to be live at {receipt.permalink}. Delete "
            f"it there if it must not be, then: `bot resolve {post.id} --done`."
        )
    return (
        f"This post may be live twice: as {known}, and at {receipt.permalink}. Look at the account, "
        f"delete one of them, then: `bot resolve {post.id} --done`."
    )


def look_columns(look: Look | None) -> dict[str, Any]:
    """Return the columns that say when to look at the platform next; None clears them."""
    if look is None:
        return {"look_at": None, "look_uptime": None, "look_boot": None}
    return {"look_at": look.at, "look_uptime": look.uptime, "look_boot": look.boot}


def close_attempt(
    connection: Connection,
    key: tuple[int, int],
    outcome: Outcome,
    *,
    detail: str,
    now: datetime,
    status: int | None = None,
) -> None:
    """Write down how the attempt (post id, fence) ended, if that is still open."""
    connection.execute(
        update(attempts)
        .where(attempts.c.post_id == key[0], attempts.c.fence == key[1])
        .where(attempts.c.outcome.is_(None))
        .values(outcome=outcome, detail=detail, status=status, ended_at=now)
    )


def _keep_receipt(connection: Connection, post: Post, receipt: Receipt, now: datetime) -> None:
    """Keep the proof that the next part of a post is live; there is one for each."""
    connection.execute(
        insert(schema.receipts).values(
            post_id=post.id,
            part=live_parts(connection, post.id),
            remote_id=receipt.remote_id,
            permalink=receipt.permalink,
            found=int(receipt.found),
            at=now,
            via=receipt.via,
        )
    )


def live_parts(connection: Connection, post_id: int) -> int:
    """Return how much of a post is live: the post itself and what follows it."""
    table = schema.receipts
    query = select(func.count()).select_from(table).where(table.c.post_id == post_id)
    return connection.execute(query).scalar_one()


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id the database gave to the one row just inserted."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 -- one row was inserted; for the type checker
    return int(key[0])
