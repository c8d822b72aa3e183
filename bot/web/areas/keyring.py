"""Passkeys: kept under one's account, and signing in with one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.web import passkeys
from bot.web.areas.account import WHERE
from bot.web.areas.signin import begin
from bot.web.desk import AtDesk, SignedIn, go, visitor

router = APIRouter()

KIND = "application/json"


@router.post(f"{WHERE}/passkeys/begin")
def begin_adding(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Say what asks one's device for a new passkey."""
    options = passkeys.invite(desk.app, user, visitor(request, desk))
    return Response(options, media_type=KIND)


@router.post(f"{WHERE}/passkeys/add")
def add(
    request: Request,
    desk: AtDesk,
    user: SignedIn,
    answer: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the device has made."""
    key = passkeys.add(desk.app, user, visitor(request, desk), answer, name)
    return go(WHERE, flash=f"{key.name}: from now on you can sign in with it.")


@router.post(f"{WHERE}/passkeys/rename")
def rename(
    desk: AtDesk,
    user: SignedIn,
    passkey: Annotated[int, Form(ge=1, le=2**31 - 1)],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Call one's passkey something else."""
    called, now = passkeys.named(name), desk.app.clock.now()
    desk.app.store.passkeys.rename(user, passkey, called, now=now)
    return go(WHERE, flash=f"It is called {called} now.")


@router.post(f"{WHERE}/passkeys/remove")
def remove(
    desk: AtDesk, user: SignedIn, passkey: Annotated[int, Form(ge=1, le=2**31 - 1)]
) -> Response:
    """Let nobody sign in with it any more."""
    now = desk.app.clock.now()
    desk.app.store.passkeys.remove(user, passkey, by=user.name, now=now)
    return go(WHERE, flash="Nobody signs in with that passkey any more.")


@router.post(f"{WHERE}/password/off")
def password_off(desk: AtDesk, user: SignedIn) -> Response:
    """Let nothing but one's passkeys open the desk; an admin's one-time link sets a password."""
    desk.app.store.passkeys.alone(user, now=desk.app.clock.now())
    return go(WHERE, flash="Only your passkeys open the desk now.")


@router.post("/sign-in/passkey/begin")
def begin_signing(request: Request, desk: AtDesk) -> Response:
    """Say what asks a device to sign in."""
    return Response(passkeys.challenge(desk.app, visitor(request, desk)), media_type=KIND)


@router.post("/sign-in/passkey")
def sign_in(
    request: Request,
    desk: AtDesk,
    answer: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 -- its name
) -> Response:
    """Sign in by what a device has signed; it stands for password and code."""
    user = passkeys.proved(desk.app, visitor(request, desk), answer)
    if user is None:
        text = "The desk does not know that passkey, or it took too long. Sign in otherwise."
        return go("/sign-in", flash=text, kind="trouble")
    return begin(request, desk, user.name, go(next))
