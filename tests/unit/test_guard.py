"""The guard of the test run knows loopback from everything else, and hears what happens."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import guard


@pytest.mark.parametrize(
    ("event", "arguments", "beyond"),
    [
        ("socket.connect", (None, ("127.0.0.1", 80)), False),
        ("socket.connect", (None, ("::1", 80, 0, 0)), False),
        ("socket.connect", (None, ("::ffff:127.0.0.1", 80, 0, 0)), False),
        ("socket.connect", (None, "bot.socket"), False),
        ("socket.connect", (None, ("104.244.42.193", 443)), True),
        ("socket.connect", (None, ("10.0.0.1", 443)), True),
        ("socket.sendto", (None, ("8.8.8.8", 53)), True),
        ("socket.getaddrinfo", ("api.x.com", 443), True),
        ("socket.getaddrinfo", (b"api.linkedin.com", 443), True),
        ("socket.getaddrinfo", ("localhost", 443), False),
        ("socket.getaddrinfo", (None, 443), False),
        ("socket.getaddrinfo", ("site.test", 443), False),
        ("socket.bind", (None, ("192.0.2.1", 0)), False),
    ],
)
def test_what_is_beyond(event, arguments, beyond):
    assert bool(guard.judge(event, arguments)) == beyond


def test_it_hears_what_happens(monkeypatch):
    heard = []
    monkeypatch.setattr(guard, "judge", lambda event, arguments: heard.append(event) or "")
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller.connect(listener.getsockname())
    assert "socket.connect" in heard


def test_a_process_that_is_forbidden_ends():
    where = Path(__file__).parents[1]
    script = "import sys; sys.audit('socket.getaddrinfo', 'api.x.com', 443)"  # and no look-up
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": f"{where.parent}{os.pathsep}{where / 'e2e' / 'site'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 97
    assert ended.stderr == "Beyond loopback: socket.getaddrinfo api.x.com\n"
