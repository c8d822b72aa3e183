"""Settings: who may sign in, and what each may do."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.domain.errors import UsageError
from bot.domain.people import Role, User
from bot.web.desk import AtDesk, Desk, Managing, go
from bot.web.links import one_time

router = APIRouter()

WHERE = "/settings/people"

#: The pages of the settings, for their menu.
PAGES = (
    ("People", WHERE),
    ("Sources", "/settings/sources"),
    ("Accounts", "/settings/accounts"),
    ("Schedule", "/settings/schedule"),
    ("Policies", "/settings/policies"),
    ("Words", "/settings/words"),
)


@router.get("/settings")
def settings(user: Managing) -> Response:
    """Lead to the first page."""
    del user
    return RedirectResponse(WHERE, 303)


@router.get(WHERE)
def people(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show everybody."""
    del user
    return _page(request, desk)


@router.post(f"{WHERE}/add")
def add(
    request: Request,
    desk: AtDesk,
    user: Managing,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.EDITOR,
) -> Response:
    """Let somebody in; their link is on this one page."""
    now = desk.app.clock.now()
    made = desk.app.store.people.add(name, role, by=user.name, now=now)
    return _page(request, desk, invited=made, link=_link(request, desk, made, user))


@router.post(f"{WHERE}/link")
def link(
    request: Request, desk: AtDesk, user: Managing, name: Annotated[str, Form()] = ""
) -> Response:
    """Make somebody a new one-time link, such as when a password is forgotten."""
    found = _find(desk, name)
    return _page(request, desk, invited=found, link=_link(request, desk, found, user))


@router.post(f"{WHERE}/change")
def change(
    desk: AtDesk,
    user: Managing,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role | None, Form()] = None,
    disabled: Annotated[bool | None, Form()] = None,
) -> Response:
    """Give somebody another role, or close or open their account; they are signed out."""
    found, now = _find(desk, name), desk.app.clock.now()
    if found.id == user.id:
        raise UsageError("Another admin changes your own account; nothing was changed.")
    changed = desk.app.store.people.change(
        found, by=user.name, now=now, role=role, disabled=disabled
    )
    state = "closed" if changed.disabled_at else str(changed.role)
    return go(WHERE, flash=f"{changed.name}: {state}.")


@router.post(f"{WHERE}/no-code")
def no_code(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Ask somebody for no code at sign-in any more."""
    found, people = _find(desk, name), desk.app.store.people
    was = people.second(found.name)
    people.set_second(
        found, "", was=was, event="user.code_off", by=user.name, now=desk.app.clock.now()
    )
    return go(WHERE, flash=f"{found.name} signs in without a code.")


def _find(desk: Desk, name: str) -> User:
    found = desk.app.store.people.find(name)
    if found is None:
        raise UsageError(f"There is nobody called {name[:60]}; nothing was changed.")
    return found


def _link(request: Request, desk: Desk, user: User, by: User) -> str:
    url = desk.app.settings.desk.url or str(request.base_url).rstrip("/")
    return one_time(desk.app, user, url, by=by.name)


def _page(request: Request, desk: Desk, *, invited: User | None = None, link: str = "") -> Response:
    people = desk.app.store.people
    return desk.page(
        request,
        "settings_people.html",
        pages=PAGES,
        people=people.all(),
        codes={u.name for u in people.all() if people.second(u.name).startswith("on:")},
        roles=list(Role),
        invited=invited,
        link=link,
    )
