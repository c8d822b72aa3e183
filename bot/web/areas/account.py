"""One's own account: the second proof at sign-in, devices signed in, tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from bot.app.keys import digest
from bot.domain.access import Scope, read_scopes
from bot.domain.errors import UsageError
from bot.tokens import issue
from bot.web import second
from bot.web.desk import AtDesk, Desk, SignedIn, go
from bot.web.passkeys import relying

router = APIRouter()

WHERE = "/account"


@router.get(WHERE)
def account(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show one's own account."""
    return _page(request, desk, user)


@router.post(f"{WHERE}/code/begin")
def begin_code(desk: AtDesk, user: SignedIn) -> Response:
    """Show an app its secret; nothing is asked at sign-in before it has proved to have it."""
    mine = second.of(desk.app.store, desk.app.keys, user)
    if mine.on:
        raise UsageError("Signing in takes a code already; turn that off first.")
    now = desk.app.clock.now()
    desk.app.store.people.set_second(user, second.fresh(), was=mine.kept, by=user.name, now=now)
    return go(WHERE)


@router.post(f"{WHERE}/code/on")
def code_on(desk: AtDesk, user: SignedIn, code: Annotated[str, Form()] = "") -> Response:
    """Ask for a code at sign-in from now on."""
    store, now = desk.app.store, desk.app.clock.now()
    mine = second.of(store, desk.app.keys, user)
    step = mine.step(code, now) if mine.pending else 0
    if not step:
        return go(WHERE, flash="That is not the code of this moment.", kind="trouble")
    kept = mine.used(step)
    store.people.set_second(user, kept, was=mine.kept, event="user.code_on", by=user.name, now=now)
    return go(WHERE, flash="From now on, signing in takes a code.")


@router.post(f"{WHERE}/code/off")
def code_off(desk: AtDesk, user: SignedIn, code: Annotated[str, Form()] = "") -> Response:
    """Ask for no code any more; takes a last one."""
    store, now = desk.app.store, desk.app.clock.now()
    mine = second.of(store, desk.app.keys, user)
    if not mine.on or not mine.step(code, now):
        return go(WHERE, flash="That is not the code of this moment.", kind="trouble")
    store.people.set_second(user, "", was=mine.kept, event="user.code_off", by=user.name, now=now)
    return go(WHERE, flash="Signing in takes no code any more.")


@router.post(f"{WHERE}/sign-out-everywhere")
def sign_out_everywhere(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """End all one's sessions but this one."""
    keep = digest(request.cookies.get(desk.cookie, ""))
    now = desk.app.clock.now()
    count = desk.app.store.sessions.end_others(user, keep, now=now)
    return go(WHERE, flash=f"Signed out in {count} other places.")


@router.post(f"{WHERE}/tokens")
def add_token(
    request: Request,
    desk: AtDesk,
    user: SignedIn,
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Make a token; its secret is on this one page and nowhere else."""
    scopes = read_scopes(" ".join(scope or []))
    if not 1 <= days <= 366:
        raise UsageError("A token works for 1 to 366 days; none was made.")
    _, secret = issue(desk.app, user, scopes, name=name, days=days, by=user.name)
    return _page(request, desk, user, secret=secret)


@router.post(f"{WHERE}/tokens/revoke")
def revoke(desk: AtDesk, user: SignedIn, token: Annotated[int, Form()]) -> Response:
    """Make one of one's tokens worthless."""
    now = desk.app.clock.now()
    desk.app.store.tokens.revoke(token, by=user.name, now=now, only_of=user)
    return go(WHERE, flash="That token is dead.")


def _page(request: Request, desk: Desk, user: SignedIn, *, secret: str = "") -> Response:
    store = desk.app.store
    mine = second.of(store, desk.app.keys, user)
    site = desk.app.settings.site.name
    return desk.page(
        request,
        "account.html",
        second=mine,
        picture=Markup(mine.picture(site)) if mine.pending else "",  # noqa: S704 -- our own
        sessions=store.sessions.of(user, now=desk.app.clock.now()),
        here=digest(request.cookies.get(desk.cookie, "")),
        tokens=store.tokens.all(user),
        passkeys=store.passkeys.of(user),
        has_password=bool(store.people.password(user.name)),
        has_keys=bool(relying(desk.app).id),
        scopes=[scope for scope in Scope if user.may(scope.role)],
        secret=secret,
    )
