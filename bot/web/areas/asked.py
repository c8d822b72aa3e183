"""What editors are asked beside the queue: corrections of posts, and new articles that wait."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot import correcting
from bot.domain.correction import Correction, Option
from bot.domain.errors import BotError, ContentError, UsageError
from bot.watching import waiting
from bot.web.desk import Approving, AtDesk, Desk, SignedIn, go
from bot.web.diff import changes
from bot.web.words import platform

log = structlog.get_logger(__name__)

router = APIRouter()

NEEDS = "/?list=needs"

#: What somebody has done without the bot, or found needless.
BY_HAND = {
    Option.LEAVE: "It is still right",
    Option.POST: "I said so in another post",
    Option.EDIT: "I changed it there",
    Option.DELETE: "I took it down there",
}
#: Articles on one page; what is answered makes room for the next.
PAGE = 60


@router.get("/corrections/{number}")
def correction(request: Request, desk: AtDesk, user: SignedIn, number: int) -> Response:
    """Show what became of a post's article, and what can be done about the post."""
    del user
    return _page(request, desk, correcting.found(desk.app, number))


@router.post("/corrections/{number}/edit")
def edit(
    request: Request,
    desk: AtDesk,
    user: Approving,
    number: int,
    text: Annotated[str, Form()] = "",
    base: Annotated[str, Form()] = "",
) -> Response:
    """Give the live post other words; what was typed is shown again where that fails."""
    one = correcting.unanswered(desk.app, number)
    post = correcting.shown(desk.app, one, base)
    typed = text.replace("\r\n", "\n").strip()
    try:
        correcting.edit(desk.app, one, typed, by=user.name)
    except BotError as exc:
        log.info("desk.not_edited", post=post.id, reason=str(exc))
        return _page(request, desk, one, typed=typed, trouble=str(exc))
    return go(NEEDS, flash=f"{platform(post.channel)}: the live post was changed.")


@router.post("/corrections/{number}/delete")
def delete(
    desk: AtDesk,
    user: Approving,
    number: int,
    base: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Take the live post down for good."""
    one = correcting.unanswered(desk.app, number)
    post = correcting.shown(desk.app, one, base)
    if not sure:
        raise UsageError("Tick that it shall be gone for good. Nothing was changed.")
    correcting.delete(desk.app, one, by=user.name)
    return go(NEEDS, flash=f"{platform(post.channel)}: the post was taken down.")


@router.post("/corrections/{number}/done")
def done(
    desk: AtDesk,
    user: Approving,
    number: int,
    how: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Take somebody's word that a correction was seen to by hand, or is not needed."""
    one = correcting.unanswered(desk.app, number)
    if how not in set(Option):
        raise UsageError("Say what you did. Nothing was changed.")
    said = " ".join(note.split())[:500]
    correcting.answer(desk.app, one, Option(how), by=user.name, note=said)
    return go(NEEDS, flash="Noted.")


@router.get("/held")
def held(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show the new articles that get no posts before an editor says so."""
    del user
    found = desk.app.store.sightings.held()
    return desk.page(request, "held.html", held=found[:PAGE], more=max(0, len(found) - PAGE))


@router.post("/held/post")
def let_in(desk: AtDesk, user: Approving, article: Annotated[str, Form()] = "") -> Response:
    """Make the posts of an article that waited; they wait for approval like all others."""
    one = waiting.named(desk.app, article)
    result = waiting.post(desk.app, one, by=user.name)
    if not result.posts:
        return go("/held", flash="No posts were made of it.", kind="trouble")
    return go(f"/articles/{result.posts[0].article_key}", flash=f"{len(result.posts)} posts made.")


@router.post("/held/drop")
def drop(desk: AtDesk, user: Approving, article: Annotated[str, Form()] = "") -> Response:
    """Let an article that waited go; it gets no posts."""
    one = waiting.named(desk.app, article)
    waiting.drop(desk.app, one, by=user.name)
    return go("/held", flash=f"Let go, it gets no posts: {one.article.title}")


def _page(
    request: Request,
    desk: Desk,
    one: Correction,
    *,
    typed: str | None = None,
    trouble: str = "",
) -> Response:
    app = desk.app
    post = app.store.desk.post(one.post_id)
    receipt = next(iter(app.store.lookout.receipts(post)), None)
    is_open = one.done_at is None
    words, unmade = _suggested(desk, one) if is_open else ("", "")
    return desk.page(
        request,
        "correction.html",
        status=422 if trouble else 200,
        one=one,
        post=post,
        permalink=receipt.permalink if receipt else "",
        passages=[(c.part, changes(c.before, c.after)) for c in one.changes],
        suggestion=changes(post.content.text, words) if words else None,
        unmade=unmade,
        options=_options(desk, one) if is_open and one.live else {},
        by_hand=BY_HAND,
        typed=typed if typed is not None else words or post.content.text,
        limit=app.dialects[post.channel].measure(post.content.text).limit,
        trouble=trouble,
    )


def _suggested(desk: Desk, one: Correction) -> tuple[str, str]:
    """Return the words the post would have if made now, or why it cannot be made."""
    try:
        return correcting.suggested(desk.app, one), ""
    except ContentError as exc:
        return "", str(exc)


def _options(desk: Desk, one: Correction) -> dict[str, str]:
    return {str(option): why for option, why in correcting.options(desk.app, one).items()}
