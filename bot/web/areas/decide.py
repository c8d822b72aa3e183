"""What an editor decides about posts: approve, reject, hold, undo; one post or several."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.domain.errors import BotError, IllegalMove, NotApproved, UsageError
from bot.domain.post import Post, State
from bot.pipeline import review
from bot.web.desk import Approving, AtDesk, Desk, Editing, go
from bot.web.words import platform

router = APIRouter()

#: Ready-made reasons; the editor's own words come after them.
REASONS = ("Wrong fact", "Tone", "Picture", "Timing", "Duplicate", "Not for followers")


@router.post("/decide/approve")
def approve(
    request: Request,
    desk: AtDesk,
    user: Approving,
    post: Annotated[list[str], Form()],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Approve posts, each exactly as it was shown; each gets its own answer."""
    del request
    grace = timedelta(seconds=desk.app.settings.desk.undo_seconds)

    def one(seen: Post) -> None:
        review.approve(
            seen, desk.app.store.desk, desk.app.clock, by=user.name, via="web", grace=grace
        )

    return _each(desk, post, one, "Approved", back, undo=True)


@router.post("/decide/undo")
def undo(
    desk: AtDesk,
    user: Approving,
    post: Annotated[list[str], Form()],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Take approvals back; what is on its way cannot be."""

    def one(seen: Post) -> None:
        if seen.state is not State.APPROVED:
            raise IllegalMove(f"Post {seen.id} is {seen.state}; it is too late to undo that.")
        review.release(seen, desk.app.store.desk, desk.app.clock, by=user.name)

    return _each(desk, post, one, "Taken back", back)


@router.post("/decide/reject")
def reject(
    desk: AtDesk,
    user: Approving,
    post: Annotated[list[str], Form()],
    why: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Refuse posts for good, with a reason."""
    words = _reason(why, reason)

    def one(seen: Post) -> None:
        review.reject(seen, desk.app.store.desk, desk.app.clock, by=user.name, reason=words)

    return _each(desk, post, one, "Rejected", back)


@router.post("/decide/hold")
def hold(
    desk: AtDesk,
    user: Editing,
    post: Annotated[list[str], Form()],
    why: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Keep posts back until somebody releases them, with a reason."""
    words = _reason(why, reason)

    def one(seen: Post) -> None:
        review.hold(seen, desk.app.store.desk, desk.app.clock, by=user.name, reason=words)

    return _each(desk, post, one, "Held", back)


@router.post("/decide/release")
def release(
    desk: AtDesk,
    user: Editing,
    post: Annotated[list[str], Form()],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Put held or failed posts back among those that wait."""

    def one(seen: Post) -> None:
        review.release(seen, desk.app.store.desk, desk.app.clock, by=user.name)

    return _each(desk, post, one, "Released", back)


def _reason(why: Sequence[str] | None, reason: str) -> str:
    presets = [word for word in why or () if word in REASONS]
    said = ". ".join([*presets, *([reason.strip()] if reason.strip() else [])])
    if not said:
        raise UsageError("Say why: choose a reason or write one. Nothing was changed.")
    return said[:1000]


def seen_post(desk: Desk, value: str) -> Post:
    """Return the post of a form's "ID:fingerprint", if it is still what was shown.

    Raises:
        UsageError: there is no such post.
        NotApproved: it was changed since.
    """
    number, _, fingerprint = value.partition(":")
    if not number.isdigit() or len(number) > 12:
        raise UsageError("There is no such post; nothing was changed.")
    post = desk.app.store.desk.post(int(number))
    if fingerprint and post.fingerprint != fingerprint:
        raise NotApproved(
            f"{platform(post.platform)}: somebody changed it since you saw it. Nothing was "
            "decided; look at it again."
        )
    return post


def _each(
    desk: Desk,
    values: Sequence[str],
    act: Callable[[Post], None],
    done: str,
    back: str,
    *,
    undo: bool = False,
) -> Response:
    """Do one thing to each post; tell of each what became of it."""
    good, bad = [], []
    for value in values[:200]:
        try:
            post = seen_post(desk, value)
            act(post)
            good.append(post)
        except BotError as exc:
            if len(values) == 1:
                raise
            bad.append(str(exc))
    parts = []
    if good:
        names = [platform(post.platform) for post in good]
        parts.append(f"{done}: {', '.join(names) if len(names) < 5 else f'{len(names)} posts'}.")
    text = " ".join([*parts, *bad])
    more = {"undo": [post.id for post in good]} if undo and good else {}
    return go(back, flash=text, kind="trouble" if bad else "done", **more)
