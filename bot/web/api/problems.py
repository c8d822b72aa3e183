"""Errors as problem documents (RFC 9457)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from bot.approving import NotYours
from bot.domain.errors import (
    BotError,
    ConfigError,
    ContentError,
    DeliveryError,
    IllegalMove,
    NotApproved,
    NotEditable,
    NotReadable,
    SourceError,
    StoreError,
    UsageError,
)

log = structlog.get_logger(__name__)

KIND = "application/problem+json"


class Run(BaseModel):
    """A run of text in a comparison."""

    kind: str = Field(description='"same", "gone" or "new".')
    text: str


class Conflict(BaseModel):
    """What somebody else has made of it since the caller saw it."""

    content_hash: str = Field(description="As it is now.")
    text: str
    by: str
    at: datetime | None = None
    since: list[Run] | None = Field(None, description="From what you saw to what it says now.")
    against: list[Run] | None = Field(None, description="From what it says now to what you sent.")


class Problem(BaseModel):
    """What went wrong, what was kept safe and what to do next."""

    type: str = Field(description="Stable name of the kind of problem, as a relative address.")
    title: str
    status: int
    detail: str = Field(description="This very case, in a sentence for a person.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[dict[str, Any]] | None = Field(
        None, description="Where in the request each mistake is; only for what cannot be read."
    )
    conflict: Conflict | None = Field(
        None, description="What it is now; only for what was changed meanwhile."
    )


class Changed(NotApproved):
    """Somebody has changed it since the caller saw it."""

    def __init__(self, message: str, *, conflict: Conflict) -> None:
        super().__init__(message)
        self.conflict = conflict


class NoToken(BotError):  # noqa: N818 -- reads as a sentence where it is raised
    """The request brought no token that is good."""


class NotAllowed(BotError):  # noqa: N818
    """The token, or its owner, may not do this."""


class NotThere(BotError):  # noqa: N818
    """There is no such thing."""


class TooMany(BotError):  # noqa: N818
    """The token has asked too often."""


class NotAgain(BotError):  # noqa: N818
    """An Idempotency-Key was used for another request, or its first one is still being done."""


_KINDS: tuple[tuple[type[BotError], int, str], ...] = (
    (NoToken, 401, "no-token"),
    (NotAllowed, 403, "not-allowed"),
    (NotYours, 403, "not-allowed"),
    (NotThere, 404, "not-there"),
    (NotAgain, 409, "key-in-use"),
    (TooMany, 429, "too-many"),
    (NotApproved, 409, "changed-meanwhile"),
    (IllegalMove, 409, "illegal-move"),
    (ContentError, 422, "content"),
    (SourceError, 422, "source"),
    (UsageError, 422, "usage"),
    (NotEditable, 409, "platform-refuses"),
    (NotReadable, 409, "platform-refuses"),
    (DeliveryError, 502, "platform"),
    (ConfigError, 503, "configuration"),
    (StoreError, 503, "store"),
    (BotError, 409, "refused"),
)


@contextmanager
def as_usage() -> Iterator[None]:
    """Take a wrong value for the caller's mistake, where it is theirs and not the installation's.

    Raises:
        UsageError: instead of ConfigError.
    """
    try:
        yield
    except ConfigError as exc:
        raise UsageError(str(exc)) from None


@contextmanager
def as_missing() -> Iterator[None]:
    """Answer that there is no such thing, where the name or number of one was asked for.

    Raises:
        NotThere: instead of UsageError.
    """
    try:
        yield
    except UsageError as exc:
        raise NotThere(str(exc)) from None


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems an endpoint can answer, for its OpenAPI document."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


#: Every endpoint can answer these.
ALWAYS = documented(401, 403, 422, 429, 503)
ALWAYS[429]["headers"] = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "RateLimit": {"description": "What is left.", "schema": {"type": "string"}},
}
#: Endpoints about one thing can answer these too.
ONE = documented(404)
#: Endpoints that change something.
CHANGES = documented(400, 409)
#: Endpoints that ask a platform or a web server something.
PLATFORM = documented(502)


def answer(request: Request, status: int, kind: str, detail: str, **more: Any) -> JSONResponse:
    """Return a problem document."""
    problem = Problem(
        type=f"problems/{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        **more,
    )
    quota = getattr(request.state, "quota", None)
    headers = dict(quota.headers) if quota else {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="desk"'
    if status == 429 and quota:
        headers["Retry-After"] = str(quota.reset)
    body = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, status, headers=headers, media_type=KIND)


def handle(api: FastAPI) -> None:
    """Answer every error of `api` with a problem document."""
    api.add_exception_handler(BotError, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _nothing_there)
    api.add_exception_handler(Exception, _bug)


def _refused(request: Request, exc: Exception) -> JSONResponse:
    status, kind = next((s, k) for cls, s, k in _KINDS if isinstance(exc, cls))
    log.info("api.refused", path=request.url.path, status=status, reason=str(exc))
    more = {"conflict": exc.conflict} if isinstance(exc, Changed) else {}
    return answer(request, status, kind, str(exc), **more)


def _unreadable(request: Request, exc: Exception) -> JSONResponse:
    found = exc.errors() if isinstance(exc, RequestValidationError) else []
    errors = [{"where": [str(p) for p in e["loc"]], "what": e["msg"]} for e in found]
    detail = "The request cannot be read; nothing was changed. See `errors`, and openapi.json."
    return answer(request, 422, "unreadable", detail, errors=errors)


def _nothing_there(request: Request, exc: Exception) -> JSONResponse:
    status = exc.status_code if isinstance(exc, HTTPException) else 404
    known = {404: "There is nothing at this address.", 405: "That cannot be done at this address."}
    found = answer(request, status, "http", known.get(status, "The request cannot be read."))
    if isinstance(exc, HTTPException) and exc.headers:
        found.headers.update(exc.headers)
    return found


def _bug(request: Request, exc: Exception) -> JSONResponse:
    log.error("api.bug", path=request.url.path, exc_info=exc)
    return answer(request, 500, "bug", "The desk made a mistake; it is in the log.")
