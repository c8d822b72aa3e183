"""The optimistic lock: what was changed since the caller saw it is refused, with the difference."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.app import App
from bot.domain.errors import NotApproved
from bot.domain.post import Post
from bot.web.api.problems import Changed, Conflict, Run
from bot.web.diff import changes


def as_seen(app: App, post: Post, fingerprint: str | None, *, mine: str | None = None) -> Post:
    """Return the post, if it is still what the caller saw.

    Args:
        app: the bot.
        post: as it is.
        fingerprint: `content_hash` as the caller saw it; None where that does not matter.
        mine: the words the caller wants instead, for the difference.

    Raises:
        Changed: somebody has changed it; it says how.
    """
    if fingerprint and post.fingerprint != fingerprint:
        raise Changed(
            f"Post {post.id} was changed since you saw it; nothing was done. See `conflict`.",
            conflict=_conflict(app, post, fingerprint, mine),
        )
    return post


@contextmanager
def lost_race(app: App, post: Post, mine: str | None = None) -> Iterator[None]:
    """Say the difference, too, where somebody else was faster by a moment. Raises Changed."""
    try:
        yield
    except NotApproved as exc:
        current = app.store.desk.post(post.id)
        conflict = _conflict(app, current, post.fingerprint, mine)
        raise Changed(str(exc), conflict=conflict) from None


def _conflict(app: App, post: Post, seen: str, mine: str | None) -> Conflict:
    kept = app.store.wordings.of_post(post.id)
    base = next((w.content for w in kept if w.content.fingerprint(post.channel) == seen), None)
    newest = kept[0] if kept else None
    text = post.content.text
    return Conflict(
        content_hash=post.fingerprint,
        text=text,
        by=newest.by if newest else "bot",
        at=newest.at if newest else None,
        since=None if base is None else _runs(base.text, text),
        against=None if mine is None else _runs(text, mine),
    )


def _runs(before: str, after: str) -> list[Run]:
    return [Run(kind=one.kind, text=one.text) for one in changes(before, after)]
