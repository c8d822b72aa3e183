"""A real desk on loopback: real store, real cards, real sign-in; only the time is ours."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import requests

from bot.app import App, build
from bot.domain.article import Article
from bot.domain.people import Role
from bot.pipeline.draft import draft
from bot.settings import model
from bot.web import passwords
from bot.web.server import DeskServer
from tests.fakes import FakeClock

PASSWORD = "correct horse battery"
_HASH = passwords.hashed(PASSWORD, name="nobody")
_NUMBERS = count(1)

BODY = (
    "The central bank of Ruritania held its main rate at 6.5 percent on Monday, the fourth pause.",
    "The bank expects prices to rise by 4.1 percent this year, down from 5.8 percent in 2025.",
    "Governor Rudolf Elphberg said the decision gives 28,000 small firms time to plan.",
    "Lenders in the capital had asked for a cut of half a point. The next meeting is on 12 May.",
)


@dataclass
class Place:
    """A served desk, its app, and the time in it."""

    app: App
    clock: FakeClock
    url: str = ""
    keys: list[str] = field(default_factory=list)

    def user(self, name, role=Role.ADMIN):
        people, now = self.app.store.people, self.clock.now()
        user = people.find(name) or people.add(name, role, by="test", now=now)
        people.rehash(user, _HASH)
        return user

    def article(self, title="", **more):
        """Take an article in and make its posts, as `bot ingest` does."""
        number = next(_NUMBERS)
        values = {
            "key": f"2026-11-23-rates-{number}",
            "url": f"https://theshiftmaker.com/articles/2026-11-23-rates-{number}",
            "title": title or f"Ruritania holds its rate at 6.5 percent for the {number}th time",
            "dek": "The bank waits for prices to calm down before it moves again.",
            "section": "Economy",
            "published_at": self.clock.now(),
            "body": BODY,
            "source": "test",
            **more,
        }
        article = Article(**values)
        self.app.store.archive.add(article, now=self.clock.now())
        draft(article, self.app.studio)
        return article

    def posts(self, article):
        return {post.channel: post for post in self.app.store.desk.of_article(article.key)}

    def visitor(self, name=None):
        return Visitor(self.url, name)


class Visitor:
    """A browser without JavaScript, as a test without a browser needs it."""

    def __init__(self, url, name=None):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        if name:
            answer = self.sign_in(name)
            assert answer.status_code == 200, answer.text

    def get(self, path, **more):
        return self.session.get(self.url + path, timeout=20, **more)

    def token(self, path="/sign-in"):
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path, data=None, *, token=None, **more):
        data = [("csrf", self.token() if token is None else token), *_pairs(data)]
        return self.session.post(self.url + path, data=data, timeout=20, **more)

    def sign_in(self, name, password=PASSWORD, **more):
        data = {"name": name, "password": password}
        return self.post("/sign-in", data, token=self.token("/sign-in"), **more)


def _pairs(data):
    return list(data.items()) if isinstance(data, dict) else list(data or ())


def shown(post):
    """Return a post as a form names it: what was seen is what is decided about."""
    return f"{post.id}:{post.fingerprint}"


@contextmanager
def served(folder, **settings):
    """Serve a desk from `folder` until the context ends."""
    clock = FakeClock()
    desk = {"port": 0, **settings.pop("desk", {})}
    app = build(model()(data_dir=folder, desk=desk, **settings), clock)
    place = Place(app, clock)
    try:
        with DeskServer(app) as server:
            place.url = f"http://127.0.0.1:{server.port}"
            yield place
    finally:
        app.close()


HOUR = timedelta(hours=1)
