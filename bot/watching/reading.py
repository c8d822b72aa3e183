"""Read watched sources: many at once, few from one server, none of them in the way of another."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import cycle
from urllib.parse import urlsplit

import structlog

from bot import sources
from bot.app import App
from bot.domain.errors import ContentError, SourceError
from bot.domain.house import House
from bot.domain.intake import Source
from bot.domain.ports import Clock
from bot.domain.source import Document, FeedResult, Item, Listing, completed
from bot.http.fetch import Fetched, Fetcher, Refused, Unreachable, Validators
from bot.sources import folder

log = structlog.get_logger(__name__)

#: Further documents of one source that are read in one go, newest first.
LISTINGS = 10

#: Answers that will not be others tomorrow: the page is closed to us.
_CLOSED = frozenset({401, 402, 403, 406, 410, 451})


class Shut(ContentError):  # noqa: N818 -- reads as a sentence where it is raised
    """A page that gives us no article, today or tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading one source gave.

    Attributes:
        result: None where nothing is new, or it failed.
        validators: to ask with next time.
        moved: its new address, "" where it is where it was.
        troubles: what was wrong with parts of it.
        error: why it failed.
        bug: it failed in a way nobody thought of.
    """

    source: Source
    result: FeedResult | None = None
    validators: Validators = field(default_factory=Validators)
    moved: str = ""
    troubles: tuple[SourceError, ...] = ()
    error: SourceError | None = None
    bug: bool = False


@dataclass(frozen=True)
class Reader:
    """Reads documents and what is in them."""

    fetcher: Fetcher
    house: House
    clock: Clock

    def read(self, source: Source) -> Reading:
        """Return what a source shows. Raises SourceError."""
        known = Validators(etag=source.etag, last_modified=source.last_modified)
        found = self._open(source.url, source, known)
        if found.document is None:
            return Reading(source=source, validators=found.validators, moved=found.moved)
        result = sources.read(found.document, self.house, kind=source.kind)
        validators = found.validators
        troubles: list[SourceError] = []
        if result.listings:
            listed = self._listed(result.listings, source, troubles)
            result = replace(result, items=(*result.items, *listed))
            if source.kind != folder.KIND:
                validators = Validators()  # an index may stay as it is while its parts change
        return Reading(
            source=source,
            result=result,
            validators=validators,
            moved=found.moved,
            troubles=tuple(troubles),
        )

    def whole(self, item: Item) -> Item:
        """Return an item with the body from its page.

        Raises:
            Shut: the page may not be read, or holds no article.
            SourceError: it cannot be read just now.
        """
        if item.complete:
            return item
        if not item.url:
            raise Shut(f"{item.title or item.guid}: an excerpt without an address of its page.")
        try:
            fetched = self.fetcher.get(item.url, now=self.clock.now())
        except Refused as exc:
            if exc.status in _CLOSED:
                raise Shut(str(exc)) from exc
            raise
        if fetched.document is None:
            raise SourceError(f"{item.url}: no page came; nothing was read.")
        try:
            return completed(item, self.article(fetched.document))
        except SourceError as exc:
            raise Shut(str(exc)) from exc

    def article(self, document: Document) -> Item:
        """Return the one article of a page. Raises SourceError."""
        result = sources.read(document, self.house)
        if len(result.items) != 1 or not result.items[0].complete:
            raise SourceError(f"{document.url}: not the page of one article; nothing was read.")
        return result.items[0]

    def _open(self, url: str, source: Source, known: Validators) -> Fetched:
        if source.kind == folder.KIND:
            return self._folder(url, known)
        return self.fetcher.get(url, now=self.clock.now(), known=known)

    def _folder(self, url: str, known: Validators) -> Fetched:
        document = folder.listing(url)
        stamp = Validators(etag=folder.stamp(document))
        return Fetched(document=None if stamp == known else document, validators=stamp)

    def _listed(
        self, listings: Sequence[Listing], source: Source, troubles: list[SourceError]
    ) -> Iterator[Item]:
        """Yield the items of further documents; one that cannot be read stops none of the others."""
        for one in listings[: folder.MOST if source.kind == folder.KIND else LISTINGS]:
            try:
                if source.kind == folder.KIND:
                    document: Document | None = folder.open_file(one.url, root=source.url)
                else:
                    document = self.fetcher.get(one.url, now=self.clock.now()).document
                if document is not None:
                    yield from sources.read(document, self.house).items
            except SourceError as exc:
                troubles.append(exc)


def reader(app: App) -> Reader:
    """Return what reads this bot's sources."""
    return Reader(app.fetcher, app.house, app.clock)


def read_all(
    due: Sequence[Source],
    read: Callable[[Source], Reading],
    *,
    at_once: int,
    per_host: int,
    stopping: threading.Event,
) -> Iterator[Reading]:
    """Yield a reading for each source, as they come; those not begun when `stopping` are left out.

    A server that does not answer is not asked for its other sources in the same round.
    """
    chains = _chains(due, per_host)
    done: queue.SimpleQueue[Reading | None] = queue.SimpleQueue()
    left = threading.Event()

    def work(chain: Sequence[Source]) -> None:
        silent: SourceError | None = None
        try:
            for source in chain:
                if stopping.is_set() or left.is_set():
                    return
                reading = Reading(source=source, error=silent) if silent else _tried(source, read)
                silent = reading.error if isinstance(reading.error, Unreachable) else None
                done.put(reading)
        finally:
            done.put(None)

    with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(chains)))) as pool:
        for chain in chains:
            pool.submit(work, chain)
        try:
            for _ in chains:
                yield from iter(done.get, None)
        finally:
            left.set()


def _chains(due: Iterable[Source], per_host: int) -> list[list[Source]]:
    """Return the sources in rows, each to be read one after the other; few rows for one server."""
    hosts: dict[str, list[Source]] = {}
    for source in due:
        hosts.setdefault(urlsplit(source.url).netloc, []).append(source)
    rows: list[list[Source]] = []
    for same in hosts.values():
        mine: list[list[Source]] = [[] for _ in range(min(per_host, len(same)))]
        for row, source in zip(cycle(mine), same, strict=False):
            row.append(source)
        rows += mine
    return rows


def _tried(source: Source, read: Callable[[Source], Reading]) -> Reading:
    try:
        return read(source)
    except SourceError as exc:
        return Reading(source=source, error=exc)
    except Exception:  # a document nobody thought of must not keep the other sources from us
        log.exception("source.bug", source=source.name)
        error = SourceError(
            f"{source.url}: reading it failed in a way we did not foresee; nothing was taken in. "
            "The log has the details."
        )
        return Reading(source=source, error=error, bug=True)
