"""A request ends, whatever the other side does: each answer here has no end of its own."""

import contextlib
import gzip
import socket
import ssl
import threading

import pytest
import requests

from bot.domain.errors import NotSent, Unclear
from bot.http import client
from bot.http.client import Session, post_once, safely
from tests.unit.http.test_fetch_safety import certificate

BRIEF = (0.2, 0.2)


@contextlib.contextmanager
def endless(first, again, *, times=10**9, tls=None):
    """Serve `first`, then `again` and again, a little more slowly than a timeout would notice."""
    over, asked = threading.Event(), []

    def serve(listening):
        with contextlib.suppress(OSError):
            while True:
                line, _ = listening.accept()
                threading.Thread(target=say, args=(line,), daemon=True).start()

    def say(came):
        with contextlib.suppress(OSError), tls.wrap_socket(came, True) if tls else came as line:
            asked.append(line.recv(65_536))
            line.sendall(first)
            for _ in range(times):
                line.sendall(again)
                if len(again) < 100 and over.wait(0.05):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", asked
        over.set()


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "status": (b"", b"H"),
    "headers": (OK, b"X"),
    "body of a length": (OK + b"Content-Length: 99999\r\n\r\n", b" "),
    "body without one": (OK + b"\r\n", b" "),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_an_end_is_given_up(kind):
    with endless(*ENDLESS[kind]) as (url, _), pytest.raises(requests.RequestException):
        Session(BRIEF).get(url)


def test_an_answer_over_tls_is_given_up_as_well(tmp_path):
    tls, made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate(tmp_path)
    tls.load_cert_chain(made)
    with endless(*ENDLESS["chunks"], tls=tls) as (url, asked):
        with pytest.raises(requests.RequestException) as refused:
            Session(BRIEF).get(url.replace("http:", "https:"), verify=str(made))
        assert asked, refused.value


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_post_that_is_answered_so_is_unclear(kind):
    with endless(*ENDLESS[kind]) as (url, asked):
        with pytest.raises(Unclear):
            post_once(lambda body: Session(BRIEF).post(url, data=body), b"the post")
        assert len(asked) == 1


def test_a_kept_line_ends_as_well():
    """The second request goes over the line of the first."""
    lines = []

    def serve(listening, over):
        with contextlib.suppress(OSError):
            line, _ = listening.accept()
            lines.append(line)
            line.recv(65_536)
            line.sendall(OK + b"Content-Length: 1\r\n\r\n ")
            line.recv(65_536)
            line.sendall(OK)
            while not over.wait(0.05):
                line.sendall(b"X")

    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening, over), daemon=True).start()
        session, url = Session(BRIEF), f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert session.get(url).content == b" "
        with pytest.raises(requests.RequestException):
            session.get(url)
        over.set()
    assert len(lines) == 1
    lines[0].close()


@pytest.mark.parametrize("packed", [False, True])
def test_no_more_is_taken_than_any_answer_has(monkeypatch, packed):
    monkeypatch.setattr(client, "MOST", 1_000_000)
    body = bytes(2_000_000)
    head = OK + (b"Content-Encoding: gzip\r\n" if packed else b"")
    body = gzip.compress(body) if packed else body
    head += f"Content-Length: {len(body)}\r\n\r\n".encode()
    with endless(head, body, times=1) as (url, _):
        with pytest.raises(client.TooMuch):
            Session((5, 5)).get(url)
        with pytest.raises(NotSent, match="does not answer"):
            safely(
                lambda: Session((5, 5)).get(url),
                refused=ZeroDivisionError,
                passing=lambda answer: False,
                explain=lambda answer: NotSent(""),
            )
        with pytest.raises(Unclear):
            post_once(lambda content: Session((5, 5)).post(url, data=content), b"the post")


def test_an_answer_that_is_cut_off_is_none():
    cut = endless(OK + b"Content-Length: 100\r\n\r\n", b"half", times=1)
    with cut as (url, _), pytest.raises(requests.RequestException):
        Session((5, 5)).get(url)


@pytest.mark.parametrize("packed", [False, True])
def test_a_whole_answer_is_as_it_was(packed):
    words = "₹ – “quoted”".encode() * 20_000
    body = gzip.compress(words) if packed else words
    head = OK + b"Content-Type: text/plain; charset=utf-8\r\n"
    head += b"Content-Encoding: gzip\r\n" if packed else b""
    head += f"Content-Length: {len(body)}\r\n\r\n".encode()
    with endless(head, body, times=1) as (url, _):
        answer = Session((5, 5)).get(url)
    assert answer.content == words
    assert answer.text == words.decode()
