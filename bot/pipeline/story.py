"""The article made ready: plain words, its day, what the card says, which hashtags it earns."""

import html
import re
from dataclasses import replace
from datetime import date, tzinfo
from functools import cache

from bot.domain import text
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.post import Content
from bot.pipeline import datelines, sentences
from bot.pipeline.boilerplate import is_boilerplate
from bot.pipeline.words import Words

#: What a card's standfirst may hold before it is small print.
CARD_DEK = 160
#: A standfirst with this share of its words in the text says nothing more on the card.
REPEATED = 0.9
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def hashtags(article: Article, words: Words, *, least: int) -> tuple[str, ...]:
    """Return the vocabulary's tags the article is about, most fitting first.

    The first tag of the vocabulary is the house's own subject: one mention is enough for it.
    """
    weights: dict[str, float] = {}
    rest = "\n".join(article.body)
    for place, (tag, said) in enumerate(words.vocabulary.hashtags.items()):
        pattern = _mentions(said)
        inside = len(pattern.findall(rest))
        weight = 3 * len(pattern.findall(article.title)) + len(pattern.findall(article.dek))
        weight += min(inside, 4)
        if weight >= (1 if place == 0 else least) and (inside or place == 0):
            weights[tag] = weight
    return tuple(sorted(weights, key=weights.__getitem__, reverse=True))


@cache
def _mentions(said: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9.-])(?:{'|'.join(map(re.escape, said))})(?![A-Za-z0-9])")


def readable(article: Article, words: Words) -> Article:
    """Return the article without what another format left in it, in the house's spelling.

    "&amp;" is a sign again, a lost space between two sentences is back, a headline all in
    capitals is written as the body writes its words, datelines are gone, and names that a network would turn
    into a link ("x.ai") are spelled so that it does not.
    """
    spellings = words.vocabulary.spellings
    names = _names(tuple(spellings))

    def plain(said: str) -> str:
        spaced = sentences.spaced(text.clean(html.unescape(said)))
        return names.sub(lambda found: spellings[found[0]], spaced)

    body = tuple(datelines.without(plain(paragraph)) for paragraph in article.body)
    inside = "\n".join(body)
    title = sentences.calmed(plain(article.title), inside)
    dek = sentences.calmed(datelines.without(plain(article.dek)), inside)
    return replace(article, title=title, dek=dek, body=body)


@cache
def _names(spelled: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.@/-])(?:{longest_first or '(?!)'})(?![\w/-])")


def card(
    article: Article, content: Content, zone: tzinfo | None, facts: tuple[str, ...] = ()
) -> CardContent:
    """Return what the card beside this post says.

    Args:
        article: the story.
        content: the post, whose words the card does not repeat.
        zone: in which the article's time is a day.
        facts: for the pages of a document.
    """
    dek = card_dek(article)
    return CardContent(
        title=article.title,
        dek="" if dek and text.covered(dek, content.text) > REPEATED else dek,
        section=article.section,
        published=day(article, zone),
        language=article.language,
        facts=facts,
        sources=tuple(dict.fromkeys(source.title for source in article.sources)),
        url=content.link or article.url,
    )


def card_dek(article: Article) -> str:
    """Return as much of the standfirst as fits a card, in whole sentences."""
    dek = ""
    for sentence in sentences.split(article.dek, article.language):
        longer = f"{dek} {sentence}".strip()
        if len(longer) > CARD_DEK or is_boilerplate(sentence):
            break
        dek = longer
    return dek


def day(article: Article, zone: tzinfo | None) -> date | None:
    """Return the article's day: the one in its id, which the site itself chose, comes first."""
    if match := _DAY.match(article.key):
        return date.fromisoformat(match[0])
    if article.published_at is None:
        return None
    return (article.published_at.astimezone(zone) if zone else article.published_at).date()
