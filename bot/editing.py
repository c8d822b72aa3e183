"""An editor changes a queued post: its words, its card, its alt text. All is judged anew."""

from dataclasses import dataclass, replace

from bot.app import App
from bot.cards.images import own_card
from bot.domain.article import Article
from bot.domain.card import Card, CardContent
from bot.domain.errors import UsageError
from bot.domain.post import Content, Finding, Post
from bot.pipeline.compose import proofread
from bot.pipeline.draft import composed_for, dressed, faced
from bot.pipeline.review import edit

#: The rule under which a drawn card's own faults are kept.
CARD_RULE = "card-legible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """How a post's card shall look instead; "" and None leave a thing as the house wants it.

    Attributes:
        layout: one of `bot.pipeline.layouts.CHOICES`, or a layout of the user's own.
        variant: "dark" or "light".
        picture: the bytes of the editor's own picture, in place of a drawn card.
        alt_text: needed with `picture`.
    """

    layout: str = ""
    variant: str = ""
    picture: bytes | None = None
    alt_text: str = ""


def reword(app: App, post: Post, text: str, *, by: str) -> Post:
    """Put other words into a post.

    Raises:
        UsageError: the article is not kept any more.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    measure = app.dialects[post.channel].measure(text)
    tags = tuple(e.text[1:] for e in measure.entities if e.kind == "hashtag")
    content = replace(post.content, text=text, hashtags=tags)
    about_card = [f for f in app.store.desk.findings(post.id) if f.rule == CARD_RULE]
    return _save(app, post, content, about_card, by)


def redraw(app: App, post: Post, dress: Dress, *, by: str) -> Post:
    """Give a post another card, drawn or brought along.

    Raises:
        ContentError: the article has nothing for this layout, or the picture cannot be used.
        ConfigError: there is no such layout.
        UsageError: the article is not kept any more.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    if dress.picture is not None:
        size = app.look.size(app.dialects[post.channel])
        card = own_card(dress.picture, dress.alt_text, size)
    else:
        card = _drawn(app, post, dress)
    app.store.shelf.put(card)
    content = dressed(post.content, card)
    if dress.alt_text:
        content = replace(content, alt_text=dress.alt_text)
    # What the editor's own picture shows is known from its alt text alone.
    face = CardContent(title=content.alt_text) if dress.picture is not None else None
    return _save(app, post, content, list(card.findings), by, face)


def _drawn(app: App, post: Post, dress: Dress) -> Card:
    article, dialect = _article(app, post), app.dialects[post.channel]
    look = app.look.but(dress.layout, dress.variant)
    face = faced(article, composed_for(article, post.channel, app.tools), look, dialect)
    return app.draw(face, look.size(dialect, face.layout))


def _save(
    app: App,
    post: Post,
    content: Content,
    about_card: list[Finding],
    by: str,
    face: CardContent | None = None,
) -> Post:
    article = _article(app, post)
    findings = proofread(
        content,
        article=article,
        dialect=app.dialects[post.channel],
        words=app.words,
        options=app.options(post.channel, article.section),
        card=face,
    )
    others = [found for found in findings if found.rule != CARD_RULE]
    return edit(post, content, [*others, *about_card], app.store.desk, app.clock, by=by)


def _article(app: App, post: Post) -> Article:
    article = app.store.archive.find(post.article_key)
    if article is None:
        raise UsageError(f"The article of post {post.id} is gone; the post cannot be judged anew.")
    return article
