"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import html
import re
from typing import Any

from bot.domain.article import Picture
from bot.domain.errors import IllFormed
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Item
from bot.markup import address, data
from bot.markup.charset import decode
from bot.markup.dates import moment
from bot.markup.story import story
from bot.markup.text import plain, untagged

KIND = "jsonfeed"
SUFFIXES = (".json",)
TYPES = ("application/feed+json",)

#: Items of one feed that are looked at; feeds put the newest first.
MOST = 500

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is a JSON Feed, whatever the server calls it."""
    if "jsonfeed.org/version" not in text:
        return False
    return bool(_VERSION.match(data.words(data.peek(text), "version")))


def read(document: Document, house: House) -> FeedResult:
    """Return the articles of a feed.

    Raises:
        IllFormed: it is not JSON, or not a JSON Feed.
    """
    found = data.load(decode(document.content, document.content_type), document.url)
    if not _VERSION.match(data.words(found, "version")) or not isinstance(found.get("items"), list):
        raise IllFormed(
            f'{document.url}: JSON, but not a JSON Feed with "version" and "items"; nothing was read.'
        )
    entries = data.rows(found, "items")
    items = tuple(_item(entry, found, house, document.url) for entry in entries[:MOST])
    findings = ["The feed has no items."] if not items else []
    if len(entries) > MOST:
        findings.append(f"The feed has {len(entries)} items; the first {MOST} were read.")
    hub = next((one for one in data.rows(found, "hubs") if data.words(one, "type") == "WebSub"), {})
    return FeedResult(
        kind=KIND,
        items=items,
        title=untagged(data.words(found, "title")),
        hub=address.absolute(data.words(hub, "url"), document.url),
        topic=address.absolute(data.words(found, "feed_url"), document.url),
        findings=tuple(findings),
    )


def _item(entry: dict[str, Any], feed: Any, house: House, base: str) -> Item:
    url = address.article(data.words(entry, "url"), base)
    markup = data.words(entry, "content_html") or _paragraphs(data.words(entry, "content_text"))
    read_in = story(markup, url or base)
    dek = untagged(data.words(entry, "summary"))
    published = moment(data.words(entry, "date_published"), house)
    updated = moment(data.words(entry, "date_modified"), house)
    tags = entry.get("tags")
    named = [plain(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    named = [tag for tag in dict.fromkeys(named) if tag]
    return Item(
        guid=data.words(entry, "id"),
        url=url,
        title=untagged(data.words(entry, "title")),
        dek=dek or ("" if read_in.whole else " ".join(read_in.body)),
        section=named[0] if named else "",
        author=_authors(entry) or _authors(feed),
        published=published.at,
        updated=updated.at,
        language=(data.words(entry, "language") or data.words(feed, "language"))[:35],
        image=_picture(entry, base) or read_in.image,
        body=read_in.body,
        sources=read_in.sources,
        tags=tuple(named),
        complete=read_in.whole,
        findings=(published.finding,) if published.finding else (),
    )


def _paragraphs(text: str) -> str:
    runs = re.split(r"\n\s*\n", html.escape(text, quote=False))
    return "".join(f"<p>{run}</p>" for run in runs if run.strip())


def _authors(part: Any) -> str:
    # 1.1 has "authors"; 1.0 had "author", which is still to be read
    named = [data.words(one, "name") for one in data.rows(part, "authors")]
    named = named or [data.words(part, "author", "name")]
    return ", ".join(plain(name) for name in named if name)


def _picture(entry: dict[str, Any], base: str) -> Picture | None:
    for name in ("image", "banner_image"):
        if url := address.absolute(data.words(entry, name), base):
            return Picture(url=url)
    return None
