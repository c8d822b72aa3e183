"""The audit log: every event holds the hash of the one before it, so that no past can be changed.

A row's hash covers its own columns and the hash of the row before. Who edits, deletes or inserts
a row breaks every hash after it; who cuts rows off the end, or writes the whole chain anew, is
found by a hash that was noted elsewhere (`bot audit verify --expect`). Triggers in the database
refuse to change a row at all.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select

from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.store import schema
from bot.store.engine import reading

events, posts, receipts = schema.events, schema.posts, schema.receipts

#: What the first row holds in place of the hash of the row before.
GENESIS = "0" * 64

#: What a row's hash covers, besides its own number and the hash before it.
COVERED = (
    "at",
    "name",
    "who",
    "origin",
    "article_key",
    "post_id",
    "from_state",
    "to_state",
    "detail",
    "before_hash",
    "after_hash",
)

#: Any number, the same for every process: who holds it appends.
_APPENDING = 0x6175646974

#: Findings shown at most; after a cut in the chain they repeat.
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What following the chain has shown.

    Attributes:
        rows: how many were followed.
        head: the hash of the last one; note it elsewhere, for `expect`.
        findings: what is wrong, in plain sentences; empty when the chain holds.
    """

    rows: int
    head: str
    findings: tuple[str, ...]


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of `value` as JSON with sorted names; times in UTC."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=datetime.isoformat)
    return hashlib.sha256(text.encode()).hexdigest()


def link(number: int, previous: str, row: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of the row with this number. Never change this: old chains would break."""
    covered = {name: row[name] for name in COVERED}
    return digest({"id": number, "previous": previous, **covered})


def standing(connection: Connection, post_id: int) -> str:
    """Return the hash of all of a post that an approval or a follower depends on."""
    query = (
        select(
            posts.c.id,
            posts.c.article_key,
            posts.c.channel,
            posts.c.state,
            posts.c.content,
            posts.c.approved_fingerprint,
            receipts.c.remote_id,
            receipts.c.permalink,
        )
        .outerjoin(receipts, (receipts.c.post_id == posts.c.id) & (receipts.c.part == 0))
        .where(posts.c.id == post_id)
    )
    known = dict(connection.execute(query).mappings().one())
    following = (
        select(receipts.c.part, receipts.c.remote_id, receipts.c.permalink)
        .where(receipts.c.post_id == post_id, receipts.c.part > 0)
        .order_by(receipts.c.part)
    )
    parts = [dict(row) for row in connection.execute(following).mappings()]
    return digest({**known, "parts": parts} if parts else known)


def hold(connection: Connection) -> None:
    """Be the only one to append, until the transaction ends.

    On SQLite every writer is alone already. Call this first in a transaction that records
    several events, so that two of them never wait for each other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_APPENDING)))


def record(connection: Connection, event: Event, *, before: str = "", after: str = "") -> None:
    """Append an event, in the transaction that makes it true.

    Args:
        connection: of that transaction.
        event: what happened.
        before: hash of what it changed, as it was; "" where there was nothing.
        after: hash of what it changed, as it is now.
    """
    hold(connection)
    last = connection.execute(
        select(events.c.id, events.c.hash).order_by(events.c.id.desc()).limit(1)
    ).first()
    number, previous = (last.id + 1, last.hash) if last else (1, GENESIS)
    row = {
        **asdict(event),
        "detail": json.loads(json.dumps(dict(event.detail))),  # as it will be read back
        "at": schema.utc(event.at),
        "origin": connection.get_execution_options().get("origin", ""),
        "before_hash": before,
        "after_hash": after,
    }
    hashes = {"previous_hash": previous, "hash": link(number, previous, row)}
    connection.execute(insert(events).values(id=number, **row, **hashes))


@dataclass(frozen=True)
class Audit:
    """Follows the chain, and gives it out."""

    engine: Engine

    def newest(self) -> tuple[int, str] | None:
        """Return number and hash of the last row; None where nothing was ever done."""
        query = select(events.c.id, events.c.hash).order_by(events.c.id.desc()).limit(1)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return (row.id, row.hash) if row else None

    def holds(self, number: int, digest: str) -> bool:
        """Whether the log has this very row."""
        query = select(events.c.hash).where(events.c.id == number)
        with reading(self.engine) as connection:
            return connection.execute(query).scalar() == digest

    def verify(self, expect: str = "") -> Verdict:
        """Follow the chain from its first row, and compare every post with its last one.

        Args:
            expect: a hash noted earlier: the chain must still hold it. A beginning of it will do.

        Raises:
            UsageError: `expect` is no such hash.
        """
        if expect and (len(expect) < 8 or not set(expect) <= set("0123456789abcdef")):
            raise UsageError(f"{expect!r} is no hash of a row. `bot audit verify` prints one.")
        chain = _Chain(expect)
        with reading(self.engine) as connection:
            rows = connection.execution_options(yield_per=500).execute(
                select(events).order_by(events.c.id)
            )
            for row in rows.mappings():
                chain.follow(row)
            chain.findings.extend(_changed_past_it(connection, chain.last))
        if not chain.expected:
            chain.findings.append(
                f"No row has the expected hash {expect}: rows were cut off, or all of them were "
                "written anew. Restore a backup that has it."
            )
        return Verdict(rows=chain.number, head=chain.head, findings=tuple(chain.findings[:_MOST]))

    def export(self) -> Iterator[dict[str, Any]]:
        """Yield every row, oldest first, as plain JSON values."""
        with reading(self.engine) as connection:
            rows = connection.execution_options(yield_per=500).execute(
                select(events).order_by(events.c.id)
            )
            for row in rows.mappings():
                yield {**row, "at": row["at"].isoformat()}


class _Chain:
    """The chain as far as it was followed."""

    def __init__(self, expect: str) -> None:
        self.expect = expect
        self.expected = not expect
        self.number = 0
        self.next = 1
        self.head = GENESIS
        self.findings: list[str] = []
        self.last: dict[int, str] = {}

    def follow(self, row: RowMapping) -> None:
        self.number += 1
        if row["id"] != self.next:
            self.findings.append(f"Row {row['id']} follows row {self.next - 1}: rows are missing.")
        if row["previous_hash"] != self.head:
            self.findings.append(f"Row {row['id']} does not follow from the row before it.")
        if link(row["id"], row["previous_hash"], row) != row["hash"]:
            self.findings.append(f"Row {row['id']} ({row['name']}) was changed.")
        self._compare(row)
        self.head, self.next = row["hash"], row["id"] + 1
        self.expected = self.expected or self.head.startswith(self.expect)

    def _compare(self, row: RowMapping) -> None:
        if row["post_id"] is None or not row["after_hash"]:
            return
        known = self.last.get(row["post_id"])
        if known and known != row["before_hash"]:
            self.findings.append(
                f"Post {row['post_id']} was changed before row {row['id']} without a record."
            )
        self.last[row["post_id"]] = row["after_hash"]


def _changed_past_it(connection: Connection, last: Mapping[int, str]) -> Sequence[str]:
    """Return the posts that are not as their last event left them."""
    found = []
    for post_id in connection.execute(select(posts.c.id).order_by(posts.c.id)).scalars().all():
        known = last.get(post_id)
        if known and known != standing(connection, post_id):
            found.append(f"Post {post_id} was changed without a record.")
    gone = set(last) - set(connection.execute(select(posts.c.id)).scalars())
    return [*found, *(f"Post {post_id} is gone without a record." for post_id in sorted(gone))]
