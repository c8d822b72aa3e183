"""Settings: the accounts posts go to."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.domain.errors import BotError, UsageError
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Desk, Managing, go
from bot.web.words import platform

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
    return _page(request, desk, {name: _tried(desk, name) for name in desk.app.settings.channels})


@router.post(f"{WHERE}/resume")
def resume(desk: AtDesk, user: Managing, channel: Annotated[str, Form()] = "") -> Response:
    """Send on a channel again, once its account is in order."""
    if channel not in (*desk.app.settings.channels, "*"):
        raise UsageError(f"There is no channel {channel[:60]!r}; nothing was changed.")
    now = desk.app.clock.now()
    was = desk.app.store.pauses.resume(channel, by=user.name, now=now)
    name = "Everything" if channel == "*" else platform(channel)
    return go(WHERE, flash=f"{name} {'sends again' if was else 'was not paused'}.")


def _tried(desk: Desk, channel: str) -> tuple[bool, str]:
    try:
        account = desk.app.connect(channel).check()
    except BotError as exc:
        return False, str(exc)
    return True, f"Connected as {account.name or account.handle}."


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
