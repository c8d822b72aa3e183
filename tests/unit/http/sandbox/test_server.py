"""The server itself: starting, stopping, refusing."""

import socket
import subprocess
import sys
import threading

import pytest
import requests

from bot.domain.errors import ConfigError
from bot.http.sandbox import Fault, Kind, Server, State
from tests.unit.http.sandbox.clients import StoppedClock, XClient, running, until, x_client

FOREGROUND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.http.sandbox import Server
from bot.platforms.x.sandbox import Sandbox

class Clock:
    def now(self):
        return datetime.now(UTC)

server = Server([Sandbox()], Path(sys.argv[1]), clock=Clock())
print(server.url, flush=True)
server.serve_forever()
"""


def test_addresses_of_api_and_web_site():
    with running() as (server, _):
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert server.api_url("x") == f"{server.url}/x"
        assert server.web_url("linkedin") == f"{server.url}/linkedin/web"
        keys = server.credentials("linkedin")
        assert (keys["base_url"], keys["web_url"]) == (
            f"{server.url}/linkedin",
            f"{server.url}/linkedin/web",
        )


def test_a_taken_port_is_a_configuration_error_in_one_line():
    with running() as (server, clock), pytest.raises(ConfigError) as caught:
        Server([], port=server.port, clock=clock)
    assert f"port {server.port}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("port", [-1, 65536])
def test_an_impossible_port_is_a_configuration_error(port):
    with pytest.raises(ConfigError):
        Server([], port=port, clock=StoppedClock())


def test_a_state_that_cannot_be_opened_gives_the_port_back(tmp_path):
    (tmp_path / "state.db").write_bytes(b"this is no database, whatever it is called" * 100)
    with pytest.raises(ConfigError, match=r"state\.db"):
        Server([], tmp_path / "state.db", clock=StoppedClock())
    with pytest.raises(ConfigError, match="nowhere"):
        Server([], tmp_path / "nowhere" / "state.db", clock=StoppedClock())


def test_stopping_leaves_no_thread_and_frees_the_port():
    before = set(threading.enumerate())
    with running() as (first, clock):
        assert requests.get(f"{first.url}/_sandbox/posts", timeout=5).json() == {}
    assert set(threading.enumerate()) == before
    with Server([], port=first.port, clock=clock) as second:
        assert second.port == first.port


def test_stopping_does_not_wait_for_hanging_requests():
    before = set(threading.enumerate())
    with x_client() as x:
        x.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_HANG))
        x.state.fault("x.create", Fault(kind=Kind.DELAY, seconds=3600))
        asked = [threading.Thread(target=_swallow, args=(x, text)) for text in ("one", "two")]
        for thread in asked:
            thread.start()
        until(lambda: len(x.posts()) == 1 and not x.state.faults())
    for thread in asked:
        thread.join()
    assert set(threading.enumerate()) == before


def _swallow(x, text):
    with pytest.raises(requests.ConnectionError):
        x.tweet(text, timeout=60)


def test_killed_and_started_again_on_another_port_it_continues(tmp_path):
    path = tmp_path / "state.db"
    first = _foreground(path)
    try:
        x = _client(first)
        kept = x.tweet("kept").json()["data"]["id"]
        x.post_fault("x.create", {"kind": "accept_then_hang"})
        with pytest.raises(requests.ReadTimeout):
            x.tweet("taken, never answered", timeout=0.5)
        x.post_fault("x.create", {"kind": "status", "status": 503})
    finally:
        first.kill()
        first.communicate()
    second = _foreground(path)
    try:
        x = _client(second)
        assert x.tweet("later").status_code == 503
        assert x.tweet("kept").status_code == 403
        assert int(x.tweet("new").json()["data"]["id"]) > int(kept)
        with State(path) as elsewhere:
            texts = [post["text"] for post in elsewhere.posts("x")]
        assert texts == ["kept", "taken, never answered", "new"]
    finally:
        second.terminate()
        second.communicate()


class _Far(XClient):
    """A client of a server in another process."""

    def __init__(self, url):
        self.url = url
        with running() as (server, clock):
            super().__init__(server, clock)
        self.keys["base_url"] = f"{url}/x"

    def post_fault(self, endpoint, fault):
        body = {"endpoint": endpoint, "fault": fault}
        requests.post(f"{self.url}/_sandbox/faults", json=body, timeout=5).raise_for_status()


def _foreground(path):
    return subprocess.Popen(
        [sys.executable, "-c", FOREGROUND, str(path)], stdout=subprocess.PIPE, text=True
    )


def _client(process):
    return _Far(process.stdout.readline().strip())


def test_another_hosts_name_is_refused():
    with running() as (server, _):
        answer = requests.get(server.url, headers={"Host": "evil.example"}, timeout=5)
        assert answer.status_code == 400


def test_garbage_on_the_line_does_not_stop_it():
    with running() as (server, _):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
            line.sendall(b"\x00\xff nonsense\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 400")
        assert requests.get(server.url, timeout=5).status_code == 200


def test_an_address_outside_every_platform_is_not_found():
    with running() as (server, _):
        assert requests.get(f"{server.url}/bluesky/xrpc", timeout=5).status_code == 404
