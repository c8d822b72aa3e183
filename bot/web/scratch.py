"""What somebody has typed and not saved, kept for them wherever they go on."""

from bot.app import App
from bot.domain.people import User
from bot.domain.post import Post
from bot.editing import Typed


def keep(app: App, post: Post, user: User, base: str, typed: Typed) -> None:
    """Keep what somebody has typed over the content with the fingerprint `base`."""
    fields = {
        "text": typed.text,
        "parts": typed.parts,
        "alt_text": typed.alt_text,
        "link_policy": typed.link_policy,
    }
    now = app.clock.now()
    app.store.scratches.keep(post.id, user.id, base=base[:64], fields=fields, now=now)


def from_fields(fields: object) -> Typed:
    """Return what was kept."""
    known = fields if isinstance(fields, dict) else {}
    return Typed(
        text=str(known.get("text", "")),
        parts=tuple(map(str, known.get("parts", ()))),
        alt_text=str(known.get("alt_text", "")),
        link_policy=str(known.get("link_policy", "")),
    )
