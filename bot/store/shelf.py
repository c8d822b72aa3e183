"""The cards' bytes: one file each, named by their digest, readable by their owner only."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, insert, select

from bot.domain.card import Card
from bot.domain.errors import ContentError, StoreError
from bot.store import schema
from bot.store.engine import reading, writing


@dataclass(frozen=True)
class Shelf:
    """Implements `bot.domain.ledger.Shelf`."""

    engine: Engine
    folder: Path

    def path(self, sha256: str) -> Path:
        """Return where a card lies."""
        return self.folder / f"{sha256}.png"

    def put(self, card: Card) -> None:
        """Keep a card; the same card twice is one. Raises StoreError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(self.path(card.sha256), card.png)
        except OSError as exc:
            raise StoreError(
                f"The card cannot be written to {self.folder} ({exc.strerror}); the post was not "
                "made. Free some space or check the folder's permissions."
            ) from exc
        table = schema.cards
        with writing(self.engine) as connection:
            if connection.execute(select(table).where(table.c.sha256 == card.sha256)).first():
                return
            connection.execute(
                insert(table).values(
                    sha256=card.sha256,
                    width=card.width,
                    height=card.height,
                    layout=card.layout,
                    alt_text=card.alt_text,
                )
            )

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked against their name. Raises ContentError."""
        path = self.path(sha256)
        try:
            png = path.read_bytes()
        except OSError as exc:
            raise ContentError(
                f"The card {path} is gone; nothing was sent. Redraw the post."
            ) from exc
        if hashlib.sha256(png).hexdigest() != sha256:
            raise ContentError(f"The card {path} was changed; nothing was sent. Redraw the post.")
        return png

    def size(self, sha256: str) -> tuple[int, int]:
        """Return width and height in pixels of a kept card."""
        table = schema.cards
        with reading(self.engine) as connection:
            row = connection.execute(
                select(table.c.width, table.c.height).where(table.c.sha256 == sha256)
            ).one()
        return row.width, row.height

    def _write(self, path: Path, data: bytes) -> None:
        if path.exists() and path.stat().st_size == len(data):
            return
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")  # 0600 from the start
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
