"""The composition root: the one part that knows every other and puts them together.

Each part is loaded when it is first used: all of them take a second, which every command would
wait for.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.app.clock import SystemClock
from bot.app.loading import LOADING
from bot.domain.errors import SourceError
from bot.domain.house import House

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from decimal import Decimal

    from bot.app.accounts import Accounts
    from bot.app.keys import Keys
    from bot.app.messages import Messengers
    from bot.app.money import Purse
    from bot.domain.article import Article
    from bot.domain.card import Card, CardContent
    from bot.domain.ports import Clock, Dialect, Publisher
    from bot.domain.post import Post
    from bot.domain.price import Prices
    from bot.http.fetch import Fetcher
    from bot.pipeline.compose import Options
    from bot.pipeline.draft import Look, Studio, Tools
    from bot.pipeline.publish import Outbox
    from bot.pipeline.timing import Timing
    from bot.pipeline.words import Words
    from bot.settings import Base
    from bot.store import Store

__all__ = ["App", "SystemClock", "build"]


@dataclass
class App:
    """Everything, wired."""

    settings: Base
    clock: Clock

    @cached_property
    def store(self) -> Store:
        """Everything that is kept; opened at first use, so that `bot check` needs no database.

        Raises:
            StoreError: it cannot be opened or written.
        """
        with LOADING:  # the desk may be loading it in its own thread, for a visitor at the door
            from bot.store import open_store

        return open_store(
            self.settings.url,
            self.settings.data_dir / "cards",
            origin=self.origin,
            clock=self.clock,
            lease=self.settings.publish.lease_seconds,
        )

    @cached_property
    def keys(self) -> Keys:
        """What signs forms, links and webhooks. Raises ConfigError where it cannot be used."""
        from bot.app.keys import load

        secret = self.settings.desk.secret_key.get_secret_value()
        return load(secret, self.settings.data_dir)

    @property
    def origin(self) -> str:
        """Which machine and process this is."""
        return f"{platform.node()} pid {os.getpid()}"

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def house(self) -> House:
        """What the newsroom decides for all its pages."""
        site = self.settings.site
        return House(
            article_url=site.article_url,
            zone=ZoneInfo(site.timezone),
            edition=self.settings.schedule.edition,
        )

    @cached_property
    def dialects(self) -> dict[str, Dialect]:
        """How each channel counts and shows text."""
        from bot import platforms

        return {
            name: platforms.dialect(name, self.settings.platform(name))
            for name in self.settings.channels
        }

    @cached_property
    def words(self) -> Words:
        """Templates and vocabulary. Raises ConfigError where one is wrong."""
        from bot.pipeline.words import load

        return load(self.settings.templates_dir)

    def options(self, channel: str, section: str = "") -> Options:
        """How the house wants its posts on this channel about this section."""
        from bot.pipeline.compose import Options

        links = self.settings.links
        return Options(
            link_policy=links.policy(channel, section),
            utm=links.utm,
            thread=self.settings.threads.wanted(channel),
            site=self.settings.site.name,
            zone=self.house.zone,
        )

    @cached_property
    def look(self) -> Look:
        """How the house wants its cards."""
        from bot.pipeline.draft import Look

        cards = self.settings.cards
        tall = frozenset({"linkedin"} if cards.linkedin_tall else ())
        documents = frozenset({"linkedin"} if cards.linkedin_document else ())
        return Look(layout=cards.layout, variant=cards.variant, tall=tall, documents=documents)

    @cached_property
    def purse(self) -> Purse:
        """What posting costs, and what is spent."""
        from bot.app.money import purse

        clock = self.store.leases.clock if self.store.leases else self.clock
        return purse(self.settings, self.store, clock, self.house.zone)

    @cached_property
    def prices(self) -> dict[str, Prices]:
        """What a post costs, by platform; platforms without a price are free."""
        from bot.app.money import prices

        return prices(self.settings)

    def price(self, post: Post) -> Decimal:
        """Return what sending the post will cost, in US dollars."""
        from bot.app.money import price

        return price(self.settings, post, self.dialects.get(post.channel))

    @cached_property
    def studio(self) -> Studio:
        """What making a post needs. Raises ConfigError where a template is wrong."""
        from bot.pipeline.draft import Studio

        return Studio(
            tools=self.tools,
            desk=self.store.desk,
            shelf=self.store.shelf,
            expire=timedelta(hours=self.settings.schedule.expire_hours),
            clock=self.clock,
            timing=self.timing,
        )

    def reload(self, settings: Base | None = None) -> None:
        """Read templates, vocabulary and holidays anew; the old ones stay where a new is wrong.

        With `settings`, those are used from now on; what is open stays open.

        Raises:
            ConfigError: one of them is wrong; it names it.
        """
        fresh = App(settings or self.settings, self.clock)
        fresh.__dict__["store"] = self.store
        names = ("house", "dialects", "look", "prices", "words", "timing", "tools", "studio")
        made = {name: getattr(fresh, name) for name in names}
        self.settings = fresh.settings
        self.__dict__.update(made)

    @cached_property
    def timing(self) -> Timing:
        """When posts go out. Raises ConfigError where a holidays file cannot be read."""
        from bot.pipeline.timing import Timing

        site, edition = self.settings.site, self.settings.schedule.edition
        tables = {
            name: self.settings.times(name).timetable(site, edition)
            for name in self.settings.channels
        }
        return Timing(tables, self.store.calendar, self.clock)

    @cached_property
    def tools(self) -> Tools:
        """What making a post takes. Raises ConfigError where a template is wrong."""
        from bot.app.pictures import Pictures
        from bot.pipeline.draft import Tools

        return Tools(
            words=self.words,
            draw=self.draw,
            dialects=self.dialects,
            options=self.options,
            look=self.look,
            picture=Pictures(self.fetcher, self.clock).of,
        )

    @cached_property
    def outbox(self) -> Outbox:
        """What delivering needs."""
        from bot.app.turn import outbox

        return outbox(self.settings, self.store, self.clock, self.purse, lambda: self.timing)

    @cached_property
    def accounts(self) -> Accounts:
        """Who has signed in."""
        from bot.app.accounts import Accounts

        return Accounts(self.settings, self.store, self.clock, self.purse.jot)

    def connect(self, channel: str) -> Publisher:
        """Return the connected account: the one that has signed in, or that of the settings' keys.

        Raises:
            ConfigError: a key is missing, or somebody has to sign in again.
            NotSent: its token has ended and could not be renewed just now.
        """
        return self.accounts.publisher(channel)

    @cached_property
    def messages(self) -> Messengers:
        """Who is told what."""
        from bot.app.messages import Messengers

        return Messengers(self.settings.messages)

    def read(self, where: str) -> Article:
        """Return the article in a file or at an address of the web. Raises SourceError."""
        from bot import sources

        if not where.startswith(("http://", "https://")):
            return sources.read_file(Path(where), self.house)
        fetched = self.fetcher.get(where, now=self.clock.now())
        if fetched.document is None:
            raise SourceError(f"{where}: the server says nothing is new; nothing was read.")
        return sources.read_document(fetched.document, self.house)

    @cached_property
    def fetcher(self) -> Fetcher:
        """Reads from the web, never from this machine's own network unless that is allowed."""
        from bot.http.fetch import Fetcher, user_agent
        from bot.http.guard import Guard

        return Fetcher(
            guard=Guard(allow_private=self.settings.fetch.allow_private),
            agent=user_agent(self.settings.sources.contact),
        )

    def publishing(self) -> AbstractContextManager[None]:
        """Be a publisher, and make sense of what an earlier one left.

        With SQLite it is the only one, by a lock on a file; on PostgreSQL it is one of many.

        Raises:
            ConfigError: another process is publishing from this SQLite database.
            StoreError: the database cannot be used.
        """
        from bot.app.turn import publishing
        from bot.app.witness import look_back

        look = partial(look_back, self.store, self.settings.channels, self.clock)
        return publishing(self.store.leases, self.store.lock, self.outbox, look)

    def publish_due(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do what is due now, once; return how many posts were handled."""
        from bot.app.witness import note
        from bot.pipeline.tick import tick

        handled = tick(self.outbox, self.connect, stopping=stopping, timed=self.timing.ruling)
        note(self.store)
        return handled

    def draw(self, content: CardContent, size: tuple[int, int]) -> Card:
        """Draw a card. Raises ConfigError where its template is wrong."""
        from bot.cards.draw import draw

        return draw(content, size, own=self.settings.templates_dir)


def build(settings: Base, clock: Clock | None = None) -> App:
    """Wire the bot from its settings."""
    return App(settings=settings, clock=clock or SystemClock())
