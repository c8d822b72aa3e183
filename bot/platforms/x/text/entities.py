"""Mentions, hashtags and cashtags, and all entities of a text in order.

Source: twitter-text 3.1, `js/src/extract*.js`. Letters of hashtags follow the Unicode version
of the running Python, which is newer than the tables of 2018 in twitter-text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from bot.domain.ports import Entity
from bot.platforms.x.text.characters import LATIN, PUNCTUATION, SPACES
from bot.platforms.x.text.urls import urls

_MENTION = re.compile(
    r"(?:(?<![A-Za-z0-9_!#$%&*@＠])|(?<=[rR][tT])(?<![A-Za-z0-9_+~.\-][rR][tT]))"
    r"[@＠]([A-Za-z0-9_]{1,20})(/[A-Za-z][A-Za-z0-9_-]{0,24})?"
)
_NO_MENTION_BEFORE = re.compile(rf"[@＠{LATIN}]|://")
_REPLY = re.compile(rf"[{SPACES}]*+[@＠]([A-Za-z0-9_]{{1,20}})")
_HASH = re.compile(r"[#＃](?![\ufe0f\u20e3])")
_ASCII_TAG = re.compile(r"[A-Za-z0-9_]*+")
_NO_HASHTAG_BEFORE = re.compile(r"[#＃]|://")
_CASHTAG = re.compile(
    rf"(?<![^{SPACES}])\$([A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)"
    rf"(?=\Z|[{SPACES}\ufeff{PUNCTUATION}\-._])"
)
_LETTER = re.compile("[A-Za-z]")
_START = attrgetter("start")
_HASHTAG_SPECIALS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An account ("@user") or a list ("@user/list"); `list_slug` is "" or begins with "/"."""

    screen_name: str
    list_slug: str
    start: int
    end: int


def mentions_or_lists(text: str) -> list[Mention]:
    """Return accounts and lists that are mentioned, in order."""
    return [
        Mention(match[1], match[2] or "", match.start(), match.end()) for match in _mentions(text)
    ]


def _mentions(text: str) -> Iterator[re.Match[str]]:
    taken = 0
    for match in _MENTION.finditer(text):
        start, end = match.span()
        # twitter-text needs a sign before the "@" that no earlier mention has used up.
        if start and start - 1 < taken:
            continue
        taken = end
        if not _NO_MENTION_BEFORE.match(text, end):
            yield match


def hashtags(text: str) -> list[Entity]:
    """Return every hashtag, also those that lie inside a link, in order."""
    found = []
    taken = 0
    sign = _HASH.search(text)
    while sign:
        start = sign.start()
        end = start + 1
        if not start or (start - 1 >= taken and _is_before_hashtag(text[start - 1])):
            end = _tag_end(text, end)
            if _has_letter(text, start + 1, end):
                taken = end
                if not _NO_HASHTAG_BEFORE.match(text, end):
                    found.append(_entity("hashtag", text, start, end))
        sign = _HASH.search(text, end)
    return found


def cashtags(text: str) -> list[Entity]:
    """Return every cashtag in order."""
    return [_entity("cashtag", text, *match.span()) for match in _CASHTAG.finditer(text)]


def entities(text: str, links: list[Entity] | None = None) -> list[Entity]:
    """Return all entities in order; where two overlap, the one that begins first stays.

    A list counts as a mention. `links` are those of `text`, if they are known already.
    """
    found = list(urls(text) if links is None else links)
    if "@" in text or "＠" in text:
        found += [_entity("mention", text, *match.span()) for match in _mentions(text)]
    if "#" in text or "＃" in text:
        found += hashtags(text)
    if "$" in text:
        found += cashtags(text)
    return _without_overlaps(found)


def _entity(kind: str, text: str, start: int, end: int) -> Entity:
    return Entity(kind=kind, text=text[start:end], start=start, end=end)


def extract_urls(text: str) -> list[str]:
    """Return the links of `text`."""
    return [link.text for link in urls(text)]


def extract_mentions(text: str) -> list[str]:
    """Return the names of mentioned accounts, without "@", lists left out."""
    return [who.screen_name for who in mentions_or_lists(text) if not who.list_slug]


def extract_mentions_or_lists(text: str) -> list[str]:
    """Return mentioned accounts and lists, without "@"."""
    return [who.screen_name + who.list_slug for who in mentions_or_lists(text)]


def extract_reply(text: str) -> str | None:
    """Return whom a text replies to: the name at its very beginning."""
    match = _REPLY.match(text)
    if not match or _NO_MENTION_BEFORE.match(text, match.end()):
        return None
    return match[1]


def extract_hashtags(text: str) -> list[str]:
    """Return hashtags without "#", those inside a link left out."""
    both = _without_overlaps(urls(text) + hashtags(text))
    return [tag.text[1:] for tag in both if tag.kind == "hashtag"]


def extract_cashtags(text: str) -> list[str]:
    """Return cashtags without "$"."""
    return [tag.text[1:] for tag in cashtags(text)]


def _without_overlaps(found: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in sorted(found, key=_START):
        if not kept or kept[-1].end <= entity.start:
            kept.append(entity)
    return kept


def _tag_end(text: str, start: int) -> int:
    run = _ASCII_TAG.match(text, start)
    end = run.end() if run else start
    while end < len(text) and _is_of_hashtag(text[end]):
        end += 1
    return end


@lru_cache(maxsize=4096)
def _is_of_hashtag(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LM" or category == "Nd" or sign in _HASHTAG_SPECIALS


def _has_letter(text: str, start: int, end: int) -> bool:
    if _LETTER.search(text, start, end):
        return True
    return any(unicodedata.category(sign)[0] in "LM" for sign in text[start:end])


def _is_before_hashtag(sign: str) -> bool:
    return sign in "\ufe0e\ufe0f" or not (sign == "&" or _is_of_hashtag(sign))
