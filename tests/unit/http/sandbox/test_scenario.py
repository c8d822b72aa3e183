"""Scenarios: what goes wrong by a file or an admin call, the same every time; clocks that are wrong."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests
from pydantic import ValidationError

from bot.domain.errors import ConfigError
from bot.http.sandbox import Fault, Kind, State
from bot.http.sandbox.scenario import Rule, Scenario, fault, keep, read
from tests.unit.http.sandbox.clients import running, x_client

ENDPOINTS = ["x.create", "x.upload", "linkedin.create"]
GONE = Fault(kind=Kind.STATUS, status=503)


def hits(scenario, endpoint, count=200):
    with State() as state:
        keep(scenario, state)
        return [fault(endpoint, state) is not None for _ in range(count)]


def test_so_often_and_not_before():
    rule = Rule(endpoint="x.create", fault=GONE, times=2, after=1)
    assert hits(Scenario(rules=(rule,)), "x.create", 5) == [False, True, True, False, False]
    assert not any(hits(Scenario(rules=(rule,)), "x.upload", 5))


def test_chances_are_the_seeds():
    rule = Rule(endpoint="*", fault=GONE, chance=0.25)
    first = hits(Scenario(seed=1, rules=(rule,)), "x.create")
    assert first == hits(Scenario(seed=1, rules=(rule,)), "x.create")
    assert first != hits(Scenario(seed=2, rules=(rule,)), "x.create")
    assert 30 <= sum(first) <= 70


def test_the_first_rule_that_fits_wins():
    drop = Fault(kind=Kind.DROP_BEFORE)
    rules = (
        Rule(endpoint="x.*", fault=drop, times=1),
        Rule(endpoint="*.create", fault=GONE),
    )
    with State() as state:
        assert fault("x.create", state) is None
        keep(Scenario(rules=rules), state)
        assert fault("x.create", state) == drop
        assert fault("x.create", state) == GONE
        assert fault("linkedin.create", state) == GONE


def test_a_file_says_what(tmp_path):
    path = tmp_path / "bad-day.yaml"
    path.write_text(
        "seed: 7\nrules:\n  - endpoint: x.create\n    fault: {kind: accept_then_drop}\n    times: 1\n"
    )
    found = read(path, ENDPOINTS)
    assert found.seed == 7
    assert found.rules[0].fault.kind is Kind.ACCEPT_THEN_DROP


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: [{endpoint: x.creat, fault: {kind: status}}]", "No endpoint is called x.creat"),
        ("rules: [{endpoint: x.create, fault: {kind: melt}}]", "rules.0.fault.kind"),
        ("rulez: []", "rulez"),
        ("rules: [", "cannot be read"),
        ("- 1", "is wrong at"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, text, said):
    path = tmp_path / "s.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said) as raised:
        read(path, ENDPOINTS)
    assert "\n" not in str(raised.value)


def test_over_http_by_an_admin_call():
    with x_client() as x:
        rules = [{"endpoint": "x.create", "fault": {"kind": "empty_201"}, "times": 1}]
        order = f"{x.server.url}/_sandbox/scenario"
        assert requests.post(order, json={"rules": rules}, timeout=10).json() == {"rules": 1}
        assert x.tweet("One").content == b""
        assert x.tweet("Two").json()["data"]["id"]
        wrong = [{"endpoint": "y.create", "fault": {"kind": "status"}}]
        assert requests.post(order, json={"rules": wrong}, timeout=10).status_code == 422


def test_answers_carry_the_platforms_time_and_a_wrong_clock_shows():
    with running() as (server, clock):
        address = f"{server.url}/x/2/tweets/1"
        date = requests.get(address, timeout=10).headers["Date"]
        assert parsedate_to_datetime(date) == clock.now()
        server.state.fault("x.lookup", Fault(kind=Kind.CLOCK_SKEW, seconds=-7200))
        date = requests.get(address, timeout=10).headers["Date"]
        assert parsedate_to_datetime(date) == clock.now() - timedelta(hours=2)


def test_a_post_made_by_a_wrong_clock_has_its_time():
    with x_client() as x:
        x.state.fault("x.create", Fault(kind=Kind.CLOCK_SKEW, seconds=3600))
        x.tweet("From the future")
        (post,) = x.posts()
        assert post["created_at"] == (x.clock.now() + timedelta(hours=1)).isoformat()


def test_a_chance_is_one_at_most():
    with pytest.raises(ValidationError):
        Rule(endpoint="*", fault=GONE, chance=1.5)
