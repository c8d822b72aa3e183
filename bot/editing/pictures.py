"""An editor puts further pictures beside the card, or takes them away."""

from dataclasses import replace

from bot.app import App
from bot.cards.images import own_card
from bot.domain.errors import UsageError
from bot.domain.post import Post
from bot.editing.saving import card_findings, judged, save


def add_picture(app: App, post: Post, picture: bytes, alt_text: str, *, by: str) -> Post:
    """Show a further picture after the card; an approval there was is void.

    Raises:
        ContentError: the picture cannot be used, or has no alt text.
        UsageError: the post carries a document, which stands alone, or its article is gone.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    if post.content.document_title:
        raise UsageError(f"Post {post.id} carries a document, which stands alone. Redraw it first.")
    size = app.look.size(app.dialects[post.channel])
    card = own_card(picture, alt_text, size)
    app.store.shelf.put(card)
    shown = (*post.content.pictures, (card.sha256, card.alt_text))
    content = replace(post.content, pictures=shown)
    return save(app, post, content, judged(app, post, content, card_findings(app, post)), by)


def drop_pictures(app: App, post: Post, *, by: str) -> Post:
    """Show the card alone. Raises as `add_picture`."""
    content = replace(post.content, pictures=())
    return save(app, post, content, judged(app, post, content, card_findings(app, post)), by)
