"""The cards' bytes: files named by their digest, readable by their owner only.

A picture is one file, `<digest>.png`. A document is `<digest>.pdf`, and each of its pages as a
picture to look at, `<digest>-1.png` and on.

Where several machines share the database the bytes are in it as well, since a card is drawn on
one of them and sent from another.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, or_, select

from bot.domain.card import Card
from bot.domain.errors import ContentError, StoreError
from bot.domain.post import FINAL
from bot.store import schema
from bot.store.engine import reading, writing


@dataclass(frozen=True)
class Shelf:
    """Implements `bot.domain.ledger.Shelf`."""

    engine: Engine
    folder: Path

    def path(self, sha256: str) -> Path:
        """Return where a card lies."""
        self._bring(sha256)
        document = self.folder / f"{sha256}.pdf"
        return document if document.exists() else self.folder / f"{sha256}.png"

    def pages(self, sha256: str) -> int:
        """Return how many pages a document has; 0 for a picture."""
        self._bring(sha256)
        return len(list(self.folder.glob(f"{sha256}-*.png")))

    def page(self, sha256: str, number: int) -> bytes:
        """Return a page of a document as PNG; the first is 1. Raises ContentError."""
        self._bring(sha256)
        path = self.folder / f"{sha256}-{number}.png"
        try:
            return path.read_bytes()
        except OSError as exc:
            raise ContentError(f"The page {path} is not kept. Redraw the post to see it.") from exc

    def put(self, card: Card) -> None:
        """Keep a card; the same card twice is one. Raises StoreError."""
        self._keep(card)
        with writing(self.engine) as connection:
            self._note(connection, card)
        self._keep(card)  # where `prune` was just taking it away

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked against their name. Raises ContentError."""
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except OSError as exc:
            raise ContentError(
                f"The card {path} is gone; nothing was sent. Redraw the post."
            ) from exc
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ContentError(f"The card {path} was changed; nothing was sent. Redraw the post.")
        return data

    def size(self, sha256: str) -> tuple[int, int] | None:
        """Return width and height in pixels of a card, None where it is not kept any more."""
        table = schema.cards
        with reading(self.engine) as connection:
            row = connection.execute(
                select(table.c.width, table.c.height).where(table.c.sha256 == sha256)
            ).first()
        return (row.width, row.height) if row else None

    def prune(self, *, before: datetime, dry: bool = False) -> int:
        """Remove the cards that no post needs any more; return how many, with `dry` without doing it.

        A post needs its card, and those of its other wordings, until it has ended and was
        changed last before `before`. What was put on the shelf since then stays too: its post
        may be about to be made. A post whose card is gone keeps its digest and its alt text.

        Raises:
            StoreError: the folder cannot be changed.
        """
        gone: set[str] = set()
        with writing(self.engine) as connection:
            needed = _needed(connection, before)
            try:
                for file in sorted(self.folder.glob("*")):
                    name = file.name[:64]
                    if name not in needed and _older(file, before):
                        gone.add(name)
                        if not dry:
                            file.unlink(missing_ok=True)
            except OSError as exc:
                raise StoreError(
                    f"The card {exc.filename} cannot be removed ({exc.strerror}); old cards stay. "
                    "Check the folder's permissions."
                ) from exc
            for name in () if dry else gone:
                for table in (schema.card_files, schema.cards):
                    connection.execute(delete(table).where(table.c.sha256 == name))
        return len(gone)

    def share(self) -> None:
        """Put the files of all cards into the database, for other machines."""
        with writing(self.engine) as connection:
            for sha256 in connection.execute(select(schema.cards.c.sha256)).scalars().all():
                files = {path.name: path.read_bytes() for path in self.folder.glob(f"{sha256}*")}
                _share(connection, sha256, files)

    def _bring(self, sha256: str) -> None:
        """Write down the files of a card that another machine has put into the database."""
        here = (self.folder / f"{sha256}.{kind}" for kind in ("png", "pdf"))
        if any(path.exists() for path in here):
            return
        table = schema.card_files
        with reading(self.engine) as connection:
            query = select(table.c.name, table.c.data).where(table.c.sha256 == sha256)
            found = connection.execute(query).all()
        with self._writable():
            for row in found:
                self._write(self.folder / row.name, row.data)

    def _keep(self, card: Card) -> None:
        with self._writable():
            for name, data in _files(card).items():
                self._write(self.folder / name, data)

    @contextlib.contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            yield
        except OSError as exc:
            raise StoreError(
                f"The card cannot be written to {self.folder} ({exc.strerror}); the post was not "
                "made. Free some space or check the folder's permissions."
            ) from exc

    def _note(self, connection: Connection, card: Card) -> None:
        table = schema.cards
        here = table.c.sha256 == card.sha256
        if connection.execute(select(table.c.sha256).where(here)).first():
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
        if connection.dialect.name == "postgresql":
            _share(connection, card.sha256, _files(card))

    def _write(self, path: Path, data: bytes) -> None:
        if path.exists() and path.stat().st_size == len(data):
            path.touch()  # needed again: not old
            return
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")  # 0600 from the start
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)


def _files(card: Card) -> dict[str, bytes]:
    """Return the names and bytes of a card's files; the one that is sent comes last."""
    pages = (card.png, *card.more) if card.pdf else ()
    files = {f"{card.sha256}-{number}.png": page for number, page in enumerate(pages, start=1)}
    return {**files, f"{card.sha256}.{'pdf' if card.pdf else 'png'}": card.sent}


def _share(connection: Connection, sha256: str, files: Mapping[str, bytes]) -> None:
    rows = [{"sha256": sha256, "name": name, "data": data} for name, data in files.items()]
    connection.execute(delete(schema.card_files).where(schema.card_files.c.sha256 == sha256))
    if rows:
        connection.execute(insert(schema.card_files), rows)


def _needed(connection: Connection, before: datetime) -> set[str]:
    posts = schema.posts
    query = select(posts.c.content, posts.c.variants).where(
        or_(posts.c.state.not_in(FINAL), posts.c.updated_at >= before)
    )
    rows = connection.execute(query).all()
    contents = [one for row in rows for one in (row.content, *row.variants)]
    cards = {one["card"] for one in contents if one.get("card")}
    return cards | {name for one in contents for name, _ in one.get("pictures", ())}


def _older(file: Path, before: datetime) -> bool:
    try:
        return file.stat().st_mtime < before.timestamp()
    except FileNotFoundError:  # another process was just writing it, and gave it its name
        return False
