"""What the pipeline needs from the store, and what it gets to know of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.article import Article
from bot.domain.card import Card
from bot.domain.delivery import Attempt, Media, Outcome, Receipt, Ticket
from bot.domain.money import Cost
from bot.domain.post import Content, Finding, Post, State
from bot.domain.schedule import Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A composed post that nobody has looked at yet."""

    article_key: str
    platform: str
    channel: str
    content: Content
    due_at: datetime
    expires_at: datetime
    findings: tuple[Finding, ...] = ()
    variants: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When to look at the platform next.

    A wall clock can be set, an uptime only starts anew at every boot: within the same `boot` a
    look is due when the machine has been up `uptime` seconds, whatever the clock says; after
    another boot when the clock has passed `at`. With the wall clock alone, jumps doubled posts.
    """

    at: datetime
    uptime: float
    boot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """After how long a post is overdue, by what it waits for.

    Attributes:
        late: an approved or begun post that could go out.
        sending: one that is being sent.
        look: a look at the platform that is due and that nobody managed.
        unanswered: a question to an editor; also how long an alarm is not repeated.
    """

    late: timedelta
    sending: timedelta
    look: timedelta
    unanswered: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended and what follows from it.

    Attributes:
        status: the platform's HTTP status, None where there was no answer.
        look: for an unclear or published post: when to look at the platform.
        asks: what an editor has to decide.
    """

    outcome: Outcome
    reason: str = ""
    receipt: Receipt | None = None
    retry_at: datetime | None = None
    look: Look | None = None
    status: int | None = None
    asks: str = ""


def after(outcome: Outcome, part: int, parts: int) -> State:
    """Return where an attempt's outcome takes a post.

    Args:
        outcome: of the attempt.
        part: which part was sent, 0 for the post itself.
        parts: how many follow the post.
    """
    match outcome:
        case Outcome.PUBLISHED:
            return State.PUBLISHED if part >= parts else State.BEGUN
        case Outcome.NOT_SENT | Outcome.BLOCKED:
            return State.BEGUN if part else State.APPROVED
        case Outcome.REJECTED:
            return State.PUBLISHED if part else State.FAILED
        case Outcome.UNCLEAR:
            return State.UNCLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the history of an article or a post; same names as in the log."""

    at: datetime
    name: str
    who: str
    article_key: str | None = None
    post_id: int | None = None
    from_state: str | None = None
    to_state: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


#: Events that somebody should hear of; what is wrong is in their detail, as `asks`, `alarm` or
#: `reason`.
ALARMS = (
    "channel.paused",
    "post.asks",
    "post.diverged",
    "post.double_alarm",
    "post.expired",
    "post.failed",
    "post.incomplete",
    "post.overdue",
    "post.unread",
)


class Archive(Protocol):
    """The articles. Every method is one transaction."""

    def find(self, key: str) -> Article | None:
        """Return the article, None where it was never seen."""
        ...

    def add(self, article: Article, *, now: datetime) -> bool:
        """Keep a new article; False where somebody else has just kept it. Raises ContentError."""
        ...

    def revise(self, article: Article, *, now: datetime) -> None:
        """Keep a new revision of a known article. Raises ContentError."""
        ...


class Ledger(Protocol):
    """The posts as the publisher handles them. Every method is one durable transaction."""

    def post(self, post_id: int) -> Post:
        """Return one post. Raises UsageError for an unknown id."""
        ...

    def due(self, *, now: datetime, uptime: float, boot: str) -> Sequence[Post]:
        """Return what has to be done now, oldest first: to send, to find, to verify."""
        ...

    def expire(self, post: Post, *, now: datetime) -> None:
        """Give up a post whose time has passed."""
        ...

    def ticket(self, post: Post, *, part: int, now: datetime, account: str = "") -> Ticket | None:
        """Return the saved request for a part of the post as it stands, None without a usable one.

        One that was made for another account, or that the platform has refused, is not usable.
        """
        ...

    def uploaded(self, post: Post, *, account: str, now: datetime) -> Sequence[Media]:
        """Return what this account has uploaded for the post and may still attach."""
        ...

    def save_ticket(self, post: Post, ticket: Ticket, *, now: datetime) -> Ticket:
        """Keep a request before it is sent for the first time; return the one to send.

        That is the one which somebody else has just kept, where there is such a one.
        """
        ...

    def postpone(self, post: Post, reason: str, *, retry_at: datetime, now: datetime) -> None:
        """Leave an approved or begun post for later, before any attempt."""
        ...

    def fail(self, post: Post, reason: str, *, now: datetime) -> None:
        """Give an approved post back to the editor, before any attempt."""
        ...

    def abandon(self, post: Post, question: str, *, now: datetime) -> None:
        """Send no more parts of a begun post; an editor is told what is missing."""
        ...

    def claim(
        self,
        post: Post,
        ticket: Ticket,
        *,
        now: datetime,
        cost: Cost | None = None,
        quotas: Sequence[Quota] = (),
    ) -> Attempt | None:
        """Move an approved or begun post to sending, book its cost, and write the attempt down.

        None means: it is not due, somebody else was first, what is approved is not what `post`
        says, the ticket is not for the next part, or a cap or quota is in the way.
        """
        ...

    def settle(self, attempt: Attempt, settlement: Settlement, *, now: datetime) -> Post:
        """Record how an attempt ended. A worker with an old fence can only report a receipt."""
        ...


class Lookout(Protocol):
    """Looking at the platform. Every method is one durable transaction."""

    def recover(self, look: Look, *, rebooted: Look, now: datetime) -> Sequence[Post]:
        """Mark every post that was left `sending` as unclear.

        Where nothing is shared, only the one publisher may call this.

        Where the machine was started anew since, looks that were planned before wait for
        `rebooted`.
        """
        ...

    def attempted(self, post: Post) -> tuple[Ticket, datetime]:
        """Return the last ticket sent for the post and when its first attempt began."""
        ...

    def adopt(
        self, post: Post, receipt: Receipt, look: Look, *, now: datetime, by: str = ""
    ) -> None:
        """Record that an unclear post is live: found by looking, or told by an editor (`by`)."""
        ...

    def absent(self, post: Post, *, again: bool, look: Look, now: datetime, by: str = "") -> None:
        """Record that an unclear post was not there; `again` gives it back to be sent."""
        ...

    def look_later(self, post: Post, reason: str, look: Look, *, now: datetime) -> None:
        """Record that looking did not work this time."""
        ...

    def ask(self, post: Post, question: str, *, now: datetime, alarm: str = "post.asks") -> None:
        """Leave an unclear or published post to an editor, who is told exactly what to decide.

        `alarm` is the event's name: what kind of question it is.
        """
        ...

    def receipt(self, post: Post) -> Receipt | None:
        """Return the proof that the post is live."""
        ...

    def receipts(self, post: Post) -> Sequence[Receipt]:
        """Return the proofs that the post and its parts are live, in order."""
        ...

    def delivered(self, post: Post) -> Sequence[tuple[Ticket, Receipt]]:
        """Return what was sent and is live: the post and its parts, in order."""
        ...

    def verified(self, post: Post, *, now: datetime, note: str = "") -> None:
        """Record that followers see what was approved; with a note: that nobody can tell."""
        ...

    def known(self, post: Post, *, since: datetime) -> Collection[str]:
        """Return the platform's ids of what else is live on the post's channel since then.

        Its own other parts are among them.
        """
        ...

    def sent_since(self, channel: str, since: datetime) -> int:
        """Return how many posts of a channel have gone out since then, parts not counted."""
        ...

    def overdue(
        self, *, now: datetime, uptime: float, boot: str, patience: Patience
    ) -> Sequence[Post]:
        """Return the posts that are where they are for too long and of which nobody was told."""
        ...

    def alarm(self, post: Post, words: str, *, now: datetime) -> None:
        """Record the alarm `post.overdue`; once, and again when `Patience.unanswered` has passed."""
        ...

    def answered(self, post: Post, *, now: datetime, by: str) -> bool:
        """Record that somebody has dealt with a question about a live post; False without one."""
        ...


class Pauses(Protocol):
    """Channels on which nothing is sent until somebody has fixed the account."""

    def pause(self, channel: str, reason: str, *, now: datetime) -> None:
        """Send nothing on this channel until `resume`."""
        ...

    def resume(self, channel: str, *, by: str, now: datetime, only_own: bool = False) -> bool:
        """Send on this channel again; False where it was not paused.

        With `only_own` a pause stays that a person has set.
        """
        ...


class Shelf(Protocol):
    """The cards' bytes."""

    def put(self, card: Card) -> None:
        """Keep a card; the same card twice is one."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked against their name. Raises ContentError."""
        ...
