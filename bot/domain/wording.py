"""How a text is made: its sentences, the names in it, its quotations and its hedges."""

import re
from dataclasses import dataclass

from bot.domain import text

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(
    r"[.!?؟۔।॥][\"'”’»)\]]*(?=\s+[\"'“‘«(\[•]?\s?[^\W\d_a-z]|\s+[\"“‘«]?\d|\s*$)|[。！？][」』”’）]*"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(.])(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Sen|Rep|Gov|Gen|Jr|Sr|vs|No|Inc|Ltd|Co|Corp|Rs|Smt|डॉ|श्री|प्रो)$"
)
_QUOTED = re.compile(
    r"“([^“”]+)”|«([^«»]+)»|「([^「」]+)」|『([^『』]+)』|(?<![\w\"])\"([^\"\n]+)\"(?!\w)"
    r"|(?<!\w)‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)|(?<!\w)'([^'\s.!?][^'\n.!?]* [^'\n.!?]*[.!?]?)'(?!\w)"
)

#: What softens a claim. A post that drops one of these says more than its article does.
_HEDGES = {
    "allegation": r"alleg\w*|accus\w*|claim\w*|purport\w*|suspect\w*|कथित\w*|आरोप\w*|दाव[ाे]",
    "possibility": r"may|might|could|possib\w*|potential\w*|likely|probabl\w*|perhaps|expect\w*|would|appears?|seems?|if|unless|सकत[ाेी]|संभव\w*|शायद",
    "report": r"reported(?:ly)?|according to|sources? (?:say|said|told)|said to|rumou?r\w*|unconfirmed|believed|estimat\w*|के अनुसार|मुताबिक",
    "denial": r"den(?:y|ies|ied)|disput\w*|rejects?|rejected|इनकार",
    "negation": r"not|no|never|none|neither|nor|without|cannot|fails?|failed|\w+n['’]t|नहीं|न|बिना",
    "plan": r"plans?|planned|planning|propos\w*|consider\w*|intends?|aims?|seeks?|योजना|प्रस्ताव\w*",
}
HEDGE = re.compile(
    "|".join(
        rf"(?P<{name}>(?<!\w)(?:{words})(?![\w\u0900-\u0963]))" for name, words in _HEDGES.items()
    ),
    re.IGNORECASE,
)

#: Words that open a sentence with a capital letter and name nobody.
OPENERS = text.words_in(
    """
    about according across after again all along already also although amid among an and another
    any around as at back based because before behind being below beyond both but by can critics
    data despite developers during each earlier early editors either employees engineers even
    every everyone executives experts few fewer first five following for former four from
    further fresh get given good government governments half has have he hello her here his how
    however i if in inside instead investors is it its just key last late later lawmakers less
    like local long lawyers look made make many meanwhile members millions more most much nearly
    neither never new next nine no none nor not nothing now of officials on once one only open
    or other others our out over people per plans police prices read regulators related
    researchers residents rivals same scientists second see separately seven shares she should
    since six so some still story students such teachers ten than that the their them then there
    these they third this those though three through to today together tomorrow tonight too two
    under unless until up users using users via victims was watch we were what when where
    whether which while who why will with within without workers would year years yes yesterday
    yet you your
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text.

    Attributes:
        start, end: code point indices, end exclusive.
        why: what is the matter with it, for an editor.
        sure: False where only a person can tell.
    """

    text: str
    start: int
    end: int
    why: str = ""
    sure: bool = True


def sentence_spans(words: str) -> list[Span]:
    """Return the sentences of a text, line by line, with their places."""
    found: list[Span] = []
    for line in _LINE.finditer(words):
        start = line.start()
        for stop in _STOP.finditer(words, line.start(), line.end()):
            if words[stop.start()] == "." and _ABBREVIATION.search(words, start, stop.start()):
                continue
            found.append(_span(words, start, stop.end()))
            start = stop.end()
        found.append(_span(words, start, line.end()))
    return [span for span in found if span.text]


def _span(words: str, start: int, end: int) -> Span:
    piece = words[start:end]
    start += len(piece) - len(piece.lstrip(" \t•–-"))
    return Span(
        text=words[start:end].rstrip(), start=start, end=start + len(words[start:end].rstrip())
    )


def names(words: str) -> list[Span]:
    """Return the proper names of a text, word by word; `sure` is False at a sentence's start.

    Only scripts with capital letters show their names.
    """
    starts = {span.start for span in sentence_spans(words)}
    found: list[Span] = []
    for match in text.WORD.finditer(words):
        word = match[0]
        if not any(c.isupper() for c in word) or word in ("I", "A"):
            continue
        opens = match.start() in starts or words[: match.start()].rstrip(" ")[-1:] in (
            "“",
            '"',
            ":",
            "‘",
            "«",
        )
        strong = any(c.isupper() or c.isdigit() for c in word[1:] if c not in "-'’")
        found.append(
            Span(text=word, start=match.start(), end=match.end(), sure=strong or not opens)
        )
    return found


def quotations(words: str) -> list[Span]:
    """Return what stands between quotation marks, marks excluded."""
    found: list[Span] = []
    for match in _QUOTED.finditer(words):
        group = match.lastindex or 0
        found.append(Span(text=match[group], start=match.start(group), end=match.end(group)))
    return found


def hedges(words: str) -> dict[str, str]:
    """Return the hedges of a text: kind → the word as it stands there."""
    return {match.lastgroup or "": match[0] for match in reversed(list(HEDGE.finditer(words)))}
