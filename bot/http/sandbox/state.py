"""What the stand-in platforms remember: documents, pictures and queued faults in one file."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from bot.domain.errors import ConfigError
from bot.http.sandbox.faults import Fault

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (collection, id)
);
CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint TEXT NOT NULL,
    body TEXT NOT NULL
);
"""

#: Another process may hold the file for a moment; a commit takes milliseconds.
_BUSY_SECONDS = 10


class State:
    """A small document store, safe to use from several threads and processes.

    Kept in memory when `path` is None. In a file, every change is committed before the
    answer that tells of it is written, so that killing the process loses nothing a client was
    told; opened again it continues, on whatever port.

    Raises:
        ConfigError: `path` cannot be opened as a sandbox's state.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        try:
            self._db = sqlite3.connect(
                str(path) if path else ":memory:",
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                # NORMAL is enough for kill -9; only a power cut could lose the newest commit.
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(_SCHEMA)
            except sqlite3.Error:
                self._db.close()
                raise
        except sqlite3.Error as exc:
            raise ConfigError(
                f"The sandbox cannot keep its state in {path}: {exc}. Choose another file."
            ) from exc

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together or not at all; may be nested."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    # ---- documents ----------------------------------------------------------

    def put(self, collection: str, id: str, document: dict[str, Any]) -> None:  # noqa: A002
        """Keep `document` under `id`; one that is there keeps its place in the order."""
        body = json.dumps(document, ensure_ascii=False)
        with self.transaction():
            self._db.execute(
                "INSERT INTO documents (collection, id, body) VALUES (?, ?, ?)"
                " ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body",
                (collection, id, body),
            )

    def get(self, collection: str, id: str) -> dict[str, Any] | None:  # noqa: A002
        """Return the document, None where there is none."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM documents WHERE collection = ? AND id = ?", (collection, id)
            ).fetchone()
        return _document(row[0]) if row else None

    def all(self, collection: str) -> list[dict[str, Any]]:
        """Return every document of a collection, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM documents WHERE collection = ? ORDER BY seq", (collection,)
            ).fetchall()
        return [_document(row[0]) for row in rows]

    def count(self, collection: str) -> int:
        """Return how many documents a collection has."""
        with self._lock:
            row = self._db.execute(
                "SELECT count(*) FROM documents WHERE collection = ?", (collection,)
            ).fetchone()
        return int(row[0])

    def append(self, collection: str, document: dict[str, Any]) -> None:
        """Keep `document` at the end of a collection whose ids do not matter."""
        with self.transaction():
            self.put(collection, str(self.next(f"{collection}#")), document)

    def next(self, name: str, at_least: int = 1) -> int:
        """Return a number greater than every one returned for `name`, and at least `at_least`."""
        with self.transaction():
            last = self.get("counters", name)
            number = max(at_least, last["value"] + 1 if last else at_least)
            self.put("counters", name, {"value": number})
        return number

    # ---- pictures -----------------------------------------------------------

    def put_blob(self, id: str, body: bytes) -> None:  # noqa: A002
        """Keep bytes under `id`."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO blobs (id, body) VALUES (?, ?)", (id, body))

    def get_blob(self, id: str) -> bytes | None:  # noqa: A002
        """Return the bytes kept under `id`, None where there are none."""
        with self._lock:
            row = self._db.execute("SELECT body FROM blobs WHERE id = ?", (id,)).fetchone()
        return bytes(row[0]) if row else None

    # ---- what tests and rehearsals ask for ----------------------------------

    def posts(self, platform: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Return the posts a platform has taken, oldest first: the truth about "once".

        Args:
            platform: "x", "linkedin", ….
            deleted: also those deleted since.
        """
        taken = self.all(f"{platform}.posts")
        return [post for post in taken if deleted or not post.get("deleted")]

    def platforms(self) -> list[str]:
        """Return the platforms that have taken a post."""
        with self._lock:
            rows = self._db.execute(
                "SELECT DISTINCT collection FROM documents WHERE collection LIKE '%.posts'"
            ).fetchall()
        return sorted(row[0].removesuffix(".posts") for row in rows)

    def calls(self, endpoint: str | None = None) -> list[dict[str, Any]]:
        """Return the requests that reached a platform, oldest first, refused ones included.

        Each has endpoint ("x.create"), at, status (None where no answer was written), fault
        (its kind or None) and body (what was sent, where it was JSON).
        """
        return [call for call in self.all("calls") if endpoint in (None, call["endpoint"])]

    def fault(self, endpoint: str, fault: Fault, times: int = 1) -> None:
        """Queue `fault` for the next `times` requests to `endpoint` ("x.create", …)."""
        with self.transaction():
            for _ in range(times):
                self._db.execute(
                    "INSERT INTO faults (endpoint, body) VALUES (?, ?)",
                    (endpoint, fault.model_dump_json()),
                )

    def take_fault(self, endpoint: str) -> Fault | None:
        """Return the oldest fault queued for `endpoint` and strike it off."""
        with self.transaction():
            row = self._db.execute(
                "DELETE FROM faults WHERE seq ="
                " (SELECT min(seq) FROM faults WHERE endpoint = ?) RETURNING body",
                (endpoint,),
            ).fetchone()
        return Fault.model_validate_json(row[0]) if row else None

    def faults(self) -> list[tuple[str, Fault]]:
        """Return the faults still queued, in order, with their endpoints."""
        with self._lock:
            rows = self._db.execute("SELECT endpoint, body FROM faults ORDER BY seq").fetchall()
        return [(endpoint, Fault.model_validate_json(body)) for endpoint, body in rows]

    def reset(self) -> None:
        """Forget everything: posts, pictures, faults, limits and charges."""
        with self.transaction():
            for table in ("documents", "blobs", "faults"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 -- fixed names


def _document(body: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(body)
    return document
