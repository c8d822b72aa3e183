"""A request with an Idempotency-Key is done once, however often it is repeated.

After draft-ietf-httpapi-idempotency-key-header: the same key with the same request gets the first
answer again; with another request 422; while the first is being done 409.
"""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.domain.errors import UsageError
from bot.web.api.access import app_of, token_of
from bot.web.api.limit import dressed
from bot.web.api.problems import NotAgain

HEADER = "Idempotency-Key"
LONGEST = 200

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OnceRoute(APIRoute):
    """A route whose changes can be repeated safely."""

    def get_route_handler(self) -> Handler:
        """Return the handler; it asks what the same key was answered before."""
        handler = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER, "")
            if not key or request.method in {"GET", "HEAD"}:
                return dressed(request, await handler(request))
            return dressed(request, await _once(request, key, handler))

        return once


async def _once(request: Request, key: str, handler: Handler) -> Response:
    if len(key) > LONGEST or not key.isprintable():
        raise UsageError(f"{HEADER} has up to {LONGEST} printable characters; nothing was done.")
    app = app_of(request)
    header = request.headers.get("authorization", "")
    token = await run_in_threadpool(token_of, app, header)
    if token is None:
        return await handler(request)  # which says that there is none
    request.app.state.limiter.take(request, token)
    asked = hashlib.sha256(
        f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    ).hexdigest()
    answers, now = app.store.answers, app.clock.now()
    before = await run_in_threadpool(answers.begin, token.id, key, asked, now=now)
    if before is not None and before.request != asked:
        raise UsageError(f"This {HEADER} was used for another request; nothing was done.")
    if before is not None and not before.status:
        raise NotAgain("The first request with this key is still being done; ask again later.")
    if before is not None:
        kept = Response(before.body, before.status, media_type=before.kind)
        kept.headers["Idempotent-Replayed"] = "true"
        return kept
    return await _first(request, handler, token.id, key)


async def _first(request: Request, handler: Handler, token_id: int, key: str) -> Response:
    answers = app_of(request).store.answers
    try:
        given = await handler(request)
    except BaseException:
        # What was refused was not done: the same request may be tried again.
        await run_in_threadpool(answers.end, token_id, key, status=500, kind="", body="")
        raise
    body = bytes(given.body).decode() if given.body else ""
    kind = given.headers.get("content-type", "")
    await run_in_threadpool(
        answers.end, token_id, key, status=given.status_code, kind=kind, body=body
    )
    return given
