"""uvicorn, taught what a sandbox needs: lines that go dead on purpose, and a quick clean stop."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class _Line(H11Protocol):
    """HTTP whose application can reach the connection, so that it can go dead on purpose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        async def with_line(scope: Any, receive: Any, send: Any) -> None:
            scope["line"] = self.transport
            await app(scope, receive, send)

        self.app = with_line


class Dated:
    """Every answer says the time, by the platforms' clock, as every web server's does."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        self.app = app
        self.now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with a Date where there is none."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Date", format_datetime(self.now(), usegmt=True))
            await send(message)

        await self.app(scope, receive, dated)


class Engine(uvicorn.Server):
    """uvicorn that says when it is ready, stops at once and does not wait for hanging requests."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Any], stop: asyncio.Event) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Line,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                log_level="error",
                access_log=False,
                date_header=False,  # the platforms have a clock of their own
            )
        )
        self.ready = threading.Event()
        self._stop = stop
        self._loop: asyncio.AbstractEventLoop | None = None

    def quit(self) -> None:
        """Ask the server to stop, from any thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Tick until asked to stop; unlike uvicorn's own, without finishing the tick."""
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % 10
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drop what hangs, then stop."""
        self._stop.set()
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
