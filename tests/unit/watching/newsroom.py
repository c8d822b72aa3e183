"""A bot that watches a site on loopback; only the time is ours."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.app import App
from bot.edition import Ingested
from bot.watching import adding
from bot.watching.round import watch
from tests.fakes import FakeClock
from tests.site import Site, rss

#: Long enough for a whole article, with something to say in it.
PARAGRAPHS = (
    (
        "The central bank of Ruritania held its main rate at 6.5 percent on Monday, the {n}th pause in a "
        "row, and said that it expects prices to rise by 4.1 percent this year, down from 5.8 percent."
    ),
    (
        "Governor Rudolf Elphberg said the decision gives 28,000 small firms time to plan. Lenders in "
        "the capital had asked for a cut of half a point, which would have been the first since 2021."
    ),
    (
        "The next meeting of the bank is on 12 May. Two of the {n} members voted against the decision, "
        "the bank said in its minutes, because wages have grown faster than they had expected."
    ),
)


def text(number):
    return "".join(f"<p>{p.format(n=number + 3)}</p>" for p in PARAGRAPHS)


@dataclass
class Newsroom:
    app: App
    site: Site
    clock: FakeClock
    items: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    path: str = "/feed"

    def __post_init__(self):
        self.site.routes[self.path] = lambda h: h.answer(
            200, rss(*self.items).encode(), content_type="application/rss+xml", **self.headers
        )

    @property
    def url(self):
        return self.site.url + self.path

    def write(self, number, *, title="", ago=timedelta(minutes=5), body="", guid=""):
        """Put an article into the feed, first."""
        title = title or f"Ruritania holds its rate for the {number}th time in a row"
        link = f"{self.site.url}/articles/{number}"
        at = self.clock.now() - ago
        self.items.insert(0, (guid or f"g{number}", link, title, at, body or text(number)))

    def add(self, **more):
        return adding.add(self.app, adding.find(self.app, self.url, name="site", **more))

    def read(self, *, anyway=True):
        result = Ingested()
        watch(self.app, result, anyway=anyway)
        return result

    def source(self):
        return self.app.store.sources.named("site")

    def posts(self):
        return self.app.store.desk.posts()
