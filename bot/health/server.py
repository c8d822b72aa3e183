"""/livez, /readyz and /metrics: what machines ask a running bot."""

import json
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import structlog

from bot.app import App
from bot.domain.errors import BotError
from bot.health.life import Life

log = structlog.get_logger(__name__)


class HealthServer(AbstractContextManager["HealthServer"]):
    """Answers while its context lasts; `port` is another than the settings'.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, app: App, worker: Life, *, port: int | None = None) -> None:
        choices = app.settings.health

        class Answers(_Answers):
            bot = app
            heart = worker

        self._server = ThreadingHTTPServer(
            (choices.host, choices.port if port is None else port), Answers
        )
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="health", daemon=True
        )

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class _Answers(BaseHTTPRequestHandler):
    bot: App
    heart: Life
    server_version = "bot"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        """Answer one question."""
        answers = {"/livez": self._live, "/readyz": self._ready, "/metrics": self._metrics}
        ask = answers.get(self.path.partition("?")[0])
        if ask is None:
            self._answer(404, {"ok": False, "reason": "ask /livez, /readyz or /metrics"})
            return
        try:
            ask()
        except BotError as exc:
            self._answer(503, {"ok": False, "reason": str(exc)})
        except Exception:  # a bug here must not look like a dead bot without a word in the log
            log.exception("health.bug", path=self.path)
            self._answer(500, {"ok": False, "reason": "a mistake; it is in the log"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name
        """Say nothing: it would be a line every few seconds."""

    def _live(self) -> None:
        self._say(self.heart.ill())

    def _ready(self) -> None:
        self._say(self.heart.ill() or self.heart.unready())

    def _say(self, reason: str) -> None:
        self._answer(503 if reason else 200, {"ok": not reason, "reason": reason})

    def _metrics(self) -> None:
        from bot.health.metrics import exposition  # noqa: PLC0415 -- loaded when it is asked for

        self._send(200, exposition(self.bot, self.heart), "text/plain; version=0.0.4")

    def _answer(self, status: int, value: Mapping[str, object]) -> None:
        self._send(status, json.dumps(value).encode() + b"\n", "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
