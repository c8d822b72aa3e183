"""Which card an article gets: its headline, one of its figures, or somebody's exact words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain import wording
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.domain.figures import Figure, figures
from bot.pipeline import sentences
from bot.pipeline.quotations import quotations

#: What an operator may ask for: "auto" takes a figure where it is the news itself.
CHOICES = ("auto", "headline", "number", "quote", "picture", "carousel")

#: English units as a card writes them; every other unit stays as the article has it.
_SHORT = {"million": "M", "billion": "B", "trillion": "T"}
_SCALED = re.compile(r"[\s-]?\b(million|billion|trillion)\b", re.IGNORECASE)
_UNITS = re.compile(r"[$₹€£¥%％٪]|million|billion|trillion|crore|lakh|लाख|करोड़|万|億|亿")
_TIME = re.compile(
    r"\s*(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|pages?)\b", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:not|than|from|of nearly|of about)\s+$", re.IGNORECASE)
_LEANS = re.compile(r"(?:It|Its|They|Their|He|His|She|Her|This|That|These|Those|Such|But|And)\b")
#: A longer one is no longer read at a glance; nor is a longer sentence below it.
_WIDEST, _LONGEST = 16, 150


def pick(article: Article, card: CardContent, layout: str) -> CardContent:
    """Return the card in the wanted layout, with what that layout shows.

    Nothing is invented: below a figure stands the whole sentence it comes from, and a quotation
    is in the article word for word.

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
        said = next(quotations(article), None)
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
    """Yield strong figures, each with the sentence that says what it counts, best first.

    A card that nobody asked for shows a figure only where that is the news itself: the one strong
    figure of the headline or of a sentence of the dek, and nobody doubts it there.
    """
    places = (article.title, article.dek, *(article.body[:3] if anywhere else ()))
    said = [one for place in places for one in sentences.split(place, article.language)]
    plain = [sentence for sentence in said if not wording.hedges(sentence)]
    for sentence in [*plain, *(one for one in said if one not in plain and anywhere)]:
        strong = [f for f in figures(sentence) if _strong(f, sentence, anywhere=anywhere)]
        stands = len(sentence) <= _LONGEST and not _LEANS.match(sentence)
        if strong and stands and (anywhere or len(strong) == 1):
            yield _shown(strong[0]), sentence


def _strong(figure: Figure, sentence: str, *, anywhere: bool) -> bool:
    if figure.rough not in ("", "over") or len(figure.text) > _WIDEST:
        return False  # "nearly 25,000" without its "nearly" would be another number
    if _TIME.match(sentence[figure.end :]) or _NOT.search(sentence[: figure.start]):
        return False
    kind, value = next(iter(figure.readings))
    if kind in ("date", "time", "version", "ordinal") or not re.search(r"\d", figure.text):
        return False
    if kind == "plain" and not _UNITS.search(figure.text):
        is_year = "," not in figure.text and 1900 <= float(value) <= 2100
        return not is_year and float(value) >= 1000
    return kind == "percent" or anywhere or float(value) >= 1000


def _shown(figure: Figure) -> str:
    """Return the figure as large type has it: "$640M", "28.8M+"."""
    short = _SCALED.sub(lambda unit: _SHORT[unit[1].lower()], figure.text)
    return short + ("+" if figure.rough == "over" else "")
