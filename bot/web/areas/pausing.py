"""The kill switch: nothing is sent, on one channel or at all, until somebody says so."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.domain.errors import UsageError
from bot.store.due import EVERYTHING
from bot.web.desk import Approving, AtDesk, Desk, SignedIn, go
from bot.web.words import platform

router = APIRouter()


@router.get("/pause")
def form(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show what is paused, why, and how to pause more."""
    del user
    return desk.page(request, "pause.html", everything=EVERYTHING)


@router.post("/pause")
def pause(
    desk: AtDesk,
    user: Approving,
    channel: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Send nothing on a channel, or on any, and say everywhere why."""
    said = " ".join(reason.split())[:300]
    if not said:
        raise UsageError("Say why: everybody at the desk sees it. Nothing was paused.")
    name = _known(desk, channel)
    text = f"{said} ({user.name})"
    desk.app.store.pauses.pause(channel, text, now=desk.app.clock.now(), by=user.name)
    return go("/pause", flash=f"{name}: nothing is sent from now on.")


@router.post("/resume")
def resume(desk: AtDesk, user: Approving, channel: Annotated[str, Form()]) -> Response:
    """Send again."""
    name = _known(desk, channel)
    was = desk.app.store.pauses.resume(channel, by=user.name, now=desk.app.clock.now())
    return go("/pause", flash=f"{name}: sends again." if was else f"{name} was not paused.")


def _known(desk: Desk, channel: str) -> str:
    if channel == EVERYTHING:
        return "Everything"
    if channel not in desk.app.settings.channels:
        raise UsageError("There is no such channel; nothing was changed.")
    return platform(channel)
