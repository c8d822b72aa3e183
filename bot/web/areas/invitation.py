"""The page a link in a message leads to: looking decides nothing, its form decides once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.app.keys import digest
from bot.deciding.outlook import Outlooks
from bot.deciding.rounds import was_unanswered
from bot.domain.access import Invitation
from bot.domain.errors import BotError, NotApproved, UsageError
from bot.domain.post import Finding, Post, State
from bot.web.acts import ACTS, Decision, take
from bot.web.desk import AtDesk, Desk, NotAllowed
from bot.web.preview import Preview, Previews
from bot.web.words import platform

router = APIRouter()

#: What can be decided by a link.
BY_LINK = ("approve", "hold", "reject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One post on the page."""

    post: Post
    preview: Preview
    findings: Sequence[Finding]
    outlook: str

    @property
    def waits(self) -> bool:
        """Whether it can still be decided about."""
        return self.post.state is State.DRAFTED or was_unanswered(self.post)


@router.get("/links/{secret}")
def look(request: Request, desk: AtDesk, secret: str) -> Response:
    """Show what can be decided; however often a scanner looks, nothing is."""
    invitation = desk.app.store.invitations.find(digest(secret))
    if invitation is None or _over(desk, invitation):
        return _closed(request, desk, invitation)
    previews = Previews(desk.app, media=f"/links/{secret}/cards/")
    return desk.page(
        request,
        "link.html",
        invitation=invitation,
        shown=[_shown(desk, previews, n) for n, _ in invitation.posts],
        seen=dict(invitation.posts),
        icons=previews.icons,
        results=(),
    )


@router.get("/links/{secret}/cards/{sha256}")
def card(desk: AtDesk, secret: str, sha256: str) -> Response:
    """Return a card of the posts this link is about, and no other."""
    invitation = desk.app.store.invitations.find(digest(secret))
    if invitation is None or _over(desk, invitation):
        raise UsageError("This link shows nothing any more.")
    posts = [desk.app.store.desk.post(number) for number, _ in invitation.posts]
    if sha256 not in {post.content.card for post in posts}:
        raise UsageError("There is no such card.")
    return Response(desk.app.store.shelf.read(sha256), media_type="image/png")


@router.post("/links/{secret}")
def decide(
    request: Request,
    desk: AtDesk,
    secret: str,
    action: Annotated[str, Form()] = "",
    post: Annotated[list[int] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Decide about the ticked posts, and use the link up."""
    store, now = desk.app.store, desk.app.clock.now()
    invitation = store.invitations.find(digest(secret))
    if invitation is None or _over(desk, invitation):
        return _closed(request, desk, invitation)
    wanted = [(n, seen) for n, seen in invitation.posts if n in (post or ())]
    if action not in BY_LINK or not wanted:
        raise UsageError("Tick the posts you decide about. Nothing was decided; go back.")
    if action == "reject" and not reason.strip():
        raise UsageError("Say why you reject it. Nothing was decided; go back.")
    if not invitation.user.may(ACTS[action].role):
        raise NotAllowed(f"{invitation.user.name} may not {action} any more; nothing was decided.")
    if not store.invitations.use(digest(secret), now=now):
        return _closed(request, desk, store.invitations.find(digest(secret)))
    decision = Decision(
        app=desk.app, user=invitation.user, via="link", reason=reason.strip() or "by link"
    )
    results = [_one(desk, action, number, seen, decision) for number, seen in wanted]
    return desk.page(
        request,
        "link.html",
        invitation=invitation,
        shown=(),
        seen={},
        icons="",
        results=results,
    )


def _shown(desk: Desk, previews: Previews, number: int) -> Shown:
    post, now = desk.app.store.desk.post(number), desk.app.clock.now()
    return Shown(
        post=post,
        preview=previews.of(post, post.content, now),
        findings=desk.app.store.desk.findings(number),
        outlook=Outlooks(desk.app, now, platform).of_post(post).text,
    )


def _one(desk: Desk, action: str, number: int, seen: str, decision: Decision) -> tuple[str, str]:
    """Return the post's channel and what became of it."""
    post = desk.app.store.desk.post(number)
    try:
        if post.fingerprint != seen:
            raise NotApproved("It was changed since the message was sent; nothing was decided.")
        take(action, post, decision)
    except BotError as exc:
        return post.channel, str(exc)
    return post.channel, f"{ACTS[action].done}."


def _over(desk: Desk, invitation: Invitation) -> bool:
    return invitation.used_at is not None or invitation.expires_at <= desk.app.clock.now()


def _closed(request: Request, desk: Desk, invitation: Invitation | None) -> Response:
    if invitation is not None and invitation.used_at is not None:
        text = "This link was used already; it works once. The desk shows what became of it."
    else:
        text = "This link has expired, or was never ours. Nothing was decided; go to the desk."
    return desk.page(request, "trouble.html", status=410, text=text, code=410, back="/")
