import socket
from datetime import UTC, datetime

import pytest
import requests

from bot.domain.errors import NotSent, Unclear
from bot.http.address import secure
from bot.http.client import REDACTED, Body, Session, classify, date_of, post_once, said
from tests.wire import DROP, HANG, Says, platform


def closed_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def post_to(url, timeout=(5, 5)):
    return post_once(lambda body: Session(timeout).post(url, data=body), b"the post")


def test_a_body_arrives_byte_for_byte_with_its_length():
    content = '{"text":"₹ – “quoted”"}'.encode() * 5000
    with platform(Says(201, b"{}")) as there:
        post_once(lambda body: Session().post(there.url, data=body), content)
    assert there.asked[0].body == content
    assert there.asked[0].headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:{closed_port()}/",
        "http://",
        "http://127.0.0.1:99999/",
        "nothing://127.0.0.1/",
    ],
    ids=["closed", "nameless", "no such port", "unknown scheme"],
)
def test_nothing_is_sent_where_no_connection_is_made(url):
    with pytest.raises(NotSent, match="Nothing was sent"):
        post_to(url)


def test_nothing_is_sent_where_the_line_cannot_be_secured():
    with platform(Says(201)) as there:
        with pytest.raises(NotSent):
            post_to(there.url.replace("http://", "https://"))
        assert all(asked.method != "POST" for asked in there.asked)


def test_a_host_that_is_not_found_gets_nothing(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent):
        post_to("http://api.example.invalid/")


@pytest.mark.parametrize("trouble", [DROP, Says(201, b"{", cut=True), Says(400, b"{", cut=True)])
def test_a_line_that_breaks_after_the_request_is_unclear(trouble):
    with platform(trouble) as there, pytest.raises(Unclear, match="may be live"):
        post_to(there.url)
    assert there.asked[0].body == b"the post"


def test_an_answer_that_never_comes_is_unclear():
    with platform(HANG) as there, pytest.raises(Unclear):
        post_to(there.url, timeout=(5, 0.2))
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    "kind", [requests.exceptions.SSLError, requests.ConnectTimeout, requests.ConnectionError]
)
def test_what_matters_is_what_left_the_machine_not_the_name_of_the_error(kind):
    # The same SSLError stands for a failed handshake and for a broken record in the answer.
    assert isinstance(classify(kind(), taken=True), Unclear)
    assert isinstance(classify(kind(), taken=False), NotSent)


def test_a_body_is_untouched_until_it_is_read():
    body = Body(b"12345")
    body.seek(0, 2)
    assert body.tell() == 5
    body.seek(0)
    assert not body.taken
    assert body.read() == b"12345"
    assert body.taken


def test_an_answer_that_echoes_the_key_is_kept_without_it():
    def echo(asked):
        return Says(400, f"bad: {asked.headers['authorization']}")

    with platform(echo) as there:
        response = Session().get(there.url, headers={"Authorization": "Bearer very-secret-token"})
    assert "very-secret-token" not in said(response)
    assert REDACTED in said(response)


def test_a_session_has_a_timeout_even_where_none_is_given():
    with platform(HANG) as there, pytest.raises(requests.ReadTimeout):
        Session((5, 0.2)).get(there.url, timeout=None)


def test_a_proxy_variable_leads_nowhere(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with platform(Says(200, "direct")) as there:
        assert Session().get(there.url).text == "direct"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Mon, 23 Nov 2026 01:30:00 GMT", datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 01:30:00 -0000", datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("soon", None),
        ("", None),
    ],
)
def test_the_other_sides_time(value, date):
    response = requests.Response()
    response.headers["Date"] = value
    assert date_of(response) == date


@pytest.mark.parametrize("address", ["https://api.x.com", "http://127.0.0.1:80/x", "http://[::1]"])
def test_keys_may_go_to_secured_addresses_and_to_this_machine(address):
    assert secure(f"{address}/") == address


@pytest.mark.parametrize(
    "address", ["http://api.x.com", "api.x.com", "ftp://127.0.0.1", "https://", ""]
)
def test_keys_never_go_in_the_clear(address):
    with pytest.raises(ValueError, match="https"):
        secure(address)
