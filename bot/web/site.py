"""The desk as one ASGI application: every area, behind the shield."""

from types import ModuleType
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.approving import NotYours
from bot.domain.errors import (
    BotError,
    ConfigError,
    ContentError,
    IllegalMove,
    NotApproved,
    SourceError,
    StoreError,
    UsageError,
)
from bot.web import statics
from bot.web.api import build as api
from bot.web.areas import (
    account,
    answers,
    article,
    asked,
    calendar,
    changes,
    decide,
    edit,
    inbox,
    invitation,
    keyring,
    pausing,
    pressed,
    pushed,
    record,
    settings_accounts,
    settings_choices,
    settings_people,
    settings_sources,
    settings_words,
    signin,
    talk,
)
from bot.web.desk import Desk, NotAllowed, NotSignedIn, go, local
from bot.web.shield import Shield, hosts, own_forms

log = structlog.get_logger(__name__)

#: The areas of the desk: one module, one line.
AREAS: tuple[ModuleType, ...] = (
    signin,
    inbox,
    asked,
    article,
    edit,
    changes,
    decide,
    answers,
    talk,
    calendar,
    pausing,
    record,
    account,
    keyring,
    pushed,
    invitation,
    pressed,
    settings_people,
    settings_sources,
    settings_accounts,
    settings_choices,
    settings_words,
)

_STATUS: dict[type[BotError], int] = {
    NotAllowed: 403,
    NotYours: 403,
    NotApproved: 409,
    IllegalMove: 409,
    ContentError: 422,
    UsageError: 400,
    SourceError: 422,
    ConfigError: 500,
    StoreError: 503,
}


def build(app: App) -> FastAPI:
    """Return the desk of this bot. Raises ConfigError where its key cannot be used."""
    desk = Desk(app)
    desk.keys  # noqa: B018 -- read now, so that a bad key stops the start and not a page
    desk.follower  # noqa: B018 -- from now on
    site = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(own_forms)]
    )
    site.state.desk = desk
    site.add_middleware(api.First, api=api.build(app))
    site.add_middleware(Shield, hosts=hosts(desk), secure=desk.secure)
    site.add_exception_handler(NotSignedIn, _to_sign_in)
    site.add_exception_handler(BotError, _refused)
    site.add_exception_handler(RequestValidationError, _unreadable)
    site.add_exception_handler(HTTPException, _nothing_there)
    site.add_exception_handler(Exception, _bug)
    for area in AREAS:
        site.include_router(area.router)
    site.include_router(statics.router)
    return site


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _to_sign_in(request: Request, exc: Exception) -> Response:
    del exc
    if "hx-request" in request.headers:
        back = urlsplit(request.headers.get("hx-current-url", ""))
        where = f"/sign-in?{urlencode({'next': back.path or '/'})}"
        return Response(status_code=401, headers={"HX-Redirect": where})
    if request.url.path == "/" and not request.url.query:
        return RedirectResponse("/sign-in", 303)
    if request.method == "GET":
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'next': where})}", 303)
    return go("/sign-in", flash="You were signed out; nothing was changed.", kind="trouble")


def _refused(request: Request, exc: Exception) -> Response:
    status = next((s for kind, s in _STATUS.items() if isinstance(exc, kind)), 400)
    log.info("desk.refused", path=request.url.path, status=status, reason=str(exc))
    return _trouble(request, str(exc), status)


def _unreadable(request: Request, exc: Exception) -> Response:
    del exc
    return _trouble(request, "Something is missing in this form; nothing was changed.", 400)


def _nothing_there(request: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, HTTPException) else 404
    words = {404: "There is no such page.", 405: "That address is not for looking at."}
    return _trouble(request, words.get(status, "The desk cannot do that."), status)


def _bug(request: Request, exc: Exception) -> Response:
    log.error("desk.bug", path=request.url.path, exc_info=exc)
    return _trouble(
        request, "The desk made a mistake; it is in the log. Nothing more was done.", 500
    )


def _trouble(request: Request, text: str, status: int) -> Response:
    back = _came_from(request)
    return _desk(request).page(
        request, "trouble.html", status=status, text=text, code=status, back=back
    )


def _came_from(request: Request) -> str:
    """Return the page of the desk somebody comes from; the inbox where that is not known."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if not parts.path or parts.netloc != request.headers.get("host"):
        return "/"
    return local(parts.path, parts.query)
