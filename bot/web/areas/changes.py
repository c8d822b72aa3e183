"""Changes of a post that are one press each: a repair, a card, a time, an earlier wording."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from bot import editing
from bot.cards.images import MAX_BYTES
from bot.domain.errors import NotApproved, UsageError
from bot.domain.post import Post
from bot.editing import Dress
from bot.web.areas.article import find
from bot.web.areas.edit import changeable
from bot.web.desk import AtDesk, Desk, Editing, SignedIn, go
from bot.web.diff import changes
from bot.web.schedule import local_time
from bot.web.words import at as moment_words
from bot.web.words import platform

router = APIRouter()

LAYOUTS = ("auto", "headline", "number", "quote")
VARIANTS = ("dark", "light")


@router.post("/posts/{post_id}/fix")
def fix(
    desk: AtDesk,
    user: Editing,
    post_id: int,
    number: Annotated[int, Form()],
    base: Annotated[str, Form()],
) -> Response:
    """Make one safe repair that a finding offers."""
    post = unchanged(desk, post_id, base)
    editing.mend(desk.app, post, number, by=user.name)
    return go(f"/articles/{post.article_key}", flash=f"{platform(post.channel)}: repaired.")


@router.post("/posts/{post_id}/card")
def card(  # noqa: PLR0913, PLR0917 -- one field of the form each
    desk: AtDesk,
    user: Editing,
    post_id: int,
    base: Annotated[str, Form()],
    layout: Annotated[str, Form()] = "",
    variant: Annotated[str, Form()] = "",
    picture_alt: Annotated[str, Form()] = "",
    picture: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Draw another card, or take the editor's own picture."""
    post = unchanged(desk, post_id, base)
    data = picture.file.read(MAX_BYTES + 1) if picture and picture.filename else None
    if layout not in ("", *LAYOUTS) or variant not in ("", *VARIANTS):
        raise UsageError("There is no such card; nothing was changed.")
    dress = Dress(layout=layout, variant=variant, picture=data or None, alt_text=picture_alt)
    if dress.picture is None:
        dress = Dress(layout=layout, variant=variant)
    editing.redraw(desk.app, post, dress, by=user.name)
    return go(f"/posts/{post_id}/edit", flash=f"{platform(post.channel)}: the card is new.")


@router.post("/posts/{post_id}/time")
def time(
    desk: AtDesk,
    user: Editing,
    post_id: int,
    at: Annotated[str, Form()],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Let the post go out at another time, given in the newsroom's zone."""
    post = changeable(desk, post_id)
    moment = local_time(at, desk.app.house.zone)
    moved = editing.reschedule(desk.app, post, moment, by=user.name, role=user.role)
    voided = " It needs a new approval." if moved.state is not post.state else ""
    when = moment_words(moment, desk.app.house.zone)
    text = f"{platform(post.channel)} goes out {when}.{voided}"
    return go(back or f"/articles/{post.article_key}", flash=text)


@router.get("/posts/{post_id}/wordings")
def wordings(request: Request, desk: AtDesk, user: SignedIn, post_id: int) -> Response:
    """Show everything the post has said, and what each change was."""
    del user
    if not 0 < post_id < 2**31:
        raise UsageError("There is no such post.")
    post = desk.app.store.desk.post(post_id)
    kept = desk.app.store.wordings.of_post(post.id)
    rows = [
        {
            "wording": wording,
            "changes": changes(before.content.text, wording.content.text) if before else None,
            "also": _also(before.content, wording.content) if before else [],
            "now": wording.content.fingerprint(post.channel) == post.fingerprint,
        }
        for wording, before in zip(kept, [*kept[1:], None], strict=True)
    ]
    article = find(desk, post.article_key)
    return desk.page(request, "wordings.html", post=post, article=article, rows=rows)


@router.post("/posts/{post_id}/restore")
def restore(
    desk: AtDesk,
    user: Editing,
    post_id: int,
    wording: Annotated[int, Form()],
    base: Annotated[str, Form()],
) -> Response:
    """Put an earlier wording back."""
    post = unchanged(desk, post_id, base)
    earlier = desk.app.store.wordings.find(post.id, wording)
    editing.restore(desk.app, post, earlier.content, by=user.name)
    return go(f"/articles/{post.article_key}", flash=f"{platform(post.channel)}: put back.")


def unchanged(desk: Desk, post_id: int, base: str) -> Post:
    """Return a post that may be changed and is still as it was shown. Raises NotApproved."""
    post = changeable(desk, post_id)
    if post.fingerprint != base:
        raise NotApproved(
            f"{platform(post.channel)}: somebody changed it since you saw it. Nothing was changed; "
            "look at it again."
        )
    return post


def _also(before: object, after: object) -> list[str]:
    """Return what changed besides the text, in words."""
    names = {
        "link": "link",
        "card": "card",
        "alt_text": "alt text",
        "parts": "what follows",
        "link_title": "link card",
    }
    return [word for name, word in names.items() if getattr(before, name) != getattr(after, name)]
