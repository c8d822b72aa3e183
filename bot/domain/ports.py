"""What the pipeline needs from the outside world. Parts in the ring implement these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import Account, Deed, Item, Media, Metrics, Receipt, Ticket, Verification
from bot.domain.message import Message
from bot.domain.post import Content


class Clock(Protocol):
    """The only source of time. The real one lives in `bot.app`."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC. May jump when the machine's clock is set."""
        ...

    def uptime(self) -> float:
        """Return seconds since the machine started; counts sleep, never jumps."""
        ...

    def boot(self) -> str:
        """Return a name of this start of the machine: `uptime` compares only within one."""
        ...

    def wait(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A part of a text that the platform turns into something.

    Attributes:
        kind: "url", "hashtag", "mention" or "cashtag".
        text: as it stands in the text, sign included ("#AI").
        start, end: code point indices into the text, end exclusive.
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A text as one platform counts it.

    Attributes:
        length: of the visible text in the platform's own unit.
        limit: the most it takes, in the same unit.
        valid: fits, is not empty and has no character the platform refuses.
        wire_text: what goes over the wire (LinkedIn: escaped), equal to the text on X.
        wire_length: of `wire_text`, in the same unit.
        entities: links, hashtags, mentions and cashtags in order.
    """

    length: int
    limit: int
    valid: bool
    wire_text: str
    wire_length: int
    entities: tuple[Entity, ...] = ()


class Dialect(Protocol):
    """How one platform counts, escapes and shows text. Pure: needs no account."""

    @property
    def name(self) -> str:
        """The platform's name, equal to its folder's."""
        ...

    @property
    def limit(self) -> int:
        """The most a post may measure."""
        ...

    @property
    def card_size(self) -> tuple[int, int]:
        """Width and height of the share card in pixels."""
        ...

    @property
    def documents(self) -> bool:
        """Whether a post can carry a document (a PDF to leaf through) in place of a picture."""
        ...

    def measure(self, text: str) -> Measure:
        """Count `text` as the platform does. Linear in its length, for any text."""
        ...

    def composer(self, text: str) -> str:
        """Return the address of the platform's own composer with this text in it."""
        ...

    def remote_id(self, address: str) -> str:
        """Return the platform's id of the post at this address; "" where it is none."""
        ...


class Publisher(Protocol):
    """One connected account.

    Every method raises only `DeliveryError`s; anything else that escapes is a bug, which the
    pipeline treats as Unclear around `send` and as NotSent elsewhere.
    """

    @property
    def account(self) -> str:
        """Who it posts as, by the platform's own name; "" where that is not known unasked."""
        ...

    def check(self) -> Account:
        """Try the credentials without posting. Raises Blocked, NotSent."""
        ...

    def prepare(
        self,
        content: Content,
        card: bytes | None,
        *,
        fingerprint: str,
        pictures: Sequence[bytes] = (),
        have: Sequence[Media] = (),
    ) -> Ticket:
        """Upload media and build the exact request; safe to repeat. Raises all but Unclear.

        Args:
            content: what readers shall see.
            card: its card, a picture, or on LinkedIn a PDF.
            fingerprint: of the content.
            pictures: the bytes of `content.pictures`, in order.
            have: what this account has uploaded for this post before; not uploaded again.
        """
        ...

    def follow(self, content: Content, live: Sequence[Receipt], *, fingerprint: str) -> Ticket:
        """Build the request for the part that follows those that are live, at least the first.

        Raises all but Unclear; Rejected where this account cannot post such a part.
        """
        ...

    def send(self, ticket: Ticket) -> Receipt:
        """Post. The one call that can double-post: callers make it once per Attempt.

        Raises:
            NotSent, Rejected, Blocked: surely not live.
            Unclear: may be live.
        """
        ...

    def find(
        self, ticket: Ticket, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """Look for the post on the platform, among posts made at or after `since`.

        `known` are the platform's ids of other posts: the same words there are not this post.

        Raises:
            NotReadable: this account cannot be read back; an editor has to look.
            NotSent, Blocked: could not look just now.
        """
        ...

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read the post back and compare. Raises NotSent, Blocked where it could not look."""
        ...

    def amend(self, ticket: Ticket, receipt: Receipt, text: str, *, fingerprint: str) -> Ticket:
        """Build the request that gives a live post other words; asks the platform nothing.

        Args:
            ticket: what was sent.
            receipt: where it is live.
            text: what readers shall see instead. Card, alt text and link card stay.
            fingerprint: of the content as it will be.

        Raises:
            NotEditable: this account, or this post by now, cannot be changed.
            Rejected: these words cannot be sent.
        """
        ...

    def edit(self, amended: Ticket, receipt: Receipt) -> Receipt:
        """Change a live post; return where it is live now, which may be elsewhere.

        It never makes a second post: repeated, it changes the same one again or is refused.

        Raises:
            NotEditable, NotSent, Rejected, Blocked: surely not changed.
            Unclear: may be changed: `verify` tells.
        """
        ...

    def delete(self, receipt: Receipt) -> None:
        """Take a post down; one that is gone already is fine, and so is asking again.

        Raises:
            Rejected, NotSent, Blocked: it may still be there.
        """
        ...

    def metrics(self, receipts: Sequence[Receipt]) -> Mapping[str, Metrics]:
        """Return how posts do, by remote id; those that are gone, or not counted, are left out.

        Raises:
            NotReadable: this account may not see numbers.
            NotSent, Blocked: could not look just now.
        """
        ...

    def bill(
        self, deed: Deed, ticket: Ticket | None = None, *, count: int = 1
    ) -> Mapping[Item, int]:
        """Return what the platform will bill for a deed, at most; empty where it is free.

        What looking up and verifying cost is known only afterwards: see `bot.domain.meter`.

        Args:
            deed: what is to be done.
            ticket: of the post, where the deed is about one.
            count: how many posts are read, or pictures described.
        """
        ...


class Messenger(Protocol):
    """Tells people something. A message sent twice is a nuisance and no more."""

    def send(self, message: Message) -> None:
        """Send the message to everybody this messenger knows.

        Raises:
            NotTold: at least one of them did not get it; it names them and who did.
        """
        ...
