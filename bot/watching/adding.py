"""Find out what kind of source an address is, and begin to watch it."""

import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from bot import sources
from bot.app import App
from bot.domain.article import Article
from bot.domain.errors import SourceError, UsageError
from bot.domain.intake import Held, Source
from bot.domain.source import Document, to_article
from bot.edition import BY_HAND, Ingested
from bot.http.fetch import Validators
from bot.markup import discovery
from bot.markup.charset import decode
from bot.markup.html import parse
from bot.sources import folder
from bot.watching.reading import Reading, reader
from bot.watching.round import INBOX, settle
from bot.watching.taking import PAGE, newest

__all__ = ["Found", "add", "find", "newest"]


#: Pages that send readers on before one that does not.
HOPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A source as it would be kept, and what it shows.

    Attributes:
        articles: as we understand them, newest first.
        how: how it was found, for the editor; "" where the address was the source itself.
    """

    source: Source
    reading: Reading
    articles: tuple[Article, ...]
    how: str = ""
    findings: tuple[str, ...] = ()


def find(app: App, where: str, *, name: str = "", kind: str = "", hops: int = HOPS) -> Found:
    """Return the source at an address: itself, or the feed its page names.

    Args:
        app: the bot.
        where: an address of the web, or a folder of this machine.
        name: what to call it; "" makes one from its address.
        kind: what it must be; "" finds it out.
        hops: how many pages that send their readers on are followed.

    Raises:
        SourceError: it cannot be read, or there is nothing to watch.
        UsageError: the name or the kind cannot be used.
    """
    if kind and kind not in sources.kinds():
        raise UsageError(f"There is no kind {kind!r}; there are {', '.join(sources.kinds())}.")
    if not where.startswith(("http://", "https://")):
        return _folder(app, where, name)
    fetched = app.fetcher.get(where, now=app.clock.now())
    document = fetched.document
    if document is None:
        raise SourceError(f"{where}: nothing came; nothing was added.")
    first = kind or sources.find_kind(document)
    if first == "page" and not kind:
        for url, how in _named(decode(document.content, document.content_type), document.url):
            try:
                return _found(app, Source(name=_name(name, where), url=url, kind=""), how)
            except SourceError:
                continue
        if hops and (onward := _onward(document)):
            return find(app, onward, name=name, hops=hops - 1)
    source = Source(name=_name(name, where), url=fetched.moved or where, kind=first)
    return _found(app, source, "")


def find_on_web(app: App, where: str, *, name: str = "") -> Found:
    """Return the source at an address of the web: a folder is added at this machine's terminal.

    Raises as `find`.
    """
    where = where.strip()
    if not where.startswith(("http://", "https://")):
        raise UsageError(
            "Write an address of the web, https://…; a folder is added with `bot source add`. "
            "Nothing was added."
        )
    return find(app, where, name=name.strip())


def add(app: App, found: Found) -> tuple[Source, Ingested, Held | None]:
    """Keep the source, mark its archive as seen; return it, that, and the question about the newest.

    Raises:
        UsageError: there is one of its name or address.
        StoreError: the database cannot be used.
    """
    source = app.store.sources.add(
        replace(found.source, key=secrets.token_hex(16)), now=app.clock.now()
    )
    result = Ingested()
    # What a source shows while it is added is read again at once with its own validators.
    settle(app, replace(found.reading, source=source), result)
    asked = [one for one in app.store.sightings.held() if one.source == source.name]
    return app.store.sources.named(source.name), result, asked[0] if asked else None


def _found(app: App, source: Source, how: str) -> Found:
    if not source.kind:
        document = app.fetcher.get(source.url, now=app.clock.now()).document
        if document is None:
            raise SourceError(f"{source.url}: nothing came.")
        source = replace(source, kind=sources.find_kind(document))
        if source.kind == "page":
            raise SourceError(f"{source.url}: a page, not a feed.")
    reading = reader(app).read(source)
    if reading.result is None:
        raise SourceError(f"{source.url}: nothing came; nothing was added.")
    items = reading.result.items
    if len(items) == 1 and items[0].complete and source.kind in ("page", "copied", "document"):
        raise SourceError(
            f"{source.url}: one article, not a source of them; nothing was added. "
            "`bot ingest URL` makes its posts."
        )
    articles = [to_article(item, app.house, origin=source.name) for item in items]
    ordered = sorted(articles, key=lambda a: -a.published_at.timestamp() if a.published_at else 0)
    return Found(
        source=replace(source, hub=reading.result.hub, topic=reading.result.topic),
        reading=reading,
        articles=tuple(ordered),
        how=how,
        findings=reading.result.findings,
    )


def _folder(app: App, where: str, name: str) -> Found:
    path = Path(where)
    url = folder.address(path)
    if app.settings.inbox_dir is not None and url == folder.address(app.settings.inbox_dir):
        raise UsageError(f"{where} is BOT_INBOX_DIR, which is read anyway; nothing was added.")
    source = Source(name=_name(name, f"//{path.resolve().name}"), url=url, kind=folder.KIND)
    reading = reader(app).read(source)
    items = reading.result.items if reading.result else ()
    articles = tuple(to_article(item, app.house, origin=source.name) for item in items)
    if not items:  # an empty folder has no archive: what comes is new
        source = replace(source, primed=True)
        reading = replace(reading, validators=Validators())
    return Found(source=source, reading=reading, articles=articles)


def _named(text: str, base: str) -> list[tuple[str, str]]:
    root = parse(text)
    if root is None:
        return []
    named = [(url, "the feed that the page names") for url in discovery.feeds(root, base)]
    api = discovery.wordpress(root, base)
    return [*named[:3], *([(api, "the site's WordPress API")] if api else [])]


def _onward(document: Document) -> str:
    root = parse(decode(document.content, document.content_type))
    return discovery.refresh(root, document.url) if root is not None else ""


def _name(given: str, where: str) -> str:
    name = given or (urlsplit(where).hostname or "").removeprefix("www.")
    name = name if given else re.sub(r"[^\w.-]+", "-", name)[:60]
    return checked_name(name)


def checked_name(name: str) -> str:
    """Return the name if a source may have it. Raises UsageError."""
    if not re.fullmatch(r"[\w.-]{1,60}", name) or name in (INBOX, PAGE, BY_HAND):
        raise UsageError(
            f"{name!r} cannot be the name of a source: letters, digits, dots and hyphens, "
            f'not "{INBOX}". Give one with --name.'
        )
    return name
