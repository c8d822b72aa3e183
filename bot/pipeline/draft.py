"""Make the posts of an article: compose, draw the card, put it in the queue."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from bot.domain.article import Article
from bot.domain.card import Card, CardContent
from bot.domain.ledger import Desk, Draft, Shelf
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Content, Post
from bot.pipeline.compose import Composed, Options, compose
from bot.pipeline.words import Words

log = structlog.get_logger(__name__)

#: Draws a card of the given size (width, height in pixels).
Draw = Callable[[CardContent, tuple[int, int]], Card]


@dataclass(frozen=True)
class Studio:
    """What making a post needs.

    Attributes:
        dialects: by channel.
        expire: how long after its time a post is still news.
    """

    desk: Desk
    shelf: Shelf
    words: Words
    draw: Draw
    dialects: dict[str, Dialect]
    options: Options
    expire: timedelta
    clock: Clock


def draft(article: Article, studio: Studio) -> list[Post]:
    """Put a post for every channel that has none yet into the queue; return the new ones.

    Raises:
        ContentError: no post can be made of this article.
        ConfigError: a template is wrong.
    """
    began = studio.clock.uptime()
    there = {post.channel for post in studio.desk.of_article(article.key)}
    missing = [channel for channel in studio.dialects if channel not in there]
    # All are composed before the first is kept: a template error leaves no half-made edition.
    drafts = [_draft(article, channel, studio) for channel in missing]
    made = [studio.desk.draft(one, now=studio.clock.now()) for one in drafts]
    for post in made:
        log.info(
            "post.drafted",
            article=article.key,
            post=post.id,
            platform=post.platform,
            channel=post.channel,
            seconds=round(studio.clock.uptime() - began, 3),
        )
    return made


def marker(article_key: str, channel: str) -> str:
    """Return the short code that tells this post's link from every other's."""
    return sha256(f"{article_key}\n{channel}".encode()).hexdigest()[:8]


def _draft(article: Article, channel: str, studio: Studio) -> Draft:
    dialect = studio.dialects[channel]
    composed = compose_for(article, channel, studio)
    card = studio.draw(composed.card, dialect.card_size)
    studio.shelf.put(card)

    due_at = _due(article, studio.clock.now())
    return Draft(
        article_key=article.key,
        platform=dialect.name,
        channel=channel,
        content=_dress(composed.content, card),
        due_at=due_at,
        expires_at=due_at + studio.expire,
        findings=(*composed.findings, *card.findings),
        variants=tuple(_dress(variant, card) for variant in composed.variants),
    )


def _dress(content: Content, card: Card) -> Content:
    return replace(content, card=card.sha256, alt_text=card.alt_text)


def compose_for(article: Article, channel: str, studio: Studio) -> Composed:
    """Return the words of the article's post on one channel."""
    options = replace(studio.options, marker=marker(article.key, channel))
    return compose(article, dialect=studio.dialects[channel], words=studio.words, options=options)


def _due(article: Article, now: datetime) -> datetime:
    """An article with a time to come waits for it; every other post is due at once."""
    return max(now, article.published_at) if article.published_at else now
