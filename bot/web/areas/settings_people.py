"""Settings: who may sign in, and what each may do."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.domain.people import Role, User
from bot.web import people
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
def show(request: Request, desk: AtDesk, user: Managing) -> Response:
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
    made, link = people.invite(desk.app, name, role, url=_url(request, desk), by=user.name)
    return _page(request, desk, invited=made, link=link)


@router.post(f"{WHERE}/link")
def link(
    request: Request, desk: AtDesk, user: Managing, name: Annotated[str, Form()] = ""
) -> Response:
    """Make somebody a new one-time link, such as when a password is forgotten."""
    found = people.named(desk.app, name)
    url = _url(request, desk)
    return _page(request, desk, invited=found, link=one_time(desk.app, found, url, by=user.name))


@router.post(f"{WHERE}/change")
def change(
    desk: AtDesk,
    user: Managing,
    name: Annotated[str, Form()] = "",
    role: Annotated[Role | None, Form()] = None,
    disabled: Annotated[bool | None, Form()] = None,
) -> Response:
    """Give somebody another role, or close or open their account; they are signed out."""
    found = people.named(desk.app, name)
    changed = people.change(desk.app, found, role=role, disabled=disabled, by=user.name)
    state = "closed" if changed.disabled_at else str(changed.role)
    return go(WHERE, flash=f"{changed.name}: {state}.")


@router.post(f"{WHERE}/no-code")
def no_code(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Ask somebody for no code at sign-in any more."""
    found = people.named(desk.app, name)
    people.ask_no_code(desk.app, found, by=user.name)
    return go(WHERE, flash=f"{found.name} signs in without a code.")


@router.post(f"{WHERE}/no-passkeys")
def no_passkeys(desk: AtDesk, user: Managing, name: Annotated[str, Form()] = "") -> Response:
    """Let nobody sign in with somebody's passkeys any more."""
    found = people.named(desk.app, name)
    people.forget_passkeys(desk.app, found, by=user.name)
    more = "" if desk.app.store.people.password(found.name) else " To come in, they need a link."
    return go(WHERE, flash=f"{found.name} has no passkeys any more.{more}")


def _url(request: Request, desk: Desk) -> str:
    return desk.app.settings.desk.url or str(request.base_url).rstrip("/")


def _page(request: Request, desk: Desk, *, invited: User | None = None, link: str = "") -> Response:
    store = desk.app.store.people
    everybody = store.all()
    return desk.page(
        request,
        "settings_people.html",
        pages=PAGES,
        people=everybody,
        codes={u.name for u in everybody if store.second(u.name).startswith("on:")},
        keyed=desk.app.store.passkeys.owners(),
        roles=list(Role),
        invited=invited,
        link=link,
    )
