"""The API as one application of its own, mounted at /api/v1."""

from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import __version__
from bot.app import App
from bot.web.api import (
    articles,
    asked,
    choices,
    decisions,
    hooks,
    house,
    looks,
    people,
    posts,
    sources,
    talk,
    writing,
)
from bot.web.api.examples import ANSWERS
from bot.web.api.limit import Limiter
from bot.web.api.problems import Problem, handle

WHERE = "/api/v1"

#: The parts of the API: one module, one line.
PARTS: tuple[ModuleType, ...] = (
    posts,
    decisions,
    writing,
    looks,
    talk,
    asked,
    articles,
    house,
    people,
    sources,
    choices,
    hooks,
)

_ABOUT = """Everything the editors' desk does, for programs.

Prove yourself with a token: `Authorization: Bearer smbot_…`, made with `bot token add`. Errors are
problem documents (RFC 9457). Lists are paged: put `next` of one page into `after` of the next.
A change with an `Idempotency-Key` is done once, however often you repeat it within a day. How
often a token may ask, and what is left, is in `RateLimit-Policy` and `RateLimit`; 429 says when to
ask again."""


class First:
    """Gives every request under `WHERE` to the API, whatever its path holds.

    A mount would not: its pattern knows no line breaks, and the answer would be a page.
    """

    def __init__(self, app: ASGIApp, *, api: FastAPI) -> None:
        self.app = app
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on (ASGI)."""
        if scope["type"] == "http" and scope["path"].startswith(f"{WHERE}/"):
            await self.api({**scope, "root_path": WHERE}, receive, send)
            return
        await self.app(scope, receive, send)


def build(app: App) -> FastAPI:
    """Return the API of this bot."""
    api = FastAPI(
        title="Editors' desk",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.bot = app
    api.state.limiter = Limiter(app.settings.desk.api_per_minute)
    for part in PARTS:
        api.include_router(part.router)
    handle(api)
    api.openapi = lambda: _document(api)  # type: ignore[method-assign]  # as FastAPI documents it
    return api


def _document(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with problem documents where FastAPI puts its own errors."""
    if api.openapi_schema is None:
        found = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            servers=[{"url": WHERE}],
        )
        schemas = found["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs"), "Problem": problem}
        for name, answer in ANSWERS.items():
            schemas[name]["examples"] = [answer]
        for path in found["paths"].values():
            for operation in path.values():
                _add_key(operation)
        api.openapi_schema = found
    return api.openapi_schema


def _add_key(operation: dict[str, Any]) -> None:
    if "400" not in operation["responses"]:  # only changes document it
        return
    operation.setdefault("parameters", []).append(
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key with the same request gets the first answer again.",
            "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]*$"},
        }
    )
