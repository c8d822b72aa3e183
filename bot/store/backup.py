"""Backups: everything that is kept, in one file, whatever it is kept on.

A backup is a tar file of an SQLite database, the cards, and `backup.json`, which says what is in
it. It is made while the bot runs: the database as it was at one moment, every row compared.
"""

import contextlib
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.domain.errors import StoreError, UsageError
from bot.store.audit import Audit
from bot.store.copying import copy
from bot.store.engine import head, open_engine

_DATABASE, _ABOUT, _CARDS = "bot.db", "backup.json", "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a backup.

    Attributes:
        made_at: when; everything that happened later is not in it.
        schema: revision of the database.
        rows: by table.
        cards: how many files of cards.
        chain: hash of the audit log's last row.
    """

    made_at: datetime
    schema: str
    rows: Mapping[str, int]
    cards: int
    chain: str


def back_up(source: Engine, cards: Path, target: Path, *, now: datetime) -> Manifest:
    """Write a backup of the database and the cards to the new file `target`.

    Raises:
        UsageError: `target` is there already, or the audit chain of what was copied is broken.
        StoreError: the database cannot be read, or the file not written.
    """
    if target.exists():
        raise UsageError(f"{target} is there already; nothing was written. Name a new file.")
    with _folder(target) as folder:
        with _opened(folder / _DATABASE) as made:
            rows = copy(source, made)
            verdict = Audit(made).verify()
        if verdict.findings:
            raise UsageError(
                f"The audit log does not hold, so no backup was made: {verdict.findings[0]} "
                "`bot audit verify` tells more. Keep the older backups."
            )
        pictures = [path for path in sorted(cards.glob("*.p??")) if _is_itself(path)]
        about = Manifest(
            made_at=now, schema=head(), rows=rows, cards=len(pictures), chain=verdict.head
        )
        _pack(folder, about, pictures, target)
    return about


def restore(
    archive: Path, target: Engine, cards: Path, *, tame: Callable[[Path, Manifest], None]
) -> Manifest:
    """Put everything in a backup into an empty database and the folder of cards, or nothing.

    Args:
        archive: made by `back_up`.
        target: an empty database.
        cards: where the cards' files go.
        tame: changes the unpacked database, an SQLite file, before any of it is anywhere else:
            at no moment is there a database that would send what may have gone out.

    Raises:
        UsageError: `archive` is no backup, was changed, or the database is not empty.
        StoreError: something cannot be read or written; the database stays empty.
    """
    with _folder(cards / "new") as folder:
        about = _unpack(archive, folder)
        with _opened(folder / _DATABASE) as kept:
            verdict = Audit(kept).verify(about.chain)
            if verdict.findings:
                raise UsageError(
                    f"{archive} was changed since it was made: {verdict.findings[0]} Nothing was "
                    "restored; take another backup."
                )
        tame(folder / _DATABASE, about)
        with _opened(folder / _DATABASE) as kept:
            copy(kept, target)
        for path in (folder / _CARDS).glob("*.p??"):
            if _is_itself(path):
                path.replace(cards / path.name)
    return about


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """Make a folder for the work on the disk of `beside`, readable by its owner only."""
    try:
        beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=beside.parent, prefix=".backup-") as name:
            yield Path(name)
    except OSError as exc:
        raise StoreError(
            f"{beside.parent} cannot be written ({exc.strerror}); nothing was changed. Free some "
            "space, or name another folder."
        ) from exc


def _is_itself(path: Path) -> bool:
    """Return whether a card's file has the bytes its name says; a page's name says none."""
    is_page = "-" in path.stem
    return is_page or hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


def _pack(folder: Path, about: Manifest, pictures: list[Path], target: Path) -> None:
    words = json.dumps({**asdict(about), "made_at": about.made_at.isoformat()}, indent=2).encode()
    packed = folder / "packed"
    with os.fdopen(os.open(packed, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            entry = tarfile.TarInfo(_ABOUT)
            entry.size = len(words)
            tar.addfile(entry, io.BytesIO(words))
            tar.add(folder / _DATABASE, _DATABASE)
            for path in pictures:
                tar.add(path, f"{_CARDS}/{path.name}")
        file.flush()
        os.fsync(file.fileno())
    packed.replace(target)


def _unpack(archive: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        about["made_at"] = datetime.fromisoformat(about["made_at"])
        return Manifest(**about)
    except (tarfile.TarError, ValueError, TypeError, KeyError, FileNotFoundError) as exc:
        raise UsageError(
            f"{archive} is no backup made by `bot db backup` ({exc}); nothing was restored."
        ) from exc
