"""A folder in which articles appear as files; the only kind that reads from this machine."""

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.domain.errors import IllFormed, SourceError
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Listing

KIND = "folder"
TYPES = ("inode/directory",)

#: Files that are looked at, the newest of them.
MOST = 200

#: The endings of files that can be read as an article.
SUFFIXES = (".json", ".md", ".markdown", ".html", ".htm", ".xhtml", ".txt")

#: Bytes of one file; an article is text of a few pages.
LARGEST = 5_000_000


def accepts(document: Document, _text: str) -> bool:
    """Tell whether this is the listing of a folder."""
    return document.content_type == TYPES[0]


def read(document: Document, house: House) -> FeedResult:
    """Return the files of a folder as further documents, newest first. Raises IllFormed."""
    del house
    try:
        rows = json.loads(document.content)
        files = tuple(
            Listing(url=str(url), updated=datetime.fromtimestamp(int(at) / 1e9, UTC))
            for url, at, _ in rows
        )
    except (ValueError, TypeError, OverflowError, OSError, RecursionError) as exc:
        raise IllFormed(f"{document.url}: not the listing of a folder; nothing was read.") from exc
    newest = sorted(files, key=lambda one: (one.updated, one.url), reverse=True)
    findings = () if files else ("The folder has no articles.",)
    if len(files) > MOST:
        findings = (f"The folder has {len(files)} files; the newest {MOST} were read.",)
    return FeedResult(kind=KIND, listings=tuple(newest[:MOST]), findings=findings)


def address(path: Path) -> str:
    """Return the address of a folder. Raises SourceError where there is none."""
    if not path.is_dir():
        raise SourceError(f"{path}: not a folder; nothing was read.")
    return path.resolve().as_uri()


def listing(url: str) -> Document:
    """Return what is in a folder: its articles' addresses, their times in ns, their sizes.

    Raises:
        SourceError: it cannot be read.
    """
    root = _path(url)
    try:
        found = [
            ((root / entry.name).as_uri(), stat.st_mtime_ns, stat.st_size)
            for entry in os.scandir(root)
            if entry.name.lower().endswith(SUFFIXES) and not entry.name.startswith(".")
            if entry.is_file() and (stat := entry.stat())
        ]
    except OSError as exc:
        raise SourceError(f"{root}: {exc.strerror or exc}; nothing was read.") from exc
    content = json.dumps(sorted(found)).encode()
    return Document(url=url, content=content, content_type=TYPES[0])


def stamp(document: Document) -> str:
    """Return what changes exactly when a file of the folder does."""
    return sha256(document.content).hexdigest()


def open_file(url: str, *, root: str) -> Document:
    """Return a file of the folder `root`, wherever links in it may lead.

    Raises:
        SourceError: it lies outside, cannot be read, or is too large.
    """
    folder = _path(root)
    try:
        path = _path(url).resolve(strict=True)
        if not path.is_relative_to(folder.resolve(strict=True)) or not path.is_file():
            raise SourceError(f"{url}: not a file inside {folder}; nothing was read.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise SourceError(f"{url}: {why}; nothing was read.") from exc
    if len(content) > LARGEST:
        raise SourceError(f"{url}: larger than {LARGEST // 1_000_000} MB; nothing was read.")
    return Document(url=url, content=content)


def _path(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise SourceError(f"{url}: not a folder of this machine; nothing was read.")
    return Path(unquote(parts.path))
