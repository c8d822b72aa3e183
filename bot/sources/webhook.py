"""What another program pushes to us: `{"type": "article.published", "data": {…}}`.

The envelope is that of Standard Webhooks (standardwebhooks.com); who may push, and that nobody
pushes the same twice, is looked after where it arrives.
"""

import json
from typing import Any

from bot.domain.errors import IllFormed
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Item
from bot.markup import data
from bot.markup.charset import decode

KIND = "webhook"
TYPES = ()

#: What may have happened to an article.
PUBLISHED = frozenset({"article.published", "article.created", "article.updated"})
GONE = frozenset({"article.deleted", "article.unpublished"})


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is a message about an article."""
    return '"data"' in text and data.words(data.peek(text), "type") in PUBLISHED | GONE


def read(document: Document, house: House) -> FeedResult:
    """Return the article of a message: whole, or its address alone, or that it is gone.

    Raises:
        IllFormed: it is not such a message.
    """
    found = data.load(decode(document.content, document.content_type), document.url)
    kind, inside = data.words(found, "type"), found.get("data") if isinstance(found, dict) else None
    if kind not in PUBLISHED | GONE or not isinstance(inside, dict):
        raise IllFormed(
            f'{document.url}: write {{"type": "article.published", "data": {{…}}}}, or '
            '"article.updated" or "article.deleted"; nothing was read.'
        )
    from bot.markup import address  # noqa: PLC0415 -- see `_pointed`

    url = address.article(data.words(inside, "url"))
    named = data.words(inside, "id") or url
    if kind in GONE:
        if not named:
            raise IllFormed(f'{document.url}: {kind} without "id" or "url"; nothing was read.')
        return FeedResult(kind=KIND, gone=(named, *([url] if url and url != named else [])))
    if inside.get("body"):
        content = json.dumps(inside, ensure_ascii=False).encode("utf-8", "replace")
        whole = Document(url=document.url, content=content, content_type="application/json")
        return FeedResult(kind=KIND, inside=(whole,))
    if not url:
        raise IllFormed(
            f'{document.url}: neither the article\'s "body" nor its "url"; nothing was read.'
        )
    return FeedResult(kind=KIND, items=(_pointed(inside, url, house),))


def _pointed(inside: dict[str, Any], url: str, house: House) -> Item:
    """Return an article of which only the address is sure; its page says the rest."""
    # Loaded by the first message: what reads dates and mends text takes 11 MB, and this module is
    # loaded by every bot that looks whether there is one.
    from bot.markup.dates import moment  # noqa: PLC0415
    from bot.markup.text import plain  # noqa: PLC0415

    published = moment(data.words(inside, "published_at"), house)
    return Item(
        guid=data.words(inside, "id"),
        url=url,
        title=plain(data.words(inside, "title")),
        published=published.at,
        complete=False,
        findings=(published.finding,) if published.finding else (),
    )
