"""RSS, Atom, RDF and CDF feeds."""

import html
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import feedparser
from lxml import etree

from bot.domain.article import Picture
from bot.domain.errors import IllFormed
from bot.domain.house import House, body_and_sources
from bot.domain.source import Document, FeedResult, Item
from bot.markup import address, xml
from bot.markup.charset import decode
from bot.markup.dates import moment
from bot.markup.excerpt import is_whole_article, teaser, without_boilerplate, without_shortcodes
from bot.markup.html import blocks, first_picture, parse, pixels
from bot.markup.text import plain, untagged

KIND = "feed"
SUFFIXES = (".xml", ".rss", ".atom", ".rdf")
TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_ROOTS = {"rss", "feed", "rdf", "channel"}

#: Items of one feed that are looked at; feeds put the newest first.
MOST = 500

_MEDIA = "{http://search.yahoo.com/mrss/}"
_PICTURES = (f"{_MEDIA}content", f"{_MEDIA}thumbnail")
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(#\d+|#x[0-9a-fA-F]+|\w+);)?", re.DOTALL)
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is a feed, whatever the server calls it."""
    return xml.root_name(text) in _ROOTS


def read(document: Document, house: House) -> FeedResult:
    """Return the articles of a feed.

    Raises:
        IllFormed: it is not a well-formed feed. A bare "&" and HTML's own names ("&nbsp;") are
            mended first, because they cannot mean anything else.
    """
    text = decode(document.content, document.content_type)
    root, mended = _well_formed(text, document.url)
    _tell_pictures(root)
    # The types of 6.0 are loose; what is read from it is checked where it is read.
    found: Any = feedparser.parse(
        io.BytesIO(etree.tostring(root, encoding="utf-8")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": document.url,
            "content-language": document.headers.get("content-language", ""),
        },
        sanitize_html=False,  # only text is taken from it, and links are made absolute by us
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        raise IllFormed(f"{document.url}: XML, but not a feed; nothing was read.")
    feed = found.feed
    items = tuple(_item(entry, feed, house, document.url) for entry in found.entries[:MOST])
    findings = [mended] if mended else []
    if not items:
        findings.append("The feed has no items.")
    elif len(found.entries) > MOST:
        findings.append(f"The feed has {len(found.entries)} items; the first {MOST} were read.")
    return FeedResult(
        kind=KIND,
        items=items,
        title=untagged(feed.get("title")),
        hub=_link(feed, "hub", document.url),
        topic=_link(feed, "self", document.url),
        findings=tuple(findings),
    )


def _well_formed(text: str, origin: str) -> tuple[etree._Element, str]:
    try:
        return xml.parse(text, origin), ""
    except IllFormed:
        mended = _AMPERSAND.sub(_mend, text)
        if mended == text:
            raise
        return xml.parse(mended, origin), "The feed was not well-formed: bare & or HTML names."


def _tell_pictures(root: etree._Element) -> None:
    """Make what describes a picture an attribute of it; feedparser takes it for the article."""
    told = set()
    for said in list(root.iter(f"{_MEDIA}description", f"{_MEDIA}title")):
        parent = said.getparent()
        if parent is None:
            continue
        if parent not in told:
            told.add(parent)
            for picture in [parent, *parent.iterchildren(*_PICTURES)]:
                picture.set("alt", picture.get("alt") or said.text or "")
        parent.remove(said)


def _mend(found: re.Match[str]) -> str:
    name = found[1]
    if found[0].startswith("<!") or (name and (name in _XML_NAMES or name.startswith("#"))):
        return found[0]
    meant = html.unescape(f"&{name};") if name else "&"
    return f"&amp;{found[0][1:]}" if meant == found[0] or meant == "&" else meant


def _item(entry: Mapping[str, Any], feed: Mapping[str, Any], house: House, base: str) -> Item:
    whole, excerpt = _texts(entry)
    root = parse(without_shortcodes(whole or excerpt))
    url = address.article(
        entry.get("feedburner_origlink") or entry.get("link") or _link(entry, "alternate", base),
        base,
    )
    shown = blocks(root, url or base) if root is not None else []
    body, sources = body_and_sources(without_boilerplate(shown))
    published, updated = _moments(entry, house)
    image = _picture(entry, base)
    if image is None and root is not None:
        image = first_picture(root, url or base)
    dek = untagged(excerpt) if whole and excerpt != whole else ""
    complete = is_whole_article(body, markup=whole or excerpt)
    if not complete:
        dek = teaser(dek or " ".join(body))
    tags = tuple(dict.fromkeys(plain(tag.get("term")) for tag in _list(entry, "tags")))
    return Item(
        guid=str(entry.get("id") or ""),
        url=url,
        title=untagged(entry.get("title")),
        dek="" if body and body[0].startswith(dek[:200]) and complete else dek,
        section=next((tag for tag in tags if tag), ""),
        author=_author(entry),
        published=published.at,
        updated=updated.at,
        language=_language(entry, feed),
        image=image,
        body=body,
        sources=sources,
        tags=tuple(tag for tag in tags if tag),
        complete=complete,
        findings=tuple(said for said in (published.finding,) if said),
    )


def _texts(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the feed calls the content and what it calls the summary, as HTML."""
    contents = [_markup(part) for part in _list(entry, "content")]
    summary = entry.get("summary_detail") or {"value": entry.get("summary", "")}
    return max(contents, key=len, default=""), _markup(summary)


def _markup(part: Mapping[str, Any]) -> str:
    value = str(part.get("value") or "")
    if part.get("type") == "text/plain" and not re.search(r"<(?:p|br|div|a|img)\b", value):
        paragraphs = re.split(r"\n\s*\n", html.escape(value, quote=False))
        return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return value


def _moments(entry: Mapping[str, Any], house: House) -> tuple[Any, Any]:
    published = moment(_text(entry, "published") or _text(entry, "created"), house)
    updated = moment(_text(entry, "updated"), house)
    if published.at is None and not published.finding:
        published = updated
    return published, updated


def _text(entry: Mapping[str, Any], name: str) -> str:
    # feedparser's dictionary gives "published" for a missing "updated", with a warning
    return str(dict.get(entry, name) or "") if isinstance(entry, dict) else ""


def _author(entry: Mapping[str, Any]) -> str:
    detail = entry.get("author_detail") or {}
    name = plain(detail.get("name") or entry.get("author"))
    return "" if "@" in name else name


def _language(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> str:
    own = next((part.get("language") for part in _list(entry, "content")), None)
    found = own or (entry.get("title_detail") or {}).get("language") or feed.get("language") or ""
    return str(found).strip()[:35]


def _picture(entry: Mapping[str, Any], base: str) -> Picture | None:
    for media in [*_list(entry, "media_content"), *_list(entry, "media_thumbnail")]:
        kind = str(media.get("type") or media.get("medium") or "image")
        url = address.absolute(media.get("url"), base)
        if url and kind.startswith("image"):
            width, height = pixels(media.get("width")), pixels(media.get("height"))
            return Picture(url=url, width=width, height=height, alt=plain(media.get("alt")))
    for link in _list(entry, "links"):
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            url = address.absolute(link.get("href"), base)
            return Picture(url=url) if url else None
    url = address.absolute((entry.get("image") or {}).get("href"), base)
    return Picture(url=url) if url else None


def _link(part: Mapping[str, Any], rel: str, base: str) -> str:
    links = (link.get("href") for link in _list(part, "links") if link.get("rel") == rel)
    return address.absolute(next(links, ""), base)


def _list(part: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = part.get(name) or []
    return [one for one in found if isinstance(one, Mapping)]
