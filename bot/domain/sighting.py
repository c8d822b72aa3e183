"""By what an article is known again: its id in the feed, its address, its headline and day, its text.

Each is kept as a 64-bit digest: small, quick to look up among millions, and good for nothing else.
Among a million remembered articles a wrong match by chance is one in 10¹³.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from bot.domain.article import Article
from bot.domain.errors import ContentError
from bot.domain.links import canonical

#: Characters of body text below which two articles may say the same by chance ("Subscribe to …").
LEAST_BODY = 100

#: Words of a headline below which it may recur on one day in two sources ("Morning briefing").
LEAST_WORDS = 4

#: How alike two headlines of one source and day must be, 0 to 1: a typo, not another story.
NEAR = 0.9

#: By what an article is known most surely, after the source's own id.
ADDRESS = "its address"

#: What stands between words; marks among it, such as Indic vowel signs, belong to them.
_ASCII_BETWEEN = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")
_BETWEEN = re.compile(r"[^\w\s]+")

#: Words of a headline's beginning and end by which near ones are looked up.
_EDGE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """By what one article, as one source showed it, is known again.

    Attributes:
        guid: digest of the source and its own id for the article; None where it gives none.
        url: digest of the canonical address, the same for http and https.
        body: digest of the words of the body; None where there are too few.
        head, tail: digests of the day with the first and the last words of the headline; None
            for an undated article.
        day: ordinal of the day it was published (UTC); None where it does not say.
        title: the headline as it is compared.
        listing: digest of all a source showed of it; the same one means nothing changed.
    """

    guid: int | None
    url: int | None
    body: int | None
    head: int | None
    tail: int | None
    day: int | None
    title: str
    listing: int


def traits(article: Article, *, guid: str, source: str) -> Traits:
    """Return by what an article is known again.

    Args:
        article: as the source showed it; its body may be missing or an excerpt.
        guid: the source's own id for it, "" where it gives none. Ids are short and local
            ("1742"), so they only count within their source.
        source: name of the source.
    """
    day = article.published_at.date() if article.published_at else None
    title = plain(article.title)
    head, tail = _edges(day, title)
    text = plain(" ".join(article.body))
    said = (article.title, article.dek, article.section, article.url, *article.body)
    return Traits(
        guid=digest("guid", source, guid) if guid else None,
        url=digest("url", _address(article.url)) if article.url else None,
        body=digest("body", text) if len(text) >= LEAST_BODY else None,
        head=head,
        tail=tail,
        day=day.toordinal() if day else None,
        title=title,
        listing=digest("listing", *said),
    )


def edges(one: Traits) -> list[tuple[int | None, int | None]]:
    """Return head and tail on the day itself, the day before and the day after.

    An editor who moves an article over midnight does not make another one of it.
    """
    if one.day is None:
        return []
    return [_edges(date.fromordinal(one.day + step), one.title) for step in (0, -1, 1)]


def shared(one: Traits, other: Traits, *, one_source: bool) -> str:
    """Return by what two sightings are one article, in words; "" where they are not."""
    if one.guid is not None and one.guid == other.guid:
        return "its id"
    if one.url is not None and one.url == other.url:
        return ADDRESS
    if same_story(one, other, one_source=one_source):
        return "its headline and day"
    if one.body is not None and one.body == other.body:
        return "its text"
    return ""


def same_story(one: Traits, other: Traits, *, one_source: bool) -> bool:
    """Whether two headlines of about one day name one story.

    Numbers must agree: "Part 1" is not "Part 2". Only within one source may the words differ a
    little: two papers may well have nearly one headline for two reports.
    """
    if one.day is None or other.day is None or abs(one.day - other.day) > 1:
        return False
    if not one_source and len(one.title.split()) < LEAST_WORDS:
        return False
    if one.title == other.title:
        return True
    if not one_source or _numbers(one.title) != _numbers(other.title):
        return False
    alike = SequenceMatcher(None, one.title, other.title, autojunk=False)
    # the quick ones are never below the true one, and nearly always say no
    return all(
        ratio() >= NEAR for ratio in (alike.real_quick_ratio, alike.quick_ratio, alike.ratio)
    )


def digest(*parts: str) -> int:
    """Return 64 bits of these texts as a signed number, which is what a database holds."""
    data = "\0".join(parts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), signed=True)


def plain(text: str) -> str:
    """Return the words alone: no case, no punctuation, no marks, one space between them."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_BETWEEN.sub(_marks, _ASCII_BETWEEN.sub(" ", folded)).split())


def _marks(between: re.Match[str]) -> str:
    return "".join(c if unicodedata.category(c)[0] == "M" else " " for c in between[0])


def _edges(day: date | None, title: str) -> tuple[int | None, int | None]:
    words = title.split()
    if day is None or not words:
        return None, None
    return (
        digest("head", day.isoformat(), *words[:_EDGE]),
        digest("tail", day.isoformat(), *words[-_EDGE:]),
    )


def _address(url: str) -> str:
    try:
        parts = urlsplit(canonical(url))
    except ContentError:
        return url.strip()
    host = parts.netloc.removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


@lru_cache(maxsize=256)  # a feed's headlines are compared with each other, each with each
def _numbers(title: str) -> list[str]:
    return [word for word in title.split() if any(char.isdigit() for char in word)]
