"""A post: one article on one channel, from draft to verified, and the only table of its moves."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import IllegalMove


class State(StrEnum):
    """Where a post is in its life."""

    DRAFTED = "drafted"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    SENDING = "sending"
    UNCLEAR = "unclear"
    BEGUN = "begun"
    PUBLISHED = "published"
    VERIFIED = "verified"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


#: The whole life of a post. The docs draw this table, the database enforces it (migration
#: 0001 and later, table `transitions`); nothing else may change a state.
NEXT: dict[State, frozenset[State]] = {
    State.DRAFTED: frozenset(
        {State.APPROVED, State.ON_HOLD, State.REJECTED, State.EXPIRED, State.SUPERSEDED}
    ),
    State.ON_HOLD: frozenset({State.DRAFTED, State.REJECTED, State.EXPIRED, State.SUPERSEDED}),
    State.APPROVED: frozenset(
        {
            State.SENDING,
            State.DRAFTED,
            State.ON_HOLD,
            State.REJECTED,
            State.EXPIRED,
            State.SUPERSEDED,
            State.FAILED,
        }
    ),
    State.SENDING: frozenset(
        {State.BEGUN, State.PUBLISHED, State.APPROVED, State.FAILED, State.UNCLEAR}
    ),
    State.UNCLEAR: frozenset({State.BEGUN, State.PUBLISHED, State.APPROVED, State.FAILED}),
    State.BEGUN: frozenset({State.SENDING, State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.VERIFIED}),
    State.FAILED: frozenset({State.DRAFTED, State.REJECTED, State.EXPIRED}),
    State.VERIFIED: frozenset(),
    State.REJECTED: frozenset(),
    State.EXPIRED: frozenset(),
    State.SUPERSEDED: frozenset(),
}

#: States from which nothing is sent any more and nobody is asked anything.
FINAL = frozenset(state for state, following in NEXT.items() if not following)

#: The post may be live, or is: the article must not be posted on this channel again.
LIVE = frozenset({State.SENDING, State.UNCLEAR, State.BEGUN, State.PUBLISHED, State.VERIFIED})


def move(state: State, to: State) -> State:
    """Return `to` if a post may go there from `state`.

    Raises:
        IllegalMove: the table has no such move.
    """
    if to not in NEXT[state]:
        allowed = ", ".join(sorted(NEXT[state])) or "nothing: this is an end"
        raise IllegalMove(f"a post that is {state} cannot become {to}; possible: {allowed}")
    return to


#: Fields of `Content` that came later.
_LATER = ("link_title", "link_description", "document_title", "pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Exactly what readers will see. Approval is given to its fingerprint.

    Attributes:
        text: the visible text, link and hashtags included, before any platform escaping.
        link: the address the post leads to, inside the text, a part or a link card; None
            where the post carries none.
        parts: what follows under the post, in order: replies on X, the first comment on LinkedIn.
        link_title, link_description: what a link card says (LinkedIn's article); "" for no link
            card.
        card: sha256 of the card's bytes, None for a post without a card.
        document_title: where the card is a document (a PDF): what followers see above its
            pages; "" for a picture.
        pictures: further pictures beside the card, each the sha256 of its bytes and its alt text.
    """

    text: str
    link: str | None = None
    hashtags: tuple[str, ...] = ()
    card: str | None = None
    alt_text: str = ""
    parts: tuple[str, ...] = ()
    link_title: str = ""
    link_description: str = ""
    document_title: str = ""
    pictures: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, channel: str) -> str:
        """Return a digest of everything a reader of `channel` can see; any edit changes it."""
        # Not `asdict`: it copies deeply, and every post on every page asks.
        said = {"channel": channel, **{name: getattr(self, name) for name in _FIELDS}}
        for name in _LATER:
            if not said[name]:  # approvals given before there was such a field stay good
                del said[name]
        seen = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(seen.encode()).hexdigest()

    @property
    def by_hand(self) -> str:
        """The link that an editor posts as first comment; "" where the bot brings it itself."""
        carried = (self.text, *self.parts)
        if not self.link or self.link_title or any(self.link in words for words in carried):
            return ""
        return self.link


_FIELDS = tuple(field.name for field in fields(Content))


class Level(StrEnum):
    """How serious a finding is."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something an editor should know about a post.

    Attributes:
        rule: stable id, such as "fits" or "no-accidental-links".
        message: for an editor: what is wrong and what to do.
        start, end: the span in the visible text in code points; None for the whole post.
        fix: the replacement for the span, where a safe one exists.
    """

    rule: str
    level: Level
    message: str
    start: int | None = None
    end: int | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's yes to exactly one fingerprint.

    Attributes:
        by: who: an editor's name, or "policy:<name>".
        via: from where: "cli", "web", "demo", …
    """

    fingerprint: str
    by: str
    via: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One article on one channel. (article_key, channel) is unique: that is "never twice".

    Attributes:
        channel: name of the account, equal to the platform's name where there is one account.
        due_at: not before; None while nobody has approved.
        expires_at: not after: an approved post older than this is never sent.
        fence: number of the newest attempt; a worker with an older one may not write.
        tries: attempts so far.
        checks: how often the platform was asked about an unclear post and did not have it.
        retry_at: not before this time, after a failure that may be tried again.
        reason: why the post is where it is, for an editor; "" where that is plain.
        asks: what an editor has to decide; "" where nobody is asked.
        grace_until: until then an approval can be taken back, and nothing is sent.
        snoozed_until: until then it is not shown among those that wait.
        link_policy: where its link goes; "" as the house wants it.
    """

    id: int
    article_key: str
    platform: str
    channel: str
    content: Content
    state: State
    due_at: datetime | None = None
    expires_at: datetime | None = None
    fence: int = 0
    tries: int = 0
    checks: int = 0
    retry_at: datetime | None = None
    reason: str = ""
    asks: str = ""
    grace_until: datetime | None = None
    snoozed_until: datetime | None = None
    link_policy: str = ""

    @property
    def fingerprint(self) -> str:
        """Digest of what readers of this channel will see."""
        return self.content.fingerprint(self.channel)
