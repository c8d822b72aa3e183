"""Which card an article gets: its headline, one of its figures, or somebody's exact words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain import wording
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.pipeline import sentences

#: What an operator may ask for: "auto" takes a figure where it is the news itself.
CHOICES = ("auto", "headline", "number", "quote", "carousel")

#: A figure with its sign and unit, and the words behind it.
_COUNT = re.compile(
    r"(?P<rough>\b(?i:over|more than|nearly|almost|about|around|at least|up to)\s+)?"
    r"(?P<sign>[$₹€£])?(?P<digits>\d{1,3}(?:,\d{2,3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?:\s?(?P<unit>million|billion|trillion|crore|lakh|%))?"
    r"\s+(?P<label>(?!(?:million|billion|trillion|crore|lakh)\b)[a-z][\w’'-]*(?:\s+[\w’'-]+){0,5})"
)
_SHORT = {
    "million": "M",
    "billion": "B",
    "trillion": "T",
    "crore": " crore",
    "lakh": " lakh",
    "%": "%",
}
_SIGN = {"over": "+", "more than": "+", "at least": "+"}
_EXACTLY = ("", "over", "more than", "at least")

#: Words that end what a figure counts.
_END = frozenset(
    {"and", "or", "but", "between", "to", "by", "after", "before", "since", "from", "as", "which"}
    | {"that", "who", "when", "while", "is", "are", "was", "were", "has", "have", "had", "will"}
    | {"would", "could", "may", "in", "on", "at", "for", "during", "per", "than", "this", "last"}
    | {"next", "said", "says", "because", "if", "into", "over", "under", "about"}
)
_TIME = frozenset(
    {"seconds", "minutes", "hours", "days", "weeks", "months", "years", "ago", "times"}
)
_SAID_AFTER = re.compile(
    r"[“\"](?P<quote>[^“”\"]{30,180}?)[,.!?]?[”\"],?\s+(?:said|says|wrote|added)\s+"
    r"(?P<who>[A-Z][\w’'.-]+(?:\s+[A-Z][\w’'.-]+){0,3})"
)
_SAID_BEFORE = re.compile(
    r"(?P<who>[A-Z][\w’'.-]+(?:\s+[A-Z][\w’'.-]+){0,3})(?:,[^,“\"]{3,60},)?\s+"
    r"(?:said|says|wrote|added)[:,]?\s*[“\"](?P<quote>[A-Z][^“”\"]{30,180})[”\"]"
)


def pick(article: Article, card: CardContent, layout: str) -> CardContent:
    """Return the card in the wanted layout, with what that layout shows.

    Nothing is invented: the figure, what it counts and the quotation stand in the article.

    Args:
        article: where they are looked for.
        card: the headline card.
        layout: one of `CHOICES`, or a layout of the user's own, which gets what the headline
            card has.

    Raises:
        ContentError: the article has no figure or quotation that stands on its own.
    """
    if layout in ("auto", "number"):
        found = next(_figures(article, anywhere=layout == "number"), None)
        if found is not None:
            figure, label = found
            return replace(card, layout="number", figure=figure, figure_label=label)
        if layout == "auto":
            return replace(card, layout="headline")
        raise ContentError(
            f"{article.title!r} has no figure that can stand alone; no card was drawn."
        )
    if layout == "quote":
        said = next(_quotations(article), None)
        if said is None:
            raise ContentError(
                f"{article.title!r} quotes nobody by name at this length; no card was drawn."
            )
        return replace(card, layout="quote", quote=said[0], speaker=said[1])
    if layout == "carousel" and not card.facts:
        raise ContentError(
            f"No sentence of {article.title!r} can fill a page of its own; no document was made."
        )
    return replace(card, layout=layout)


def _figures(article: Article, *, anywhere: bool) -> Iterator[tuple[str, str]]:
    """Yield strong figures and what they count, in the article's order.

    A card that nobody asked for shows a figure only where that is the news itself: in the
    headline or the dek.
    """
    for paragraph in (article.title, article.dek, *(article.body[:3] if anywhere else ())):
        for sentence in sentences.split(paragraph, article.language):
            if wording.hedges(sentence):
                continue  # a big figure without its "allegedly" would be a claim of ours
            for match in _COUNT.finditer(sentence):
                label = _counted(match["label"])
                if label and _strong(match):
                    yield _figure(match), label


def _strong(match: re.Match[str]) -> bool:
    number = int(match["digits"].replace(",", ""))
    if (match["rough"] or "").strip().lower() not in _EXACTLY:
        return False
    is_year = not match["unit"] and "," not in match["digits"] and 1900 <= number <= 2100
    return not is_year and bool(match["unit"] or match["sign"] or number >= 1000)


def _counted(label: str) -> str:
    """Return the words up to where something else begins; "" where they count nothing."""
    words: list[str] = []
    for word in label.split():
        if word.lower() in _END:
            break
        words.append(word)
    while words and words[-1].lower() in ("with", "of", "the", "a", "an", "its", "their", "other"):
        words.pop()
    if words and words[0].lower() in ("of", "its", "their"):
        return ""
    plural = any(word.endswith("s") and len(word) > 3 for word in words)
    is_time = any(word.lower() in _TIME for word in words)
    counted = " ".join(words)
    return counted if plural and not is_time and not re.search(r"\d", counted) else ""


def _figure(match: re.Match[str]) -> str:
    number = (match["sign"] or "") + match["digits"] + (match["decimals"] or "")
    return (
        number
        + _SHORT.get(match["unit"] or "", "")
        + _SIGN.get((match["rough"] or "").strip().lower(), "")
    )


def _quotations(article: Article) -> Iterator[tuple[str, str]]:
    for paragraph in article.body:
        for pattern in (_SAID_AFTER, _SAID_BEFORE):
            for match in pattern.finditer(paragraph):
                quote = match["quote"].rstrip(",")
                if quote[0].isupper():
                    yield quote, match["who"].rstrip(".")
