"""What a source gives before it is an article: documents, and the items that are in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from bot.domain.article import Article, Picture, SourceLink, article_key
from bot.domain.errors import ContentError
from bot.domain.house import House
from bot.domain.links import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What lies at an address, as it came.

    Attributes:
        url: where it was in the end, after every redirect.
        content_type: as the server said, "" where it said nothing.
        headers: of the answer, names in lower case.
    """

    url: str
    content: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article as a source shows it: clean, but perhaps only an excerpt.

    Attributes:
        guid: the source's own id of it, "" where it gives none; only counts within the source.
        id: the house's id of it ("2026-06-26-…"), where the source gives that.
        url: absolute, without tracking parameters; "" where the source gives none.
        published: aware, in UTC; None where the source does not say.
        updated: as `published`.
        language: BCP 47 tag, "" where unknown.
        body: paragraphs, in order, plain text.
        complete: the whole article is here; else the page at `url` has the body.
        findings: what an editor should know, such as "The date carries no time zone …".
    """

    guid: str = ""
    id: str = ""
    url: str = ""
    title: str = ""
    dek: str = ""
    section: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    image: Picture | None = None
    body: tuple[str, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    tags: tuple[str, ...] = ()
    complete: bool = True
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Another document that lists articles, such as one sitemap of an index.

    Attributes:
        updated: when it changed last, None where unknown.
    """

    url: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedResult:
    """What is in one document of a source.

    Attributes:
        kind: the source kind that read it, a module of `bot.sources`.
        items: as they stand in it; not every kind puts the newest first.
        title: what the source calls itself.
        listings: further documents to read, newest first; only a sitemap index has them.
        inside: documents that are in this one, to be read as what they are.
        gone: ids and addresses of articles that it says are no more.
        hub: address of its WebSub hub, "" where it has none.
        topic: the address the hub knows it by.
        findings: what is to be said of the document as a whole, such as why it has no items.
    """

    kind: str
    items: tuple[Item, ...] = ()
    title: str = ""
    listings: tuple[Listing, ...] = ()
    inside: tuple[Document, ...] = ()
    gone: tuple[str, ...] = ()
    hub: str = ""
    topic: str = ""
    findings: tuple[str, ...] = ()


#: Said of an article whose date is a guess: such a date is not what anything is refused by.
GUESSED = "The page does not state its date; this one was found in its text and may be another's."

#: Said of an article whose page names another site's address as its own.
ELSEWHERE = "The page names an address of another site as its own; the post leads there."


def completed(item: Item, page: Item) -> Item:
    """Return an item with the body of its page; what the source itself says is believed first.

    The page's address is the canonical one: feeds often link through a counter of clicks.
    """
    return replace(
        page,
        guid=item.guid,
        id=item.id or page.id,
        url=page.url or item.url,
        title=_headline(item.title, page.title),
        dek=page.dek or _standfirst(item.dek, page.body),
        section=item.section or page.section,
        author=item.author or page.author,
        published=item.published or page.published,
        updated=page.updated or item.updated,
        language=page.language or item.language,
        image=page.image or item.image,
        tags=item.tags or page.tags,
        complete=True,
        findings=tuple(dict.fromkeys((*item.findings, *_told(page, dated=bool(item.published))))),
    )


def _told(page: Item, *, dated: bool) -> Iterator[str]:
    """Yield what is to be said of a page; nothing of its date where the source gives one."""
    return (said for said in page.findings if said == ELSEWHERE or not dated)


def _standfirst(teaser: str, body: tuple[str, ...]) -> str:
    """Return what a source shows of an article, "" where that is only how the article begins."""
    return "" if " ".join(body).startswith(teaser) else teaser


def _headline(listed: str, shown: str) -> str:
    """Return the headline as listed, without the name of the site that the page leaves out."""
    named = shown and listed.startswith(shown) and _NAMED.match(listed[len(shown) :])
    return shown if named or not listed else listed


_NAMED = re.compile(r"\s+[-–—|·»:]\s+\S")
_ID = re.compile(r"[\w.-]{1,120}")
_ID_IN_ADDRESS = re.compile(r"/(\d{4}-\d{2}-\d{2}-[a-z0-9-]{3,109})/?(?:$|[?#])")

#: Parts without which a post can be made, but an editor should know.
_PARTS = ("title", "dek", "body", "published")


def id_in(url: str) -> str:
    """Return the house's id in an address of the site, "" where there is none."""
    named = _ID_IN_ADDRESS.search(url)
    return named[1] if named else ""


def to_article(item: Item, house: House, *, origin: str) -> Article:
    """Return the article of an item.

    Its key is the house's id where the item gives it, alone or in its address; else it is made
    from the day in the house's zone and the headline. What is missing is named, never made up.

    Args:
        item: from any source.
        house: for the zone and the address of an article that has none.
        origin: where it came from, for the editor.
    """
    day = item.published.astimezone(house.zone).date() if item.published else None
    key = item.id if _ID.fullmatch(item.id) else id_in(item.url)
    key = key or article_key(day, item.title or _last(item.url))
    return Article(
        key=key,
        url=_address(item.url) or house.article_url.format(id=key),
        title=item.title,
        dek=item.dek,
        section=item.section,
        author=item.author,
        published_at=item.published and item.published.astimezone(UTC),
        updated_at=item.updated and item.updated.astimezone(UTC),
        body=item.body,
        sources=item.sources,
        tags=item.tags,
        language=item.language or "en",
        image=item.image,
        source=origin,
        missing=tuple(part for part in _PARTS if not getattr(item, part)),
        findings=item.findings,
    )


def _address(url: str) -> str:
    try:
        return canonical(url) if url else ""
    except ContentError:
        return ""


def _last(url: str) -> str:
    """Return the part of an address that says most, for an article without a headline."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) or url
