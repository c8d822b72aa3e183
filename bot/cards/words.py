"""Text on its way to a card: made harmless, and looked at for script and direction."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import sentencex

#: More combining marks than this on one letter is vandalism, not spelling.
MARKS = 4

#: Format characters that shape words or emoji and therefore stay.
_SHAPING = {"\u200c", "\u200d", "\ufe0e", "\ufe0f"}
_FLAG = "\U0001f3f4"  # the black flag that starts an emoji tag sequence (Scotland, Wales, …)

_SCRIPTS = {
    "DEVANAGARI": "indic",
    "TAMIL": "indic",
    "BENGALI": "indic",
    "TELUGU": "indic",
    "KANNADA": "indic",
    "MALAYALAM": "indic",
    "GUJARATI": "indic",
    "GURMUKHI": "indic",
    "ORIYA": "indic",
    "SINHALA": "indic",
    "THAI": "indic",
    "LAO": "indic",
    "KHMER": "indic",
    "MYANMAR": "indic",
    "ARABIC": "arabic",
    "CJK": "cjk",
    "HIRAGANA": "cjk",
    "KATAKANA": "cjk",
    "HANGUL": "cjk",
    "HALFWIDTH": "cjk",
    "FULLWIDTH": "cjk",
}


def clean(text: str) -> str:
    """Return `text` as one line of plain characters in NFC.

    Control, private-use, unassigned and invisible characters go, those that turn the reading
    direction round among them; joiners that shape words and emoji stay. A vowel sign on a
    character of another script is no letter, and fonts put it anywhere: it goes too.
    """
    if text.isascii() and text.isprintable():  # as most words are: nothing to take out
        return re.sub(" +", " ", text).strip(" ")
    kept: list[str] = []
    marks = 0
    tagged = False
    for char, stray in _strays(text):
        if stray:
            continue
        kind = unicodedata.category(char)
        tagged = char == _FLAG or (tagged and "\U000e0020" <= char <= "\U000e007f")
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if kind in {"Zs", "Zl", "Zp"} or char in "\t\n\r\v\f":
            kept.append("\u00a0" if char in "\u00a0\u202f" else " ")
        elif marks > MARKS or (kind[0] == "M" and (not kept or kept[-1] in {" ", "\u00a0"})):
            continue  # too many, or nothing to stand on
        elif kind[0] != "C" or char in _SHAPING or (tagged and char != _FLAG):
            kept.append(char)
    return re.sub(" +", " ", "".join(kept)).strip(" \u00a0")


def lost(text: str) -> list[str]:
    """Return the visible characters of `text` that `clean` takes out, as "U+E000"."""
    return [
        f"U+{ord(char):04X}"
        for char, stray in dict.fromkeys(_strays(text))
        if stray or unicodedata.category(char) in {"Co", "Cn"}
    ]


def _strays(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the characters in NFC, and whether each is a mark on another script's letter."""
    base = ""
    for char in unicodedata.normalize("NFC", text):
        is_mark = unicodedata.category(char)[0] == "M"
        own = _script_name(char)
        yield char, is_mark and own in _SCRIPTS and base not in {own, "DOTTED", ""}
        if not is_mark and char not in _SHAPING:
            base = "" if char.isspace() else own or "?"


@cache
def _script_name(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0]


def phrases(text: str, language: str) -> str:
    """Return Chinese or Japanese `text` with a zero-width space wherever a line may end.

    These scripts put no space between words; a line that ends inside one is hard to read.
    Other languages come back as they are.
    """
    tag = language.lower()
    if tag.split("-", maxsplit=1)[0] not in {"zh", "ja"} or " " in text.strip():
        return text
    parts = _parser(tag).parse(text)
    broken = "\u200b".join(parts)
    return re.sub("(?<=[A-Za-z0-9])\u200b(?=[A-Za-z0-9])", "", broken)


@cache
def _parser(tag: str) -> Any:
    import budoux

    if tag.startswith("ja"):
        return budoux.load_default_japanese_parser()
    if any(part in tag for part in ("hant", "tw", "hk", "mo")):
        return budoux.load_default_traditional_chinese_parser()
    return budoux.load_default_simplified_chinese_parser()


def script(text: str) -> str:
    """Return what sets `text`'s line spacing: "latin", "indic", "arabic", "cjk" or "other"."""
    seen = Counter(
        _SCRIPTS.get(name, "latin" if name == "LATIN" else "other")
        for name in map(_script_name, filter(str.isalpha, text))
    )
    if not seen:
        return "latin"
    # A few letters of a tall script need its line spacing even in a Latin headline.
    tall = [name for name in ("indic", "arabic") if seen[name] > 0]
    return tall[0] if tall else seen.most_common(1)[0][0]


def direction(text: str) -> str:
    """Return "rtl" where the first letter with a direction runs right to left, else "ltr"."""
    for char in text:
        strong = unicodedata.bidirectional(char)
        if strong in {"R", "AL"}:
            return "rtl"
        if strong == "L":
            return "ltr"
    return "ltr"


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of cleaned `text` in order, without the space between them."""
    parts = sentencex.segment(language.split("-", maxsplit=1)[0].lower() or "en", text)
    return [part.strip() for part in parts if part.strip()]
