"""The stand-in platforms as one real HTTP server on loopback."""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol, Self

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.errors import ConfigError
from bot.http.sandbox import admin, pages, scenario
from bot.http.sandbox.engine import Dated, Engine
from bot.http.sandbox.faults import Kind
from bot.http.sandbox.platform import PlatformSandbox, Route
from bot.http.sandbox.state import State
from bot.http.sandbox.wire import (
    Answer,
    Call,
    Refused,
    faulty,
    read_body,
    read_form,
)

_HOST = "127.0.0.1"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class Now(Protocol):
    """What the server needs of a `bot.domain.ports.Clock`."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...


class Server:
    """X, LinkedIn and whatever else has a sandbox, ready to be posted to.

    Use it as a context manager (a background thread serves) or call `serve_forever`.

    Args:
        sandboxes: the platforms.
        state: file that survives; None keeps everything in memory.
        port: 0 for any free one.
        clock: the platforms' time.

    Raises:
        ConfigError: the port is taken, or `state` cannot be opened.
    """

    def __init__(
        self,
        sandboxes: Iterable[PlatformSandbox],
        state: Path | None = None,
        port: int = 0,
        *,
        clock: Now,
    ) -> None:
        self.sandboxes = {sandbox.name: sandbox for sandbox in sandboxes}
        self._clock = clock
        self._stop = asyncio.Event()
        self._thread: threading.Thread | None = None
        self._socket = _listen(port)
        try:
            self.state = State(state)
        except ConfigError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{_HOST}:{self.port}"
        self._server = Engine(self._app(), self._stop)

    def api_url(self, platform: str) -> str:
        """Return what stands in for the platform's API host."""
        return f"{self.url}/{platform}"

    def web_url(self, platform: str) -> str:
        """Return what stands in for the platform's web site."""
        return f"{self.url}/{platform}/web"

    def credentials(self, platform: str, kind: str = "") -> dict[str, Any]:
        """Return values for the platform's `Settings` that lead to this server's account."""
        keys = self.sandboxes[platform].credentials(kind, now=self._clock.now())
        return keys | {"base_url": self.api_url(platform), "web_url": self.web_url(platform)}

    def endpoints(self) -> list[str]:
        """Return every name a fault may be queued for: "x.create", "linkedin.upload", …."""
        return [
            f"{sandbox.name}.{route.endpoint}"
            for sandbox in self.sandboxes.values()
            for route in sandbox.routes()
        ]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and let go of port and file. Requests left hanging are dropped."""
        self._server.quit()
        if self._thread is not None:
            self._thread.join()
        self._socket.close()
        self.state.close()

    def serve_forever(self) -> None:
        """Serve in the foreground until Ctrl-C."""
        try:
            with contextlib.suppress(KeyboardInterrupt):
                self._run()
        finally:
            self.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._server.ready.set()  # whoever waits must not wait for ever

    def _app(self) -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[_HOST, "localhost"])
        app.add_middleware(Dated, now=self._clock.now)
        admin.mount(app, self.state, self.endpoints())
        for sandbox in self.sandboxes.values():
            for route in sandbox.routes():
                app.add_api_route(
                    f"/{sandbox.name}{route.path}",
                    self._endpoint(sandbox, route),
                    methods=[route.method],
                )
        pages.Pages(list(self.sandboxes.values()), self.state, self._clock.now).mount(app)
        for sandbox in self.sandboxes.values():
            fallback = Route(endpoint="unknown", method="", path="", handler=sandbox.unknown)
            app.add_api_route(
                f"/{sandbox.name}/{{rest:path}}",
                self._endpoint(sandbox, fallback),
                methods=_METHODS,
            )
        return app

    def _endpoint(self, sandbox: PlatformSandbox, route: Route) -> Callable[[Request], Any]:
        name = f"{sandbox.name}.{route.endpoint}"

        async def endpoint(request: Request) -> Response:
            body = await read_body(request)
            if body is None:
                return sandbox.too_large().response()
            form = await read_form(request.headers, body)
            fault = self.state.take_fault(name) or scenario.fault(name, self.state)
            skewed = fault is not None and fault.kind is Kind.CLOCK_SKEW
            now = self._clock.now() + timedelta(seconds=fault.seconds if fault and skewed else 0)

            def take() -> Answer:
                call = self._call(request, body, form, now)
                with self.state.transaction():
                    try:
                        answer = route.handler(call)
                    except Refused as exc:
                        answer = exc.answer
                return answer

            response = await faulty(fault, take, self._stop)
            response.headers["Date"] = format_datetime(now, usegmt=True)
            self._note(name, fault.kind if fault else None, response, body)
            return response

        return endpoint

    def _call(
        self, request: Request, body: bytes, form: dict[str, bytes] | None, now: datetime
    ) -> Call:
        platform = request.url.path.split("/")[1]
        return Call(
            state=self.state,
            now=now,
            method=request.method,
            url=str(request.url),
            root=f"{request.url.scheme}://{request.url.netloc}/{platform}",
            raw_path=request.scope["raw_path"].decode("ascii", "replace"),
            params=request.path_params,
            query=request.query_params,
            headers=request.headers,
            body=body,
            form=form,
        )

    def _note(self, endpoint: str, fault: str | None, response: Response, body: bytes) -> None:
        try:
            sent = json.loads(body) if len(body) < 65536 else None
            json.dumps(sent, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            sent = None
        self.state.append(
            "calls",
            {
                "endpoint": endpoint,
                "at": self._clock.now().isoformat(),
                "status": response.status_code if type(response) is Response else None,
                "fault": fault,
                "body": sent,
            },
        )


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except (OSError, OverflowError) as exc:
        listener.close()
        raise ConfigError(
            f"The sandbox cannot use port {port}: {exc}. Nothing was started;"
            " choose another port, or 0 for any free one."
        ) from exc
    listener.listen(128)
    return listener
