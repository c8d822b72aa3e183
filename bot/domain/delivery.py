"""What happens on the wire, in the bot's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture the platform already has.

    Attributes:
        id: what the platform calls it in a post (X: media id; LinkedIn: image URN).
        key: what the platform calls it when a post is read back ("" where it has no other name).
        sha256: of the bytes that were uploaded.
        expires_at: until when it can be attached; None where it does not expire.
        alt_text: the words the platform keeps with it; None where they go with the post.
    """

    id: str
    key: str
    sha256: str
    expires_at: datetime | None = None
    alt_text: str | None = None


def uploaded(have: Sequence[Media], sha256: str, alt_text: str | None = None) -> Media | None:
    """Return the upload of these bytes with these words among those there are, if any."""
    same = (one for one in have if (one.sha256, one.alt_text) == (sha256, alt_text))
    return next(same, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A request ready to go, saved so that a resend is byte-identical.

    Attributes:
        request: the JSON body exactly as it goes over the wire. Opaque to all but its platform.
        text: the visible text, for looking the post up afterwards.
        fingerprint: of the content it was made from.
        part: 0 for the post itself, n for what follows it as `Content.parts[n - 1]`.
        account: whose post it will be, as the platform calls it; "" where that is not known.
    """

    platform: str
    request: str
    text: str
    fingerprint: str
    media: tuple[Media, ...] = ()
    part: int = 0
    account: str = ""

    def is_of(self, account: str) -> bool:
        """Whether it was made for this account, as far as anybody knows."""
        return not self.account or not account or self.account == account


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a post is live.

    Attributes:
        found: the post was found by looking (after an unclear attempt), not answered to a send.
        via: "api", or "manual" where a person has posted it.
    """

    remote_id: str
    permalink: str
    found: bool = False
    via: str = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What reading the post back has shown.

    Attributes:
        readable: False where the platform does not let us look; nothing is claimed then.
        differences: plain sentences, empty when followers see what was approved.
    """

    readable: bool
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What followers did with a post, as its platform counts it; None where it does not say.

    Attributes:
        impressions: how often it was shown.
        reactions: likes of every kind.
        comments: replies to it.
        shares: reposts, with and without words of their own.
        clicks: on anything in it.
        saves: bookmarks.
    """

    impressions: int | None = None
    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    clicks: int | None = None
    saves: int | None = None


class Deed(StrEnum):
    """What can be done with an account at a price that is known before."""

    CHECK = "check"
    PREPARE = "prepare"
    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    METRICS = "metrics"


class Item(StrEnum):
    """What a platform bills, as its price list calls it."""

    POST = "post"
    POST_WITH_LINK = "post_with_link"
    ALT_TEXT = "alt_text"
    OWNED_READ = "owned_read"
    USER_READ = "user_read"
    DELETE = "delete"


class Outcome(StrEnum):
    """How an attempt ended."""

    PUBLISHED = "published"
    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at sending, written down before the wire is touched."""

    id: int
    post_id: int
    fence: int
    ticket: Ticket
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is connected, as the platform tells it.

    Attributes:
        id: the platform's id (X: numeric user id; LinkedIn: author URN).
        name: what followers see.
        handle: what an address is made of ("" where the platform has none).
        notices: what will need somebody's attention soon, one sentence each.
    """

    id: str
    name: str
    handle: str = ""
    notices: tuple[str, ...] = ()
