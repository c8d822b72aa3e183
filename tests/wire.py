"""A platform that says exactly what a test tells it to, over real HTTP on loopback."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DROP = "drop"  # reads the request, then the line goes dead
HANG = "hang"  # reads the request, then says nothing until the test is over


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Says:
    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # promises more bytes than it sends

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class Platform:
    """Plays `answers` in order, and keeps what it was asked. One answer too few is a failure."""

    def __init__(self, answers):
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.date = None
        self.over = threading.Event()
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                length = int(self.headers.get("Content-Length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(length))
                platform.asked.append(asked)
                platform.answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler):
        says = self.answers.pop(0) if self.answers else Says(599, "no answer was scripted")
        handler.close_connection = True
        if says == HANG:
            self.over.wait(30)
        if says in (DROP, HANG):
            return
        if callable(says):
            says = says(self.asked[-1])
        handler.send_response_only(says.status)
        if self.date is not None:
            handler.send_header("Date", format_datetime(self.date, usegmt=True))
        for name, value in says.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(says.content) + (10 if says.cut else 0)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(says.content)


@contextmanager
def platform(*answers):
    playing = Platform(answers)
    thread = threading.Thread(target=playing.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield playing
    finally:
        playing.over.set()
        playing.server.shutdown()
        playing.server.server_close()
        thread.join()
