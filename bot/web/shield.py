"""What stands before every page: host, size, headers, and the proof that a form is ours."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app.keys import new_secret
from bot.web.api import problems
from bot.web.desk import Desk, NotAllowed, token, visitor

#: Nothing runs or loads that is not ours, and nobody can put the desk into a frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: The most a request may carry: a picture and its form.
MOST = 21_000_000

#: Paths whose callers prove themselves otherwise, by a token or signature in the request.
OPEN = ("/api/", "/hooks/", "/links/")

_LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


class Shield:
    """Refuses requests for other hosts and huge ones; sets the security headers."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], secure: bool) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, self._dressed(scope, send))
            return
        await self.app(scope, _limited(receive), self._dressed(scope, send))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "").rsplit(":", 1)[0] if "host" in headers else ""
        if host.casefold() not in self.hosts:
            return _refused(scope, 421, "This desk has another address.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST:
            return _refused(scope, 413, "That is more than the desk takes; nothing was read.")
        return None

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return dressed


def _refused(scope: Scope, status: int, text: str) -> Response:
    if scope["path"].startswith("/api/"):
        return problems.answer(Request(scope), status, "http", text)
    return PlainTextResponse(text, status)


def _limited(receive: Receive) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST:
            return {"type": "http.disconnect"}
        return message

    return limited


def hosts(desk: Desk) -> list[str]:
    """Return the names under which the desk answers: against DNS rebinding."""
    public = urlsplit(desk.app.settings.desk.url).hostname
    return [*_LOOPBACK, *([public] if public else [])]


async def own_forms(request: Request) -> None:
    """Refuse every change that does not come from one of our own forms.

    Raises:
        NotAllowed: no token, or another visitor's, or a browser says that it comes from
            another site.
    """
    desk: Desk = request.app.state.desk
    if not visitor(request, desk):
        request.state.guest = new_secret()
    if request.method in {"GET", "HEAD"} or request.url.path.startswith(OPEN):
        return
    brought = request.headers.get("x-csrf", "")
    if not brought:
        field = (await request.form()).get("csrf", "")
        brought = field if isinstance(field, str) else ""
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    if foreign or not brought or brought != token(request, desk):
        raise NotAllowed(
            "This form is from another visit or another site; nothing was changed. Go back, load "
            "the page again and repeat what you did."
        )
