"""Where articles come from: one module per kind; each says what it accepts and reads it.

A module of this package is a source kind when it has

    accepts(document, text) -> bool          is this, by its content, one of mine?
    read(document, house) -> FeedResult      what is in it; raises SourceError, never fetches

Its name is the kind's name everywhere. Each is loaded only when it is needed.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import cast

from bot.domain.article import Article
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.domain.source import Document, FeedResult
from bot.markup.charset import decode
from bot.sources import copied, document, page

Parse = Callable[..., Article]

#: Every ending and how a file that has it is read.
_PARSERS: dict[str, Parse] = {
    ".txt": copied.parse,
    ".html": page.parse,
    ".htm": page.parse,
    ".json": document.parse_json,
    ".md": document.parse_markdown,
}

#: The same for what a web server calls it.
_TYPES: dict[str, Parse] = {
    "text/html": page.parse,
    "application/xhtml+xml": page.parse,
    "application/json": document.parse_json,
    "text/markdown": document.parse_markdown,
    "text/plain": copied.parse,
}

#: The endings of files that can be read as an article.
SUFFIXES = tuple(_PARSERS)

_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)

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
    found = next((name for name, kind in _kinds().items() if kind.accepts(document, text)), None)
    if found is None:
        what = document.content_type.partition(";")[0] or "content of unknown type"
        raise SourceError(
            f"{document.url}: {what} that is neither a feed nor a page with an article; nothing was read."
        )
    return found


def read(document: Document, house: House, *, kind: str = "") -> FeedResult:
    """Return what is in a document of a source.

    Args:
        document: as it was fetched.
        house: for zones and addresses.
        kind: the source's kind; "" finds it out.

    Raises:
        SourceError: it is of no known kind, or not what its kind must be (IllFormed).
    """
    module = _kinds().get(kind or find_kind(document))
    if module is None:
        raise SourceError(f"There is no source kind {kind!r}; there are {', '.join(kinds())}.")
    if len(document.content) > LARGEST:
        raise SourceError(
            f"{document.url}: larger than {LARGEST // 1_000_000} MB; nothing was read."
        )
    return cast("FeedResult", module.read(document, house))


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
    """Return the article in a file; its ending says how to read it.

    Raises:
        SourceError: the file is missing, unreadable, too large, of an unknown kind, or not an
            article.
    """
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        raise SourceError(f"{path}: an article file ends in one of {', '.join(SUFFIXES)}.")
    return parse(_text(path), house, origin=str(path))


def read_document(found: Document, house: House) -> Article:
    """Return the article in a document from the web; its content type says how to read it.

    Raises:
        SourceError: it is of an unknown kind, or not an article of the site.
    """
    kind, _, parameters = found.content_type.partition(";")
    parse = _TYPES.get(kind.strip().lower()) or _PARSERS.get(Path(found.url).suffix.lower())
    if parse is None:
        raise SourceError(f"{found.url}: {kind or 'no content type'} holds no article; not read.")
    return parse(_decoded(found.content, parameters), house, origin=found.url)


def _decoded(content: bytes, parameters: str) -> str:
    """Return the text: as the server says, as UTF-8, as the page says, or as browsers guess."""
    said = _CHARSET.search(parameters)
    meta = _CHARSET.search(content[:1024].decode("ascii", "ignore"))
    for encoding in (said and said[1], "utf-8", meta and meta[1]):
        try:
            return content.decode(encoding or "utf-8").removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")  # WHATWG Encoding: the fallback of the West


def watch(folder: Path, house: House) -> Iterator[Article | SourceError]:
    """Yield each article of a folder, oldest file name first, or why it could not be read.

    Raises:
        SourceError: the folder itself cannot be read.
    """
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    except OSError as exc:
        raise SourceError(
            f"BOT_INBOX_DIR: {folder} cannot be read ({exc.strerror}); no article was taken in."
        ) from exc
    for path in paths:
        try:
            yield read_file(path, house)
        except SourceError as exc:
            yield exc


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(f"{path}: larger than {LARGEST // 1_000_000} MB; nothing was read.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise SourceError(f"{path}: {exc.strerror or exc}; nothing was read.") from exc
    except UnicodeDecodeError as exc:
        raise SourceError(f"{path}: not text in UTF-8; nothing was read.") from exc
