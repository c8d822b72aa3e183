"""Where articles come from: one module per kind; each says what it accepts and parses it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.domain.article import Article
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.sources import copied, jsonfile, page

Parse = Callable[..., Article]

#: Every ending and how a file that has it is read.
_PARSERS: dict[str, Parse] = {
    suffix: kind.parse for kind in (copied, jsonfile, page) for suffix in kind.SUFFIXES
}

#: The endings of files that can be read as an article.
SUFFIXES = tuple(_PARSERS)

#: Bytes; an article is text of a few pages. More is a mistake or an attack.
LARGEST = 5_000_000


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
