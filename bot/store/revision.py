"""Whether anything at all was written since: what lets a reader keep what it has made of rows."""

import threading
from typing import Any

from sqlalchemy import Engine, cast, func, select
from sqlalchemy.types import Text

from bot.store.engine import readable_errors, reading


class Revision:
    """Names the state of the database: as long as the name is the same, so is every row.

    SQLite's `PRAGMA data_version` changes with every commit of any other connection, of this
    process or another; so the one that asks it writes nothing. PostgreSQL names what a
    transaction would see by its snapshot (`pg_current_snapshot()`, functions of transaction IDs).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._asking: Any = None

    def now(self) -> str:
        """Return the name of what is kept now. Raises StoreError."""
        if self.engine.dialect.name == "postgresql":
            with reading(self.engine) as connection:
                query = select(cast(func.pg_current_snapshot(), Text))
                return connection.execute(query).scalar_one()
        with self._lock, readable_errors(self.engine.url):
            if self._asking is None:
                self._asking = self.engine.raw_connection()
                self._asking.detach()
            cursor = self._asking.cursor()
            try:
                return str(cursor.execute("pragma data_version").fetchone()[0])
            finally:
                cursor.close()

    def close(self) -> None:
        """Let go of the connection that asks."""
        with self._lock:
            if self._asking is not None:
                self._asking.close()
                self._asking = None
