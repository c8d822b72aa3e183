"""Waits on this machine for the browser that a platform sends back after a sign-in."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from bot.domain.errors import ConfigError, UsageError

PATH = "/callback"

_DONE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>
<body><h1>Thank you</h1><p>You can close this page and go back to the terminal.</p></body></html>"""


class Callback:
    """One answer, on loopback only.

    Args:
        port: which the app's registered address names.
        state: the answer's; any other visitor is turned away.

    Raises:
        ConfigError: the port is taken.
    """

    def __init__(self, port: int, state: str) -> None:
        self._answer = ""
        self._came = threading.Event()
        self._state = state
        try:
            self._server = HTTPServer(("127.0.0.1", port), _handler(self))
        except OSError as exc:
            raise ConfigError(
                f"Port {port} cannot be listened on ({exc.strerror}); nothing was signed in. Set "
                "BOT_ACCOUNTS__CALLBACK_PORT, or use --paste."
            ) from exc
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="callback", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> str:
        """Return the address the browser came with. Raises UsageError where nobody comes."""
        if not self._came.wait(seconds):
            raise UsageError(
                f"Nobody came back from the platform in {seconds / 60:g} minutes; nothing was "
                "signed in. Try again, or with --paste on a machine without a browser."
            )
        return self._answer

    def take(self, target: str) -> bool:
        """Take a visitor's address; False where it is not the answer that is waited for."""
        parts = urlsplit(target)
        if parts.path != PATH or parse_qs(parts.query).get("state") != [self._state]:
            return False
        self._answer = target
        self._came.set()
        return True


def _handler(waiting: Callback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the browser."""
            known = waiting.take(self.path)
            self.send_response(HTTPStatus.OK if known else HTTPStatus.NOT_FOUND)
            body = _DONE if known else b"Nothing here."
            self.send_header("Content-Type", "text/html" if known else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Write nothing: the address has a code in it."""

    return Handler
