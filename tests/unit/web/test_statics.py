"""What a page loads beside itself: small, asked for once, and never yesterday's."""

import re

import pytest

from bot.web import statics
from tests.web import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("statics")) as place:
        yield place


def test_a_page_names_each_file_by_its_content_and_browsers_keep_it(place):
    visitor = place.visitor()
    page = visitor.get("/sign-in").text
    addresses = set(re.findall(r'"(/static/[^"]+)"', page))
    assert len(addresses) >= 5
    for address in addresses:
        name = re.match(r"/static/([\w.-]+)\?v=\w{12}$", address)[1]
        answer = visitor.get(address)
        assert answer.content == statics.files()[name].plain
        assert "immutable" in answer.headers["cache-control"], address
        assert answer.headers["content-encoding"] == "gzip", address


def test_another_address_is_asked_for_again_each_time(place):
    visitor = place.visitor()
    for address in ("/static/desk.css", "/static/desk.css?v=older"):
        first = visitor.get(address, headers={"accept-encoding": "identity"})
        assert first.headers["cache-control"] == "no-cache"
        assert "content-encoding" not in first.headers
        again = visitor.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["none.css", "..%2f..%2fpyproject.toml", "desk.css%00", "%0a"])
def test_there_is_nothing_else(place, name):
    assert place.visitor().get(f"/static/{name}").status_code == 404


def test_a_page_with_secrets_is_not_packed(place):
    page = place.visitor().get("/sign-in", headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in page.headers
