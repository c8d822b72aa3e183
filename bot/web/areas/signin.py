"""Signing in and out, and the one-time link by which a password is set."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.app.keys import digest, new_secret
from bot.domain.errors import UsageError
from bot.web import passwords, second
from bot.web.desk import AtDesk, Desk, SignedIn, go, visitor
from bot.web.passkeys import relying

router = APIRouter()

_YEAR = 365 * 86_400


@router.get("/sign-in")
def form(request: Request, desk: AtDesk, next: str = "/") -> Response:  # noqa: A002 -- its name
    """Show where to sign in."""
    return _form(request, desk, next=next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    desk: AtDesk,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 -- its name
) -> Response:
    """Sign in; the answer is the same whether or not there is anybody of that name."""
    origins = _origins(request, desk, name)
    answer = passwords.check(
        desk.app.store, name, password, origins=origins, now=desk.app.clock.now()
    )
    if answer.user is not None:
        user, now = answer.user, desk.app.clock.now()
        if second.of(desk.app.store, desk.app.keys, user).on:
            proof = second.half(desk.app.keys, user, visitor(request, desk), now)
            return desk.page(request, "code.html", next=next, proof=proof, trouble="")
        return begin(request, desk, user.name, go(next))
    if answer.wait:
        trouble = (
            f"Too many tries from here. The next one is looked at in {answer.wait} seconds. An "
            "admin can also give you a one-time link: bot user link NAME"
        )
    else:
        trouble = "Name and password do not belong together."
    return _form(
        request,
        desk,
        status=429 if answer.wait else 401,
        headers={"Retry-After": str(answer.wait)} if answer.wait else None,
        next=next,
        name=name[:80],
        trouble=trouble,
    )


def _form(
    request: Request, desk: Desk, *, name: str = "", trouble: str = "", **more: Any
) -> Response:
    has_keys = bool(relying(desk.app).id)
    return desk.page(request, "sign_in.html", name=name, trouble=trouble, has_keys=has_keys, **more)


@router.post("/sign-in/code")
def code(
    request: Request,
    desk: AtDesk,
    proof: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 -- its name
) -> Response:
    """Take the code of the app as second proof; wrong ones count like wrong passwords."""
    store, keys, now = desk.app.store, desk.app.keys, desk.app.clock.now()
    name = second.halfway(keys, proof, visitor(request, desk), now)
    user = store.people.find(name) if name else None
    if user is None or user.disabled_at:
        return go("/sign-in", flash="That took too long; sign in again.", kind="trouble")
    origins = _origins(request, desk, name)
    wait = passwords.wait(store, name, origins=origins, now=now)
    mine = second.of(store, keys, user)
    step = 0 if wait or not mine.on else mine.step(code, now)
    if step and store.people.set_second(
        user, mine.used(step), was=mine.kept, by=user.name, now=now
    ):
        return begin(request, desk, user.name, go(next))
    for origin in origins if not wait else []:
        store.sessions.failed(name, origin, now=now)
    trouble = (
        f"Too many tries. The next one is looked at in {wait} seconds."
        if wait
        else "That is not the code of this moment, or it was used before."
    )
    status = 429 if wait else 401
    return desk.page(request, "code.html", status=status, next=next, proof=proof, trouble=trouble)


@router.post("/sign-out")
def sign_out(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """End the session here and on the server."""
    secret = request.cookies.get(desk.cookie, "")
    desk.app.store.sessions.end(digest(secret), who=user.name, now=desk.app.clock.now())
    answer = go("/sign-in")
    answer.delete_cookie(desk.cookie, secure=desk.secure, httponly=True, samesite="lax")
    return answer


@router.get("/welcome/{secret}")
def welcome(request: Request, desk: AtDesk, secret: str) -> Response:
    """Show the form that sets a password; looking uses nothing up."""
    user = desk.app.store.people.linked(digest(secret), now=desk.app.clock.now())
    return _welcome(request, desk, name=user.name if user else "", trouble="")


@router.post("/welcome/{secret}")
def set_password(
    request: Request, desk: AtDesk, secret: str, password: Annotated[str, Form()] = ""
) -> Response:
    """Use the link up: set the password and sign in."""
    people, now = desk.app.store.people, desk.app.clock.now()
    user = people.linked(digest(secret), now=now)
    if user is None:
        return _welcome(request, desk, name="", trouble="")
    try:
        kept = passwords.hashed(password, name=user.name)
    except UsageError as exc:
        return _welcome(request, desk, name=user.name, trouble=str(exc))
    if people.set_password(digest(secret), kept, now=now) is None:
        return _welcome(request, desk, name="", trouble="")
    if second.of(desk.app.store, desk.app.keys, user).on:
        return go("/sign-in", flash="Your password is set. Sign in with it and your app's code.")
    return begin(request, desk, user.name, go("/", flash=f"Welcome, {user.name}."))


def _welcome(request: Request, desk: Desk, *, name: str, trouble: str) -> Response:
    status = 200 if name and not trouble else 422 if name else 410
    return desk.page(request, "welcome.html", status=status, name=name, trouble=trouble)


def begin(request: Request, desk: Desk, name: str, answer: Response) -> Response:
    """Give the browser a new session; one it brought along is never taken over."""
    user = desk.app.store.people.find(name)
    assert user is not None  # noqa: S101 -- somebody who has just proved who they are
    secret, now = new_secret(), desk.app.clock.now()
    earlier = request.cookies.get(desk.cookie, "")
    if earlier:
        desk.app.store.sessions.end(digest(earlier), who=name, now=now)
    device = request.cookies.get(desk.device_cookie, "") or new_secret()
    desk.app.store.sessions.begin(user, digest(secret), device=digest(device), now=now)
    for cookie, value, age in (
        (desk.cookie, secret, 7 * 86_400),
        (desk.device_cookie, device, _YEAR),
    ):
        answer.set_cookie(
            cookie, value, max_age=age, httponly=True, secure=desk.secure, samesite="lax"
        )
    return answer


def _origins(request: Request, desk: Desk, name: str) -> list[str]:
    device = request.cookies.get(desk.device_cookie, "")
    if device and desk.app.store.sessions.knows_device(digest(device), name.strip().casefold()):
        return [digest(device)]
    return [_address(request, desk)]


def _address(request: Request, desk: Desk) -> str:
    if desk.app.settings.desk.behind_proxy:
        # The proxy appends the address it saw; what stands before may be invented.
        told = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        if told:
            return told[:64]
    return request.client.host if request.client else "unknown"
