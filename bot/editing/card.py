"""Another card for a post, drawn or brought along."""

from dataclasses import dataclass, replace

from bot.app import App
from bot.cards.images import own_card
from bot.domain.card import Card, CardContent
from bot.domain.post import Post
from bot.editing.saving import article_of, judged, save
from bot.pipeline.draft import composed_for, dressed, faced


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
        card = drawn(app, post, dress)
    app.store.shelf.put(card)
    content = dressed(post.content, card)
    if dress.alt_text:
        content = replace(content, alt_text=dress.alt_text)
    # What the editor's own picture shows is known from its alt text alone.
    face = CardContent(title=content.alt_text) if dress.picture is not None else None
    findings = judged(app, post, content, list(card.findings), face)
    return save(app, post, content, findings, by)


def drawn(app: App, post: Post, dress: Dress) -> Card:
    """Return a card for the post, not kept yet. Raises as `redraw`."""
    article, dialect = article_of(app, post), app.dialects[post.channel]
    look = app.look.but(dress.layout, dress.variant)
    face = faced(
        article, composed_for(article, post.channel, app.tools), look, dialect, app.tools.picture
    )
    return app.draw(face, look.size(dialect, face.layout))
