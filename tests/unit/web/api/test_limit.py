"""How often a token may ask."""

import time

import pytest
from starlette.requests import Request

from bot.domain.access import read_scopes
from bot.domain.people import Role
from bot.tokens import issue
from bot.web.api.limit import Limiter
from tests.unit.web.api.conftest import Program
from tests.web import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("limit"), desk={"api_per_minute": 3}) as place:
        place.user("asha", Role.ADMIN)
        yield place


def token(place):
    asha = place.app.store.people.find("asha")
    _, secret = issue(place.app, asha, read_scopes("read edit"), name="t", days=9, by="test")
    return Program(place.url, secret)


def test_a_token_that_asks_too_often_is_told_when_to_ask_again(place, monkeypatch):
    one, other = token(place), token(place)
    left = [one.ask("GET", "/me").headers["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == ["r=2", "r=1", "r=0"]
    answer = one.ask("GET", "/me")
    assert (answer.status_code, answer.json()["type"]) == (429, "problems/too-many")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Policy"] == '"token";q=3;w=60'
    assert other.ask("GET", "/me").status_code == 200, "each token is counted by itself"
    later = time.time() + 61
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: later)
    assert one.ask("GET", "/me").status_code == 200


def test_what_is_refused_or_repeated_counts_too_and_does_nothing(place):
    caller = token(place)
    assert caller.ask("GET", "/users").status_code == 403
    body, key = {"channel": "x", "text": "Hello"}, {"Idempotency-Key": "k"}
    assert caller.ask("POST", "/measure", body, headers=key).status_code == 200
    again = caller.ask("POST", "/measure", body, headers=key)
    assert (again.headers["Idempotent-Replayed"], again.headers["RateLimit"][:11]) == (
        "true",
        '"token";r=0',
    )
    assert caller.ask("POST", "/measure", body, headers=key).status_code == 429


def test_without_a_limit_nothing_is_counted():
    limiter, request = Limiter(0), Request({"type": "http"})
    for _ in range(3):
        limiter.take(request, None)
    assert not hasattr(request.state, "quota")
