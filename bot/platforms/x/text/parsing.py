"""The whole answer of twitter-text about one text: weight, validity, ranges."""

import re
from dataclasses import dataclass

from bot.domain.ports import Entity
from bot.platforms.x.text.characters import INVALID
from bot.platforms.x.text.urls import urls
from bot.platforms.x.text.weights import V3, Configuration, composed, emoji_end, weigh

# Half a surrogate pair cannot be written in UTF-8, so it cannot be sent either.
_REFUSED = re.compile(rf"[{INVALID}\ud800-\udfff]")
_ONE_LIGHT_SIGN = "\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What X makes of a text (twitter-text parseTweet).

    Attributes:
        weighted_length: in X's own unit, of the text in NFC.
        valid: not empty, within the limit, no refused character.
        permillage: of the limit that is used up.
        valid_range: first and last UTF-16 unit of the part that fits, as X reports it.
        display_range: first and last UTF-16 unit of the text.
    """

    weighted_length: int
    valid: bool
    permillage: int
    valid_range: tuple[int, int]
    display_range: tuple[int, int]


def measure(text: str, links: list[Entity], configuration: Configuration = V3) -> tuple[int, bool]:
    """Return weight and validity of a text in NFC whose links are known."""
    length = weigh(_without_links(text, links), configuration)
    length += len(links) * (configuration.url_length - 1)
    valid = 0 < length <= configuration.limit and is_writable(text)
    return length, valid


def is_writable(text: str) -> bool:
    """Whether the text has no character that X refuses or that cannot be sent at all."""
    return text.isascii() or not _REFUSED.search(text)


def parse(text: str, configuration: Configuration = V3) -> Parsed:
    """Return weight, validity and ranges of `text`, which may be in any form."""
    counted = composed(text)
    links = urls(counted)
    length, valid = measure(counted, links, configuration)
    last = _utf16_length(counted) - 1
    if not valid:
        last = _utf16_length(counted[: _fitting(counted, links, configuration)]) - 1
    total = _utf16_length(text)
    return Parsed(
        weighted_length=length,
        valid=valid,
        permillage=length * 1000 // configuration.limit,
        valid_range=(0, max(last, 0) + total - _utf16_length(counted)),
        display_range=(0, max(total - 1, 0)),
    )


def _without_links(text: str, links: list[Entity]) -> str:
    """Put one light sign in the place of each link."""
    pieces = []
    done = 0
    for link in links:
        pieces.append(text[done : link.start])
        done = link.end
    pieces.append(text[done:])
    return _ONE_LIGHT_SIGN.join(pieces)


def _fitting(text: str, links: list[Entity], configuration: Configuration) -> int:
    """Return the end of the part of `text` that fits and has no refused character."""
    room = configuration.limit
    done = 0
    for link in links:
        end, room = _fitting_words(text, done, link.start, room, configuration)
        room -= configuration.url_length
        if end < link.start or room < 0:
            return end
        done = link.end
    return _fitting_words(text, done, len(text), room, configuration)[0]


def _fitting_words(
    text: str, start: int, end: int, room: int, configuration: Configuration
) -> tuple[int, int]:
    """Return how far the text between two links fits, and how much room it leaves."""
    words = text[start:end]
    left = room - weigh(words, configuration)
    if left >= 0 and is_writable(words):
        return end, left
    while start < end and is_writable(text[start]):
        emoji = min(emoji_end(text, start), end) if configuration.emoji else 0
        room -= configuration.heavy_weight if emoji else weigh(text[start], configuration)
        if room < 0:
            break
        start = emoji or start + 1
    return start, room


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
