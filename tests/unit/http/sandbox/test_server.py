"""The server itself: starting, stopping, refusing."""

import threading

import pytest
import requests

from bot.domain.errors import ConfigError
from bot.http.sandbox import Server


def test_a_taken_port_is_a_configuration_error_in_one_line(server, clock):
    with pytest.raises(ConfigError, match=f"port {server.port}") as caught:
        Server([], port=server.port, clock=clock)
    assert "\n" not in str(caught.value)


def test_stopping_leaves_no_thread_and_frees_the_port(clock):
    before = set(threading.enumerate())
    with Server([], clock=clock) as first:
        assert requests.get(f"{first.url}/_sandbox/posts", timeout=5).json() == {}
    assert set(threading.enumerate()) == before
    with Server([], port=first.port, clock=clock) as second:
        assert second.port == first.port
