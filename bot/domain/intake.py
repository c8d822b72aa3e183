"""What is watched, what was seen there, and what waits for an editor's word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.article import Article
from bot.domain.sighting import Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place where articles appear.

    Attributes:
        id: 0 before it is kept.
        name: what an editor calls it; unique.
        url: where it is now; a permanent redirect changes it.
        kind: which module of `bot.sources` reads it.
        paused: why it is not read, "" while it is.
        primed: its archive was marked as seen; what appears from now on is new.
        etag, last_modified: what the server gave to ask it whether anything is new.
        next_poll_at: not read before this time; None: at once.
        last_read_at: when it last gave an answer that could be used.
        failures: readings in a row that failed.
        trouble: what the last of them said, "" after a good one.
        retry_at: the server asked not to be asked before this time.
        key: random; what its secrets are made of, and its address where others push to us.
        hub, topic: of WebSub (W3C 2018): who tells us of changes, and by which address it knows
            the source; "" where nobody does.
        lease_until: how long the hub will tell us; None before it has agreed.
        hub_asked_at: when the hub was asked last.
    """

    id: int = 0
    name: str
    url: str
    kind: str
    paused: str = ""
    primed: bool = False
    etag: str = ""
    last_modified: str = ""
    next_poll_at: datetime | None = None
    last_read_at: datetime | None = None
    failures: int = 0
    trouble: str = ""
    retry_at: datetime | None = None
    key: str = ""
    hub: str = ""
    topic: str = ""
    lease_until: datetime | None = None
    hub_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """That an article was seen.

    Attributes:
        id: its row.
        source: where.
        traits: by what it is known again.
        article_key: the article it is; "" where it was only remembered.
        at: when it was first seen.
    """

    id: int
    source: str
    traits: Traits
    article_key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An article that gets no posts before an editor says so.

    Attributes:
        article: as the source showed it; its body may be missing.
        whole: its body is the whole text, so that its page need not be fetched.
        reason: why it waits, for an editor.
    """

    source: str
    article: Article
    whole: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A page that is read again, to see whether its article was changed or taken down.

    Attributes:
        listing: digest of what the page said last; 0 before it was read.
        candidate: digest of something else that it said once: believed when it says so again.
        until: not read after this time.
        missing: how often in a row it was not there.
    """

    article_key: str
    url: str
    until: datetime
    next_at: datetime
    etag: str = ""
    last_modified: str = ""
    listing: int = 0
    candidate: int = 0
    missing: int = 0


class Rechecks(Protocol):
    """The pages that are read again. Every method is one transaction."""

    def watch(self, one: Recheck) -> None:
        """Begin to look after a page; anew where it is looked after already."""
        ...

    def due(self, *, now: datetime, limit: int) -> Sequence[Recheck]:
        """Return the pages that are to be read again now; forget those nobody needs any more."""
        ...

    def note(self, one: Recheck, values: Mapping[str, Any]) -> None:
        """Write down how a reading went: any of the attributes of `Recheck`."""
        ...

    def forget(self, key: str) -> None:
        """Look after a page no more."""
        ...


class Sources(Protocol):
    """The watched sources. Every method is one transaction."""

    def all(self) -> Sequence[Source]:
        """Return every source, by name."""
        ...

    def named(self, name: str) -> Source:
        """Return the source of this name or address. Raises UsageError."""
        ...

    def add(self, source: Source, *, now: datetime) -> Source:
        """Keep a new source. Raises UsageError where its name or address is taken."""
        ...

    def claim(self, *, now: datetime, until: datetime, anyway: bool = False) -> Sequence[Source]:
        """Return the sources to be read now, and give nobody else any of them before `until`."""
        ...

    def note(self, source: Source, values: Mapping[str, Any]) -> None:
        """Write down how a reading went: any of the attributes of `Source`."""
        ...


class Sightings(Protocol):
    """Everything that was ever seen. Every method is one transaction."""

    def find(self, wanted: Sequence[Traits]) -> Sequence[Sequence[Sighting]]:
        """Return for each article the sightings that share a trait with it, oldest first."""
        ...

    def remember(self, source: str, seen: Sequence[tuple[Traits, str]], *, now: datetime) -> None:
        """Remember articles: their traits, and the key of the article each became, or ""."""
        ...

    def hold(self, held: Sequence[Held]) -> None:
        """Keep articles for an editor's word; one that waits already is not kept twice."""
        ...

    def held(self) -> Sequence[Held]:
        """Return what waits for an editor's word, oldest first."""
        ...

    def let_go(self, held: Held, became: str, *, by: str, now: datetime) -> None:
        """Let an article wait no longer: it "became" "let_in" or "dropped", which is kept."""
        ...
