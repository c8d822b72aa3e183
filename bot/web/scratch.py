"""What somebody has typed and not saved, kept for them wherever they go on."""

from bot.app import App
from bot.domain.people import User
from bot.editing import Judged, Typed


def keep(app: App, made: Judged, user: User, base: str, typed: Typed) -> bool:
    """Keep what somebody has typed over the content with the fingerprint `base`.

    False, and nothing is kept, where the post says just that: it was typed back to what it was, or
    this was looked at after it had been saved.
    """
    post = made.post
    fields = {
        "text": typed.text,
        "parts": typed.parts,
        "alt_text": typed.alt_text,
        "link_policy": typed.link_policy,
    }
    now = app.clock.now()
    app.store.scratches.keep(post.id, user.id, base=base[:64], fields=fields, now=now)
    # Read after it was kept: a save meanwhile has either dropped it or is seen here.
    unsaved = app.store.desk.post(post.id).fingerprint != made.content.fingerprint(post.channel)
    if not unsaved:
        app.store.scratches.drop(post.id, user.id)
    return unsaved


def from_fields(fields: object) -> Typed:
    """Return what was kept."""
    known = fields if isinstance(fields, dict) else {}
    return Typed(
        text=str(known.get("text", "")),
        parts=tuple(map(str, known.get("parts", ()))),
        alt_text=str(known.get("alt_text", "")),
        link_policy=str(known.get("link_policy", "")),
    )
