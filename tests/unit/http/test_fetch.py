"""Reading from a real server on loopback that behaves as servers should not."""

import gzip
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import SourceError
from bot.http.fetch import Fetcher, Limits, Refused, Validators
from bot.http.guard import Guard
from tests.site import serving

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PAGE = b"<h1>Hello</h1>"


@pytest.fixture
def site():
    with serving() as server:
        yield server


@pytest.fixture
def fetcher():
    return Fetcher(guard=Guard(allow_private=True), limits=Limits(size=100_000, seconds=5))


def get(fetcher, site, path="/", **more):
    return fetcher.get(site.url + path, now=NOW, **more)


def test_a_page_with_its_validators(fetcher, site):
    site.routes["/"] = lambda h: h.answer(200, PAGE, etag='"1"', content_type="text/html")
    got = get(fetcher, site)
    assert (got.document.content, got.document.content_type) == (PAGE, "text/html")
    assert got.validators.etag == '"1"'
    assert "ShiftMakerBot" in site.asked[0][1]["User-Agent"]


def test_nothing_new(fetcher, site):
    site.routes["/"] = lambda h: h.answer(304)
    known = Validators(etag='"1"', last_modified="yesterday")
    got = get(fetcher, site, known=known)
    assert (got.document, got.validators) == (None, known)
    assert site.asked[0][1]["If-None-Match"] == '"1"'


def test_permanent_redirects_are_remembered(fetcher, site):
    site.routes["/"] = lambda h: h.answer(301, location="/new")
    site.routes["/new"] = lambda h: h.answer(200, PAGE)
    got = get(fetcher, site)
    assert (got.document.url, got.moved) == (f"{site.url}/new", f"{site.url}/new")


def test_a_circle_of_redirects_ends(fetcher, site):
    site.routes["/"] = lambda h: h.answer(302, location="/")
    with pytest.raises(SourceError, match="more than 5 redirects"):
        get(fetcher, site)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "inside",
    ["http://169.254.169.254/latest", "file:///etc/passwd", "gopher://a/", "http://2130706433/"],
)
def test_a_redirect_to_the_inside_is_not_followed(site, inside):
    dialled = []

    def dial(address, port, timeout):
        import socket

        dialled.append(address)
        return socket.create_connection((address, port), timeout)

    site.routes["/"] = lambda h: h.answer(302, location=inside)
    guarded = Fetcher(guard=Guard(allow_private=True, dial=dial))
    with pytest.raises(SourceError, match="nothing was"):
        guarded.get(site.url, now=NOW)
    assert dialled == ["127.0.0.1"]


@pytest.mark.parametrize(("status", "words"), [(410, "gone for good"), (404, "404"), (500, "500")])
def test_an_error_is_typed(fetcher, site, status, words):
    site.routes["/"] = lambda h: h.answer(status)
    with pytest.raises(Refused, match=words) as caught:
        get(fetcher, site)
    assert caught.value.status == status


def test_asked_to_come_later(fetcher, site):
    site.routes["/"] = lambda h: h.answer(429, retry_after="120")
    with pytest.raises(Refused) as caught:
        get(fetcher, site)
    assert caught.value.retry_at == NOW + timedelta(seconds=120)


def test_a_gzip_bomb_is_not_unpacked(fetcher, site):
    bomb = gzip.compress(bytes(50_000_000))
    site.routes["/"] = lambda h: h.answer(200, bomb, content_encoding="gzip")
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        get(fetcher, site)


def test_an_endless_stream_is_cut(fetcher, site):
    def stream(h):
        h.send_response(200)
        h.end_headers()
        try:
            while True:
                h.wfile.write(b"x" * 10_000)
        except OSError:
            return

    site.routes["/"] = stream
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        get(fetcher, site)


def test_a_slow_drip_does_not_hold_the_bot(site):
    gone = threading.Event()

    def drip(h):
        h.send_response(200)
        h.send_header("content-length", "1000000")
        h.end_headers()
        try:
            while not gone.wait(0.02):
                h.wfile.write(b"x")
        except OSError:
            return

    site.routes["/"] = drip
    hurried = Fetcher(guard=Guard(allow_private=True), limits=Limits(seconds=0.3))
    try:
        with pytest.raises(SourceError, match=r"not there after 0\.3 seconds"):
            get(hurried, site)
    finally:
        gone.set()


def test_a_picture_holds_no_article(fetcher, site):
    site.routes["/"] = lambda h: h.answer(200, b"\x89PNG", content_type="image/png")
    with pytest.raises(SourceError, match="holds no article"):
        get(fetcher, site)


@pytest.mark.parametrize(
    "url", ["ftp://a.com", "a.com", "http://", "http://u:p@a.com", "http://a:b/"]
)
def test_what_is_no_address_of_the_web(fetcher, url):
    with pytest.raises(SourceError, match="nothing was fetched"):
        fetcher.get(url, now=NOW)


def test_nobody_there(fetcher, site):
    url = site.url
    site.server_close()
    with pytest.raises(SourceError, match="nothing was read"):
        fetcher.get(url, now=NOW)
