"""Small truths about written text in any script: words, likeness, sentence ends, quotation marks."""

import re
import unicodedata
from functools import lru_cache

# Marks belong to the letter before them (Indic vowel signs, Arabic points, Thai tones), but
# `\w` does not know them: without these ranges a Hindi word falls to pieces.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u200c\u200d"
#: One word, with its inner apostrophes, hyphens and points ("Claude's", "Node.js", "U.S").
WORD = re.compile(rf"[^\W_][\w{_MARKS}]*(?:['’.\-+&][^\W_][\w{_MARKS}]*)*[+#]*")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_SPACE = re.compile(r"[ \t\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = re.compile(r"[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")

#: What may stand at the end of a whole sentence, before closing marks.
ENDS = ".!?।॥。！？؟۔…"
CLOSERS = "\"'”’»)]」』）］›"
PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』", "(": ")", "[": "]", "（": "）"}


def words_in(listed: str) -> frozenset[str]:
    """Return the words of a list that is written as running text, to stay readable."""
    return frozenset(re.findall(r"\S+", listed))


STOP_WORDS = words_in(
    """
    a an and are as at be been but by can could did do does for from had has have he her his how
    i if in into is it its may might more most no not of on or our over said she so some such
    than that the their them then there these they this those to under up was we were what when
    where which while who will with would you your also after before about between during
    against its का की के में है हैं से को ने पर और यह वह इस उस कि जो तो भी ही एक था थे थी लिए कर
    गया गई गए किया करने होगा होगी साथ बाद
    """
)


def clean(text: str) -> str:
    """Return `text` in NFC with single spaces, without control or hidden characters.

    Line breaks stay, but none at its ends.
    """
    text = _HIDDEN.sub("", _CONTROL.sub(" ", text.replace("\r\n", "\n")))
    lines = unicodedata.normalize("NFC", text).split("\n")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines).strip()


@lru_cache(maxsize=256)  # of one article and what it is held against; 2 kB each
def content_words(text: str) -> frozenset[str]:
    """Return the words that carry meaning, folded so that small changes do not hide a likeness.

    Scripts without spaces give pairs of characters instead of words.
    """
    found: set[str] = set()
    for match in WORD.finditer(text):
        word = match[0]
        if _IDEOGRAPHS.search(word):
            found.update(_pairs(word))
        elif (folded := fold(word)) not in STOP_WORDS:
            found.add(stem(folded))
    return frozenset(found)


def fold(word: str) -> str:
    """Return `word` without case, possessive or typographic difference."""
    return re.sub(r"['’]s$|['’]$", "", word.casefold()).replace("’", "'")


def stem(word: str) -> str:
    """Return a rough English stem: enough to see "attack" in "attacks" and "attacked"."""
    if not word.isascii() or len(word) < 5 or not word.isalpha():
        return word
    for ending in ("ations", "ation", "ings", "ing", "ied", "ies", "ers", "er", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def likeness(one: str, other: str) -> float:
    """Return the Jaccard likeness of two texts' content words, 0.0 to 1.0."""
    mine, theirs = content_words(one), content_words(other)
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 0.0


def covered(text: str, by: str) -> float:
    """Return the share of the content words of `text` that `by` already says, 0.0 to 1.0."""
    mine = content_words(text)
    return len(mine & content_words(by)) / len(mine) if mine else 1.0


def is_whole(sentence: str) -> bool:
    """Tell whether a sentence ends as one: not in a cut, a comma, or an open bracket or quotation."""
    bare = sentence.rstrip().rstrip(CLOSERS)
    if not bare or bare[-1] not in ENDS or bare.endswith(("…", "...")):
        return False
    return unbalanced(sentence) is None


def unbalanced(text: str) -> int | None:
    """Return the index of the first bracket or quotation mark without its partner, or None."""
    waiting: list[tuple[str, int]] = []
    for index, character in enumerate(text):
        if character in PAIRS:
            waiting.append((PAIRS[character], index))
        elif character in PAIRS.values():
            if not waiting or waiting[-1][0] != character:
                return index
            waiting.pop()
    if waiting:
        return waiting[0][1]
    if (opened := text.rfind("‘")) > text.rfind("’"):  # alone, ’ may be an apostrophe
        return opened
    marks = [match.start() for match in re.finditer('"', text)]
    if len(marks) % 2:  # 6" is a length, not the start of a quotation
        marks = [mark for mark in marks if not text[mark - 1 : mark].isdigit()]
    return marks[-1] if len(marks) % 2 else None


def _pairs(word: str) -> set[str]:
    return {word[i : i + 2] for i in range(len(word) - 1)} or {word}
