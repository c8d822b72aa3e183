"""Settings: the accounts posts go to."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot import pausing
from bot.web.areas.pausing import named
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Desk, Managing, go

router = APIRouter()

WHERE = "/settings/accounts"


@router.get(WHERE)
def accounts(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show the accounts, and which are paused."""
    del user
    return _page(request, desk, {})


@router.post(f"{WHERE}/check")
def check(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Try every account without posting."""
    del user
    return _page(
        request, desk, {name: desk.app.accounts.tried(name) for name in desk.app.settings.channels}
    )


@router.post(f"{WHERE}/resume")
def resume(desk: AtDesk, user: Managing, channel: Annotated[str, Form()] = "") -> Response:
    """Send on a channel again, once its account is in order."""
    was = pausing.resume(desk.app, channel, by=user.name)
    return go(WHERE, flash=f"{named(channel)} {'sends again' if was else 'was not paused'}.")


def _page(request: Request, desk: Desk, tried: dict[str, tuple[bool, str]]) -> Response:
    return desk.page(
        request,
        "settings_accounts.html",
        pages=PAGES,
        stopped=desk.app.store.pauses.all(),
        connections={one.channel: one for one in desk.app.accounts.all()},
        warnings={one.channel: one.message for one in desk.app.accounts.warnings()},
        tried=tried,
    )
