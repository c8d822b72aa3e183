"""Where other programs push articles: signed webhooks, and the hubs of WebSub."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.intake import Source
from bot.sources import webhook
from bot.watching.pushed import Forged, arrived, confirmed
from bot.web.desk import AtDesk

router = APIRouter(prefix="/hooks/in")

#: Bytes of one message; a feed is larger than an article.
MOST = 2_000_000

_NOBODY = PlainTextResponse("There is no such address.", 404)


@router.get("/{key}")
def confirm(request: Request, desk: AtDesk, key: str) -> Response:
    """Answer a hub that asks whether we really subscribed."""
    app = desk.app
    source = _source(app, key)
    if source is None or source.kind == webhook.KIND:
        return _NOBODY
    try:
        return PlainTextResponse(confirmed(app, source, request.query_params))
    except Forged as exc:
        return PlainTextResponse(str(exc), 404)


@router.post("/{key}")
async def receive(request: Request, desk: AtDesk, key: str) -> Response:
    """Keep a message whose signature is right; it is taken in at the next round."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return PlainTextResponse(f"More than {MOST:,} bytes; nothing was kept.", 413)
    return await run_in_threadpool(_keep, request, desk.app, key, bytes(body))


def _keep(request: Request, app: App, key: str, body: bytes) -> Response:
    source = _source(app, key)
    if source is None:
        return _NOBODY
    kind = request.headers.get("content-type", "")
    try:
        fresh = arrived(app, source, request.headers, body, kind)
    except Forged as exc:
        return PlainTextResponse(f"{exc} Nothing was kept.", 401)
    except UsageError as exc:
        return PlainTextResponse(str(exc), 429, headers={"Retry-After": "600"})
    return PlainTextResponse("Taken." if fresh else "It was here before.", 202 if fresh else 200)


def _source(app: App, key: str) -> Source | None:
    """Return the source with this address; a paused one takes nothing."""
    found = (one for one in app.store.sources.all() if one.key and one.key == key)
    return next((one for one in found if not one.paused), None)
