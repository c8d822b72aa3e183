"""Sitemaps (sitemaps.org 0.9), with Google's news and image extensions, and their indexes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from bot.domain.article import Picture
from bot.domain.errors import IllFormed
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Item, Listing
from bot.markup import address, xml
from bot.markup.charset import decode
from bot.markup.dates import moment
from bot.markup.text import plain, untagged

KIND = "sitemap"
TYPES = ()

#: Addresses of one sitemap that are looked at, the newest of them; the protocol allows 50,000.
MOST = 1000

_ROOTS = {"urlset", "sitemapindex"}
_NEVER = datetime.min.replace(tzinfo=UTC)


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is a sitemap or an index of them."""
    return xml.root_name(text) in _ROOTS


def read(document: Document, house: House) -> FeedResult:
    """Return the articles of a sitemap, or the sitemaps of an index, newest first.

    A sitemap only says where articles are; their pages say the rest.

    Raises:
        IllFormed: it is not well-formed, or not a sitemap.
    """
    root = xml.parse(decode(document.content, document.content_type), document.url)
    name = _name(root)
    if name not in _ROOTS:
        raise IllFormed(f"{document.url}: XML, but not a sitemap; nothing was read.")
    if name == "sitemapindex":
        return FeedResult(kind=KIND, listings=tuple(_listings(root, house, document.url)))
    found = [item for url in _named(root, "url") if (item := _item(url, house, document.url)).url]
    newest = sorted(found, key=lambda one: one.published or one.updated or _NEVER, reverse=True)
    findings = [] if found else ["The sitemap has no addresses."]
    if len(found) > MOST:
        findings.append(f"The sitemap has {len(found)} addresses; the newest {MOST} were read.")
    return FeedResult(kind=KIND, items=tuple(newest[:MOST]), findings=tuple(findings))


def _listings(root: etree._Element, house: House, base: str) -> Iterable[Listing]:
    found = [
        Listing(url=url, updated=moment(_text(one, "lastmod"), house).at)
        for one in _named(root, "sitemap")
        if (url := address.absolute(_text(one, "loc"), base))
    ]
    return sorted(found, key=lambda one: one.updated or _NEVER, reverse=True)


def _item(url: etree._Element, house: House, base: str) -> Item:
    news = next(_named(url, "news"), None)
    published = moment(_text(news, "publication_date"), house)
    publication = next(_named(news, "publication"), None)
    tags = [plain(tag) for tag in _text(news, "keywords").split(",")]
    location = address.article(_text(url, "loc"), base)
    return Item(
        guid=location,
        url=location,
        title=untagged(_text(news, "title")),
        published=published.at,
        updated=moment(_text(url, "lastmod"), house).at,
        language=_text(publication, "language")[:35],
        image=_picture(url, base),
        tags=tuple(tag for tag in tags if tag),
        complete=False,
        findings=(published.finding,) if published.finding else (),
    )


def _picture(url: etree._Element, base: str) -> Picture | None:
    image = next(_named(url, "image"), None)
    where = address.absolute(_text(image, "loc"), base)
    alt = _text(image, "caption") or _text(image, "title")
    return Picture(url=where, alt=plain(alt)) if where else None


def _named(parent: Any, name: str) -> Iterator[etree._Element]:
    # by their local names: many sitemaps have the namespaces wrong
    return (one for one in (() if parent is None else parent) if _name(one) == name)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def _text(parent: Any, name: str) -> str:
    found = next(_named(parent, name), None)
    return " ".join("".join(str(t) for t in found.itertext()).split()) if found is not None else ""
