"""Settings: the watched sources."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.domain.errors import UsageError
from bot.watching import adding
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Managing, go

router = APIRouter()

WHERE = "/settings/sources"

_FRESH = {"paused": "", "next_poll_at": None, "retry_at": None, "failures": 0, "trouble": ""}


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
    found = adding.find(desk.app, _address(url), name=name.strip())
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
    found = adding.find(desk.app, _address(url), name=name.strip())
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
    _change(desk, user.name, name, "source.paused", {"paused": reason.strip()[:300] or "by hand"})
    return go(WHERE, flash=f"{name} is not read for now.")


@router.post(f"{WHERE}/resume")
def resume(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Read a source again, at once."""
    _change(desk, user.name, name, "source.resumed", _FRESH)
    return go(WHERE, flash=f"{name} is read again.")


@router.post(f"{WHERE}/remove")
def remove(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Watch a source no more; what was seen there stays remembered."""
    store = desk.app.store.sources
    store.remove(store.named(name), by=user.name, now=desk.app.clock.now())
    return go(WHERE, flash=f"{name} is not watched any more; its articles and posts stay.")


def _change(desk: AtDesk, by: str, name: str, event: str, values: Mapping[str, object]) -> None:
    store = desk.app.store.sources
    store.change(store.named(name), event, values, by=by, now=desk.app.clock.now())


def _address(url: str) -> str:
    """Return an address of the web: a folder of this machine is added at its terminal only."""
    if not url.strip().startswith(("http://", "https://")):
        raise UsageError(
            "Write an address of the web, https://…; a folder is added with `bot source add`. "
            "Nothing was added."
        )
    return url.strip()


def _page(request: Request, desk: AtDesk, found: adding.Found | None = None) -> Response:
    return desk.page(
        request,
        "settings_sources.html",
        pages=PAGES,
        sources=desk.app.store.sources.all(),
        inbox=desk.app.settings.inbox_dir,
        found=found,
    )
