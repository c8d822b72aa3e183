"""An article's own picture is fetched once, and only used where a card can be drawn of it."""

import http.server
import threading
from dataclasses import replace

import pytest

from bot.app.pictures import Pictures
from bot.domain.article import Picture
from bot.domain.errors import ContentError, SourceError
from bot.http.fetch import Fetcher
from bot.http.guard import Guard
from tests.unit.cards.samples import photograph

PAGES = {
    "/photo.jpg": ("image/jpeg", photograph()),
    "/page.html": ("text/html", b"<p>Not here.</p>"),
    "/small.jpg": ("image/jpeg", photograph((300, 200))),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        kind, body = PAGES.get(self.path, ("image/png", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        del args


@pytest.fixture
def site():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def pictures(clock):
    return Pictures(Fetcher(guard=Guard(allow_private=True)), clock)


def pictured(article, site, path, alt="Two robots in a warehouse."):
    url = f"http://127.0.0.1:{site.server_port}{path}"
    return replace(article, image=Picture(url=url, alt=alt))


def test_both_posts_of_an_article_show_what_was_fetched_once(article, site, pictures):
    one = pictured(article, site, "/photo.jpg")
    assert pictures.of(one) == pictures.of(one) == photograph()
    assert site.asked == ["/photo.jpg"]


@pytest.mark.parametrize(
    ("path", "alt", "error"),
    [
        ("/photo.jpg", " ", ContentError),
        ("/small.jpg", "Robots.", ContentError),
        ("/page.html", "Robots.", SourceError),
        ("/gone.jpg", "Robots.", SourceError),
    ],
)
def test_what_cannot_be_shown_is_refused(article, site, pictures, path, alt, error):
    with pytest.raises(error):
        pictures.of(pictured(article, site, path, alt))


def test_an_article_without_a_picture_says_so(article, pictures):
    with pytest.raises(ContentError, match="no picture"):
        pictures.of(replace(article, image=None))
