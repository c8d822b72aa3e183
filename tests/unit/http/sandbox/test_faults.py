"""What goes wrong on purpose, and what the platform has taken afterwards."""

import pytest
import requests

from bot.http.sandbox import Fault, Kind
from tests.unit.http.sandbox.clients import linkedin_client, until, x_client


@pytest.fixture
def x():
    with x_client() as client:
        yield client


def texts(x):
    return [post["text"] for post in x.posts()]


def test_an_error_answer_takes_nothing(x):
    x.state.fault("x.create", Fault(kind=Kind.STATUS, status=502, headers={"x-from": "proxy"}))
    answer = x.tweet()
    assert (answer.status_code, answer.headers["x-from"]) == (502, "proxy")
    assert answer.text.startswith("<html>")
    assert x.posts() == []
    assert x.tweet().status_code == 201


def test_an_error_answer_can_be_json(x):
    body = {"title": "Too Many Requests", "status": 429}
    x.state.fault("x.create", Fault(kind=Kind.STATUS, status=429, body=body))
    assert x.tweet().json() == body


def test_a_dropped_request_takes_nothing(x):
    x.state.fault("x.create", Fault(kind=Kind.DROP_BEFORE))
    with pytest.raises(requests.ConnectionError, match="Connection aborted"):
        x.tweet()
    assert x.posts() == []


def test_a_hanging_request_takes_nothing(x):
    x.state.fault("x.create", Fault(kind=Kind.HANG_BEFORE))
    with pytest.raises(requests.ReadTimeout):
        x.tweet(timeout=0.2)
    assert x.posts() == []


def test_taken_and_the_line_goes_dead(x):
    x.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
    with pytest.raises(requests.ConnectionError, match="Connection aborted"):
        x.tweet("live")
    assert texts(x) == ["live"]


def test_taken_and_no_answer_ever(x):
    x.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_HANG))
    with pytest.raises(requests.ReadTimeout):
        x.tweet("live", timeout=0.5)
    assert texts(x) == ["live"]


def test_taken_and_an_error_answer(x):
    x.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_500, status=500, body={"title": "Oops"}))
    answer = x.tweet("live")
    assert (answer.status_code, answer.json()) == (500, {"title": "Oops"})
    assert texts(x) == ["live"]


def test_taken_and_a_201_that_says_nothing(x):
    x.state.fault("x.create", Fault(kind=Kind.EMPTY_201))
    answer = x.tweet("live")
    assert (answer.status_code, answer.content) == (201, b"")
    assert texts(x) == ["live"]


def test_a_linkedin_201_can_lack_the_urn():
    with linkedin_client() as linkedin:
        linkedin.state.fault("linkedin.create", Fault(kind=Kind.EMPTY_201))
        answer = linkedin.share()
        assert answer.status_code == 201
        assert "x-restli-id" not in answer.headers
        assert len(linkedin.posts()) == 1


def test_an_empty_201_never_hides_a_refusal(x):
    x.state.fault("x.create", Fault(kind=Kind.EMPTY_201))
    assert x.tweet("Hello", nonsense=1).status_code == 400


def test_taken_with_errors_beside_the_data(x):
    x.state.fault("x.create", Fault(kind=Kind.ERRORS_BESIDE_2XX))
    answer = x.tweet("live")
    assert answer.status_code == 201
    assert answer.json()["data"]["id"] == x.posts()[0]["id"]
    assert answer.json()["errors"][0]["detail"]


def test_delivered_twice_the_second_answer_counts(x):
    x.state.fault("x.create", Fault(kind=Kind.DUPLICATE_DELIVERY))
    answer = x.tweet("live")
    assert (answer.status_code, texts(x)) == (403, ["live"])
    assert answer.json()["detail"].endswith("duplicate content.")


def test_late_answers_are_ordinary(x):
    x.state.fault("x.create", Fault(kind=Kind.DELAY, seconds=0.05))
    assert x.tweet("live").status_code == 201


def test_a_late_request_is_taken_though_the_client_has_gone(x):
    x.state.fault("x.create", Fault(kind=Kind.DELAY, seconds=0.6))
    with pytest.raises(requests.ReadTimeout):
        x.tweet("live", timeout=0.2)
    assert x.posts() == []
    until(lambda: texts(x) == ["live"])


def test_faults_come_in_order_and_only_to_their_endpoint(x):
    x.state.fault("x.create", Fault(kind=Kind.STATUS, status=500), times=2)
    x.state.fault("x.create", Fault(kind=Kind.STATUS, status=502))
    x.state.fault("x.me", Fault(kind=Kind.STATUS, status=504))
    assert [x.tweet().status_code for _ in range(4)] == [500, 500, 502, 201]
    assert [endpoint for endpoint, _ in x.state.faults()] == ["x.me"]
    assert [x.get("/2/users/me").status_code for _ in range(2)] == [504, 200]


def test_every_request_is_written_down(x):
    x.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
    with pytest.raises(requests.ConnectionError):
        x.tweet("one")
    x.tweet("two", nonsense=1)
    assert [
        (call["status"], call["fault"], call["body"]["text"]) for call in x.state.calls("x.create")
    ] == [(None, "accept_then_drop", "one"), (400, None, "two")]
    assert all("Authorization" not in str(call) for call in x.state.calls())


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "x.create", "fault": {"kind": "explode"}},
        {"endpoint": "x.create", "fault": {"kind": "status", "status": 99}},
        {"endpoint": "x.create", "fault": {"kind": "status", "colour": "red"}},
        {"endpoint": "x.creat", "fault": {"kind": "status"}},
        {"endpoint": "x.create", "fault": {"kind": "status"}, "times": 0},
    ],
)
def test_the_sandbox_itself_refuses_an_order_it_does_not_understand(x, wrong):
    answer = requests.post(f"{x.server.url}/_sandbox/faults", json=wrong, timeout=5)
    assert answer.status_code == 422
    assert x.state.faults() == []


def test_every_endpoint_has_a_name_to_order_faults_by(x):
    names = x.server.endpoints()
    assert {"x.create", "x.upload", "x.timeline", "linkedin.create", "linkedin.list"} < set(names)
    assert len(names) == len(set(names))


def test_faults_posts_and_reset_over_http(x):
    admin = f"{x.server.url}/_sandbox"
    order = {"endpoint": "x.create", "fault": {"kind": "status", "status": 503}, "times": 2}
    assert requests.post(f"{admin}/faults", json=order, timeout=5).json() == {"queued": 2}
    assert x.tweet().status_code == 503
    assert len(requests.get(f"{admin}/faults", timeout=5).json()) == 1
    requests.post(f"{admin}/reset", timeout=5)
    assert x.tweet("live").status_code == 201
    posts = requests.get(f"{admin}/posts", timeout=5).json()
    assert [post["text"] for post in posts["x"]] == ["live"]
    calls = requests.get(f"{admin}/calls?endpoint=x.create", timeout=5).json()
    assert [call["status"] for call in calls] == [201]
