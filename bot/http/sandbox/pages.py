"""The timeline: what was posted, as followers see it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from bot import templates
from bot.http.sandbox.documents import page
from bot.http.sandbox.pictures import inspect
from bot.http.sandbox.platform import (
    ACCOUNT_HANDLE,
    ACCOUNT_NAME,
    ACCOUNT_TAGLINE,
    PlatformSandbox,
    Shown,
)
from bot.http.sandbox.state import State

#: Nothing runs, nothing is loaded from elsewhere, whatever a post says.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Pages:
    """The pages a browser sees.

    Args:
        now: the platforms' time.
    """

    def __init__(
        self,
        sandboxes: Sequence[PlatformSandbox],
        state: State,
        now: Callable[[], datetime],
    ) -> None:
        self._sandboxes = {sandbox.name: sandbox for sandbox in sandboxes}
        self._state = state
        self._now = now
        self._templates = environment()

    def mount(self, app: FastAPI) -> None:
        """Add the pages to `app`."""
        get = ["GET", "HEAD"]
        app.add_api_route("/", self.timeline, methods=get)
        app.add_api_route("/_sandbox/style.css", self.style, methods=get)
        app.add_api_route("/_sandbox/mark.svg", self.mark, methods=get)
        app.add_api_route("/_sandbox/media/{name:path}", self.picture, methods=get)
        app.add_api_route("/{platform}/web/{path:path}", self.page, methods=get)

    async def timeline(self) -> Response:
        """Everything, a column per platform."""
        return self._render(list(self._sandboxes.values()))

    async def page(self, platform: str, path: str) -> Response:
        """One post, or the account's page."""
        sandbox = self._sandboxes.get(platform)
        if sandbox is None:
            return self._render([], status=404)
        path = sandbox.canonical(path.strip("/"))
        if path in {"", sandbox.profile.strip("/")}:
            return self._render([sandbox])
        posts = sandbox.shown(self._state, self._now())
        post = next((post for post in posts if post.permalink.strip("/") == path), None)
        return self._render([sandbox], post=post, status=200 if post else 404, single=True)

    async def style(self) -> Response:
        """The one stylesheet."""
        css = stylesheet("style.css")
        return Response(css, headers=_HEADERS, media_type="text/css")

    async def mark(self) -> Response:
        """The little picture in a browser's tab."""
        svg = templates.find("sandbox", "mark.svg").read_bytes()
        return Response(svg, headers=_HEADERS, media_type="image/svg+xml")

    async def picture(self, name: str) -> Response:
        """An uploaded picture, or a page of an uploaded document (name, slash, number).

        Anything that is neither is not shown.
        """
        body = self._state.get_blob(name) or self._leaf(name)
        info = inspect(body) if body is not None else None
        if body is None or info is None:
            return Response("There is no such picture.", 404, _HEADERS, "text/plain")
        return Response(body, headers=_HEADERS, media_type=info.mime)

    def _leaf(self, name: str) -> bytes | None:
        document, _, number = name.rpartition("/")
        body = self._state.get_blob(document) if number.isdecimal() else None
        return page(body, int(number)) if body is not None else None

    def _render(
        self,
        sandboxes: Sequence[PlatformSandbox],
        *,
        post: Shown | None = None,
        status: int = 200,
        single: bool = False,
    ) -> Response:
        now = self._now()
        columns = []
        for sandbox in sandboxes:
            posts = ([post] if post else []) if single else sandbox.shown(self._state, now)
            columns.append(
                {
                    "sandbox": sandbox,
                    "posts": [self._post(sandbox, shown) for shown in posts],
                    "template": self._templates.select_template(
                        [f"{sandbox.name}.html", "_default.html"]
                    ),
                }
            )
        page = self._templates.get_template("page.html").render(
            columns=columns,
            single=single,
            media="/_sandbox/media/",
            now=now,
            found=status == 200,
            account={"name": ACCOUNT_NAME, "handle": ACCOUNT_HANDLE, "tagline": ACCOUNT_TAGLINE},
            calls=self._state.count("calls"),
            faults=len(self._state.faults()),
        )
        return Response(page, status, _HEADERS, "text/html")

    def _post(self, sandbox: PlatformSandbox, post: Shown) -> dict[str, Any]:
        return folded(sandbox, post, f"/{sandbox.name}/web/{post.permalink}")


def environment() -> Environment:
    """Return the templates that draw posts as followers see them, everything escaped."""
    found = Environment(
        loader=FileSystemLoader(templates.search_path("sandbox")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["web"] = web_address
    found.filters["ago"] = ago
    return found


def stylesheet(*names: str) -> bytes:
    """Return how posts look, and what these files of the sandbox add to it."""
    files = ["posts.css", *names]
    return b"\n".join(templates.find("sandbox", name).read_bytes() for name in files)


def folded(sandbox: PlatformSandbox, post: Shown, url: str = "") -> dict[str, Any]:
    """Return a post as the templates take it: with its start where it is folded."""
    starts = [fold.start(post.segments) for fold in sandbox.folds]
    return {"shown": post, "starts": starts if any(starts) else [], "url": url}


def web_address(href: str) -> str:
    """Return `href` where it is an ordinary web address, "" otherwise."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return href if parts.scheme in {"http", "https"} and parts.netloc else ""


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago, as feeds write it: "now", "5m", "3h", "Nov 23"."""
    gone = now - at
    if gone < timedelta(minutes=1):
        return "now"
    if gone < timedelta(hours=1):
        return f"{gone // timedelta(minutes=1)}m"
    if gone < timedelta(days=1):
        return f"{gone // timedelta(hours=1)}h"
    year = "" if at.year == now.year else f", {at.year}"
    return f"{at:%b} {at.day}{year}"
