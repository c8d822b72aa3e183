"""The API as a program meets it: over loopback, with a token."""

from itertools import count

import pytest
import requests

from bot.domain.access import read_scopes
from bot.domain.people import Role
from bot.tokens import issue
from tests.stories import story
from tests.web import served

_NUMBERS = count()


class Program:
    """Another program, with its token."""

    def __init__(self, url, secret):
        self.url = url + "/api/v1"
        self.session = requests.Session()
        self.session.trust_env = False
        if secret:
            self.session.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method, path, body=None, **more):
        return self.session.request(method, self.url + path, json=body, timeout=20, **more)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("api")) as place:
        place.user("asha", Role.ADMIN)
        place.user("vera", Role.VIEWER)
        yield place


@pytest.fixture
def program(place):
    """Return a program with a token of this person and these scopes."""

    def make(scopes="read edit approve manage", user="asha", days=90):
        owner = place.app.store.people.find(user)
        _, secret = issue(place.app, owner, read_scopes(scopes), name="test", days=days, by="test")
        return Program(place.url, secret)

    return make


@pytest.fixture
def fresh(place):
    """Return the posts of a new article, unlike all before it."""

    def make():
        title, dek, body = story(next(_NUMBERS))
        return place.posts(place.article(title, dek=dek, body=body))

    return make
