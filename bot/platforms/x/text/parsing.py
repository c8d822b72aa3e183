"""The whole answer of twitter-text about one text: weight, validity, ranges."""

import re
from collections.abc import Iterator
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
    fits = weight = 0
    for end, piece_weight in _pieces(text, links, configuration):
        weight += piece_weight
        if weight > configuration.limit or not is_writable(text[fits:end]):
            break
        fits = end
    return fits


def _pieces(
    text: str, links: list[Entity], configuration: Configuration
) -> Iterator[tuple[int, int]]:
    """Yield end and weight of each link, emoji and other character."""
    link_ends = {link.start: link.end for link in links}
    position = 0
    while position < len(text):
        link_end = link_ends.get(position, 0)
        emoji = emoji_end(text, position) if configuration.emoji and not link_end else 0
        end = link_end or emoji or position + 1
        weight = configuration.heavy_weight
        if link_end:
            weight = configuration.url_length
        elif not emoji:
            weight = weigh(text[position], configuration)
        yield end, weight
        position = end


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
