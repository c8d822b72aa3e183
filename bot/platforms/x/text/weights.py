"""What a text weighs on X: most Latin, Cyrillic, Arabic and Indic letters 1, the rest 2.

Source: twitter-text `config/v3.json` and `js/src/parseTweet.js`.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

#: UAX #15 §13 (stream-safe text): no language needs more marks on one letter.
_MARKS_ON_ONE_LETTER = 30
#: Up to here the quadratic step of normalising costs less than a millisecond.
_SHORT = 1000

# What can be the second code point of an emoji: variation selector, joiner, keycap, skin tone,
# flag letter, tag.
_SECOND = re.compile(
    "[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\U000e0020-\U000e007f]"
)
_ANY_HEAVY = "\uffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One of twitter-text's configurations; the newest is `V3`.

    Attributes:
        limit: the most a post may weigh.
        light: characters of weight 1, as the body of a regular expression set.
        heavy_weight: of every other character, and of an emoji.
        emoji: whether a sequence of many code points that shows one emoji counts once.
        url_length: what a link counts, however long it is.
    """

    limit: int = 280
    light: str = r"\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"
    heavy_weight: int = 2
    emoji: bool = True
    url_length: int = 23


V3 = Configuration()


def composed(text: str) -> str:
    """Return `text` in NFC, the form X counts, in linear time.

    Python sorts the marks on a letter by insertion; thousands of marks on one letter, which
    no language has, are therefore composed in groups.
    """
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    if len(text) <= _SHORT:
        return unicodedata.normalize("NFC", text)
    groups = []
    start = marks = 0
    for index, sign in enumerate(text):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks > _MARKS_ON_ONE_LETTER:
            groups.append(unicodedata.normalize("NFC", text[start:index]))
            start, marks = index, 1
    groups.append(unicodedata.normalize("NFC", text[start:]))
    return "".join(groups)


def weigh(text: str, configuration: Configuration = V3) -> int:
    """Return the weight of a text in NFC in which no link is left."""
    if text.isascii():
        return len(text)
    shown = with_single_emoji(text) if configuration.emoji else text
    heavy = sum(map(len, _heavy_runs(configuration.light).findall(shown)))
    return len(shown) + heavy * (configuration.heavy_weight - 1)


def with_single_emoji(text: str) -> str:
    """Return `text` with every emoji sequence replaced by one character of the same weight."""
    second = _SECOND.search(text, 1)
    if second is None:
        return text
    pieces: list[str] = []
    done = 0
    while second is not None:
        start = second.start() - 1
        end = emoji_end(text, start)
        if end:
            pieces += text[done:start], _ANY_HEAVY
            done = end
        second = _SECOND.search(text, (end or start + 1) + 1)
    pieces.append(text[done:])
    return "".join(pieces)


def emoji_end(text: str, start: int) -> int:
    """Return where the longest emoji of two or more code points from `start` ends, 0 for none."""
    if not _SECOND.match(text, start + 1):
        return 0
    for length, sequences in _sequences().get(text[start : start + 2], ()):
        if text[start : start + length] in sequences:
            return start + length
    return 0


@cache
def _heavy_runs(light: str) -> re.Pattern[str]:
    return re.compile(f"[^{light}]++")


@cache
def _sequences() -> dict[str, list[tuple[int, frozenset[str]]]]:
    """By the first two code points: lengths, longest first, and the emoji that long.

    Single code points are left out: they weigh 2 in any case (© and ® 1).
    """
    from emoji import EMOJI_DATA  # noqa: PLC0415 -- 30 ms that most texts do not need

    families: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sequence in EMOJI_DATA:
        if len(sequence) > 1:
            families[sequence[:2]][len(sequence)].add(sequence)
    return {
        beginning: [(length, frozenset(family[length])) for length in sorted(family, reverse=True)]
        for beginning, family in families.items()
    }
