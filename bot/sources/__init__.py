"""Where articles come from: one module per kind; each says what it accepts and reads it.

A module of this package is a source kind when it has

    accepts(document, text) -> bool          is this, by its content, one of mine?
    read(document, house) -> FeedResult      what is in it; raises SourceError, never fetches

Its name is the kind's name everywhere. Each is loaded only when it is needed.
"""

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import cast
from urllib.parse import urlsplit

from bot.domain.article import Article
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, to_article
from bot.markup.charset import decode

#: The endings of files that can be read as an article.
SUFFIXES = (".json", ".md", ".html", ".htm", ".txt")

#: Bytes; an article is text of a few pages. More is a mistake or an attack.
LARGEST = 5_000_000


def kinds() -> list[str]:
    """Return the name of every source kind."""
    return sorted(_kinds())


def find_kind(document: Document) -> str:
    """Return the kind of source a document is, by its content, whatever the server calls it.

    Raises:
        SourceError: no kind knows it.
    """
    text = decode(document.content, document.content_type)
    found = (name for name, kind in _kinds().items() if kind.accepts(document, text))
    name = next(found, "") or _said(document)
    if not name:
        what = document.content_type.partition(";")[0] or "content of unknown type"
        raise SourceError(
            f"{document.url}: {what} that holds no article we can read; nothing was read."
        )
    return name


def _said(document: Document) -> str:
    """Return the kind that the server or the ending names; its reader says what is wrong."""
    kind = document.content_type.partition(";")[0].strip().lower()
    suffix = Path(urlsplit(document.url).path).suffix.lower()
    for name, module in _kinds().items():
        if kind in getattr(module, "TYPES", ()) or (
            not kind and suffix in getattr(module, "SUFFIXES", ())
        ):
            return name
    return ""


def read(document: Document, house: House, *, kind: str = "") -> FeedResult:
    """Return what is in a document of a source.

    Args:
        document: as it was fetched.
        house: for zones and addresses.
        kind: the source's kind; "" finds it out.

    Raises:
        SourceError: it is of no known kind, or not what its kind must be (IllFormed).
    """
    known = _kind(kind) if kind else None
    if kind and known is None:
        raise SourceError(f"There is no source kind {kind!r}; there are {', '.join(kinds())}.")
    if len(document.content) > LARGEST:
        raise SourceError(
            f"{document.url}: larger than {LARGEST // 1_000_000} MB; nothing was read."
        )
    module = known or _kinds()[find_kind(document)]
    result = cast("FeedResult", module.read(document, house))
    inner = [_inside(one, house) for one in result.inside]
    return replace(
        result, items=(*result.items, *(item for one in inner for item in one.items)), inside=()
    )


def _inside(document: Document, house: House) -> FeedResult:
    """Return what is in a document that was in another one; there it ends."""
    module = _kinds()[find_kind(document)]
    return cast("FeedResult", module.read(document, house))


def _kind(name: str) -> ModuleType | None:
    """Return one kind, and load no other: an empty inbox needs no reader of feeds."""
    if name not in {found.name for found in pkgutil.iter_modules(__path__)}:
        return None
    module = importlib.import_module(f"{__name__}.{name}")
    return module if hasattr(module, "accepts") else None


@cache
def _kinds() -> dict[str, ModuleType]:
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    return {
        module.__name__.rpartition(".")[2]: module
        for module in modules
        if hasattr(module, "accepts")
    }


def read_file(path: Path, house: House) -> Article:
    """Return the article in a file.

    Raises:
        SourceError: the file is missing, unreadable, too large, of an unknown kind, or not an
            article.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(f"{path}: an article file ends in one of {', '.join(SUFFIXES)}.")
    return read_document(Document(url=str(path), content=_bytes(path)), house)


def read_document(found: Document, house: House) -> Article:
    """Return the one article in a document.

    Raises:
        SourceError: it is of an unknown kind, or does not hold exactly one article.
    """
    result = read(found, house)
    if len(result.items) != 1 or not result.items[0].complete:
        raise SourceError(
            f"{found.url}: a list of {len(result.items)} articles ({result.kind}), not one article; "
            "nothing was read. `bot source add` watches a list."
        )
    return to_article(result.items[0], house, origin=found.url)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(f"{path}: larger than {LARGEST // 1_000_000} MB; nothing was read.")
        return path.read_bytes()
    except OSError as exc:
        raise SourceError(f"{path}: {exc.strerror or exc}; nothing was read.") from exc
