"""Settings: the watched sources."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.watching import adding, minding
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Managing, go

router = APIRouter()

WHERE = "/settings/sources"


@router.get(WHERE)
def sources(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show what is watched, and what is wrong."""
    del user
    return _page(request, desk)


@router.post(f"{WHERE}/find")
def find(
    request: Request,
    desk: AtDesk,
    user: Managing,
    url: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Find out what is at an address and show its newest articles; nothing is kept yet."""
    del user
    found = adding.find_on_web(desk.app, url, name=name)
    return _page(request, desk, found)


@router.post(f"{WHERE}/add")
def add(
    desk: AtDesk,
    user: Managing,
    url: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Watch an address from now on; what it shows now is no news."""
    del user
    found = adding.find_on_web(desk.app, url, name=name)
    source, _, asked = adding.add(desk.app, found)
    more = " Its newest article waits for your word: see Needs you." if asked else ""
    return go(WHERE, flash=f"{source.name} is watched.{more}")


@router.post(f"{WHERE}/pause")
def pause(
    desk: AtDesk,
    user: Managing,
    name: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Do not read a source for now."""
    minding.pause(desk.app, name, reason, by=user.name)
    return go(WHERE, flash=f"{name} is not read for now.")


@router.post(f"{WHERE}/resume")
def resume(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Read a source again, at once."""
    minding.resume(desk.app, name, by=user.name)
    return go(WHERE, flash=f"{name} is read again.")


@router.post(f"{WHERE}/remove")
def remove(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Watch a source no more; what was seen there stays remembered."""
    minding.remove(desk.app, name, by=user.name)
    return go(WHERE, flash=f"{name} is not watched any more; its articles and posts stay.")


def _page(request: Request, desk: AtDesk, found: adding.Found | None = None) -> Response:
    return desk.page(
        request,
        "settings_sources.html",
        pages=PAGES,
        sources=desk.app.store.sources.all(),
        inbox=desk.app.settings.inbox_dir,
        found=found,
    )
