"""The kill switch: nothing is sent, on one channel or at all, until somebody says so."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot import pausing
from bot.store.due import EVERYTHING
from bot.web.desk import Approving, AtDesk, SignedIn, go
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
    pausing.pause(desk.app, channel, reason, by=user.name)
    return go("/pause", flash=f"{named(channel)}: nothing is sent from now on.")


@router.post("/resume")
def resume(desk: AtDesk, user: Approving, channel: Annotated[str, Form()]) -> Response:
    """Send again."""
    was = pausing.resume(desk.app, channel, by=user.name)
    name = named(channel)
    return go("/pause", flash=f"{name}: sends again." if was else f"{name} was not paused.")


def named(channel: str) -> str:
    """Return a channel's name for people."""
    return "Everything" if channel == EVERYTHING else platform(channel)
