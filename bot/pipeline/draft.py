"""Make the posts of an article: compose, draw the card, put it in the queue."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import structlog

from bot.domain.article import Article
from bot.domain.card import Card, CardContent
from bot.domain.desk import Desk
from bot.domain.errors import ContentError, SourceError
from bot.domain.ledger import Draft, Shelf
from bot.domain.lint import Record
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Content, Finding, Post
from bot.domain.spans import span
from bot.pipeline.compose import Composed, Options, compose, proofread
from bot.pipeline.layouts import pick
from bot.pipeline.timing import Timing
from bot.pipeline.words import Words

log = structlog.get_logger(__name__)

#: How long a channel's own words are remembered: nearly the same again is a repetition.
MEMORY = timedelta(days=30)

#: 4:5 takes most of a phone's feed.
TALL = (1080, 1350)

#: The layout that gives a document.
DOCUMENT = "carousel"

#: The layout that shows the article's own picture.
PICTURE = "picture"

#: Draws a card of the given size (width, height in pixels).
Draw = Callable[[CardContent, tuple[int, int]], Card]


#: Returns the bytes of an article's own picture.
Picture = Callable[[Article], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the house wants its cards.

    Attributes:
        layout: one of `bot.pipeline.layouts.CHOICES`, or a layout of the user's own.
        by_hand: an editor asked for just this layout: nothing else takes its place.
        variant: "dark" or "light".
        tall: platforms whose card is 1080×1350 instead of the platform's usual size.
        documents: platforms whose posts carry a document to leaf through instead of a picture,
            where the article has facts for it and no link card is wanted.
    """

    layout: str = "auto"
    variant: str = "dark"
    tall: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    by_hand: bool = False

    def size(self, dialect: Dialect, layout: str = "") -> tuple[int, int]:
        """Return width and height in pixels."""
        return TALL if layout == DOCUMENT or dialect.name in self.tall else dialect.card_size

    def but(self, layout: str, variant: str) -> "Look":
        """Return the look an editor wants for one card; "" leaves a thing as it is."""
        chosen = replace(self, variant=variant or self.variant)
        return (
            replace(chosen, layout=layout, documents=frozenset(), by_hand=True)
            if layout
            else chosen
        )


@dataclass(frozen=True)
class Tools:
    """What it takes to make a post of an article; nothing of it is kept anywhere.

    Attributes:
        dialects: by channel.
        options: how the house wants its posts, by channel and section.
        picture: fetches an article's picture; raises ContentError, SourceError.
    """

    words: Words
    draw: Draw
    dialects: dict[str, Dialect]
    options: Callable[[str, str], Options]
    look: Look
    picture: Picture


@dataclass(frozen=True)
class Studio:
    """What putting posts into the queue takes.

    Attributes:
        expire: how long after its time a post is still news.
    """

    tools: Tools
    desk: Desk
    shelf: Shelf
    expire: timedelta
    clock: Clock
    timing: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A post as the bot would make it.

    Attributes:
        variants: other wordings, best first.
        findings: what an editor should know about words and card.
    """

    content: Content
    card: Card
    variants: tuple[Content, ...]
    findings: tuple[Finding, ...]


def propose(article: Article, channel: str, tools: Tools, record: Record | None = None) -> Proposal:
    """Return the post an article would get on one channel.

    Raises:
        ContentError: no post can be made of this article.
        ConfigError: a template is wrong.
    """
    dialect, options = tools.dialects[channel], tools.options(channel, article.section)
    composed = composed_for(article, channel, tools)
    face = faced(article, composed, tools.look, dialect, tools.picture)
    card = tools.draw(face, tools.look.size(dialect, face.layout))
    content = dressed(composed.content, card)
    findings = proofread(
        content,
        article=article,
        dialect=dialect,
        words=tools.words,
        options=options,
        card=face,
        record=record,
    )
    return Proposal(
        content=content,
        card=card,
        variants=tuple(dressed(variant, card) for variant in composed.variants),
        findings=(*findings, *card.findings),
    )


def draft(article: Article, studio: Studio, *, by_hand: bool = False) -> list[Post]:
    """Put a post for every channel that has none yet into the queue; return the new ones.

    Args:
        article: what the posts are about.
        studio: what is needed to make them.
        by_hand: a person asked for just this article, so that its age is no objection.

    Raises:
        ContentError: no post can be made of this article.
        ConfigError: a template is wrong.
    """
    began = studio.clock.uptime()
    there = {post.channel for post in studio.desk.of_article(article.key)}
    missing = [channel for channel in studio.tools.dialects if channel not in there]
    # All are composed before the first is kept: a template error leaves no half-made edition.
    drafts = [_draft(article, channel, studio, by_hand=by_hand) for channel in missing]
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


def _draft(article: Article, channel: str, studio: Studio, *, by_hand: bool) -> Draft:
    now = studio.clock.now()
    record = Record(
        now=(article.published_at or now) if by_hand else now,
        earlier=tuple(studio.desk.earlier(channel, since=now - MEMORY)),
    )
    with span("compose", article=article.key, channel=channel):
        proposal = propose(article, channel, studio.tools, record)
        studio.shelf.put(proposal.card)
    due_at = studio.timing.due(article, channel)
    return Draft(
        article_key=article.key,
        platform=studio.tools.dialects[channel].name,
        channel=channel,
        content=proposal.content,
        due_at=due_at,
        expires_at=due_at + studio.expire,
        findings=proposal.findings,
        variants=proposal.variants,
    )


def composed_for(article: Article, channel: str, tools: Tools) -> Composed:
    """Return the words of the article's post on one channel."""
    options = tools.options(channel, article.section)
    return compose(
        article,
        dialect=tools.dialects[channel],
        words=tools.words,
        options=replace(options, marker=marker(article.key, channel)),
    )


def faced(
    article: Article, composed: Composed, look: Look, dialect: Dialect, picture: Picture
) -> CardContent:
    """Return what the card says, in the wanted layout.

    Where the house wants pictures, an article without a usable one gets the card it would get
    otherwise.

    Raises:
        ContentError: the article has nothing for this layout, or the platform takes no documents.
        SourceError: an editor wants the article's picture, and it cannot be fetched.
    """
    layout = look.layout
    if layout == DOCUMENT and not dialect.documents:
        raise ContentError(
            f"A post on {dialect.name} cannot carry a document; no card was drawn."
            " Choose another layout."
        )
    # A link card shows a picture: LinkedIn takes no document beside an article.
    if dialect.name in look.documents and composed.card.facts and not composed.content.link_title:
        layout = DOCUMENT
    card = replace(composed.card, variant=look.variant)
    if layout == PICTURE:
        try:
            return _pictured(article, card, picture)
        except (ContentError, SourceError) as exc:
            if look.by_hand:
                raise
            log.info("card.without_picture", article=article.key, reason=str(exc))
            layout = "auto"
    return pick(article, card, layout)


def _pictured(article: Article, card: CardContent, picture: Picture) -> CardContent:
    alt = article.image.alt if article.image else ""
    return replace(card, layout=PICTURE, picture=picture(article), picture_alt=alt)


def dressed(content: Content, card: Card) -> Content:
    """Return the content with this card and its alt text."""
    return replace(content, card=card.sha256, alt_text=card.alt_text, document_title=card.title)
