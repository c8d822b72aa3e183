"""What happens next to a post, and what if nobody does anything, in words and as a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.app import App
from bot.deciding.prospects import Prospects
from bot.domain.policy import Policy, Prospect, Unanswered
from bot.domain.post import Post, State
from bot.store.due import EVERYTHING
from bot.store.inbox import Entry

_HOW: dict[str, str] = {
    Policy.VETO: " unless you stop it",
    Unanswered.POST_IF_CLEAN: " if nobody answers",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What happens next.

    Attributes:
        text: in a sentence or two, for an editor.
        at: when, for a countdown; None where nothing happens by itself.
        prospect: for a post that waits: what the clock does, and by which policy.
    """

    text: str
    at: datetime | None = None
    prospect: Prospect | None = None


class Outlooks:
    """Says what happens to posts; one for each page, since it remembers what it has read."""

    def __init__(self, app: App, now: datetime, name: Callable[[str], str] = str) -> None:
        """Look at posts as of `now`; `name` writes a channel's name for people."""
        self.app = app
        self.now = now
        self.name = name
        self.prospects = Prospects(app)

    @cached_property
    def paused(self) -> Mapping[str, str]:
        """The channels on which nothing is sent just now."""
        return self.app.store.pauses.all()

    def of(self, entry: Entry) -> Outlook:
        """Return what happens to a post of a list."""
        found = self.prospects.of(entry)
        return self._waiting(entry.post, found) if found else self._other(entry.post)

    def of_post(self, post: Post) -> Outlook:
        """Return what happens to a post that comes from no list."""
        return self.of_posts([post])[post.id]

    def of_posts(self, posts: Sequence[Post]) -> dict[int, Outlook]:
        """Return what happens to posts that come from no list, by id, in one read for all."""
        entries = self.app.store.inbox.of([post.id for post in posts])
        return {post.id: self.of(entries[post.id]) for post in posts}

    def clock(self, moment: datetime) -> str:
        """Return a time as the newsroom reads it, with its day where that is not plain."""
        local = moment.astimezone(self.app.house.zone)
        near = abs(moment - self.now) < timedelta(hours=20)
        return f"{local:%H:%M}" if near else f"{local:%a %d %b %H:%M}"

    def _waiting(self, post: Post, found: Prospect) -> Outlook:
        text = self._by_itself(post, found)
        if found.why:
            text = f"No policy lets it go: {found.why}. {text}"
        if post.reason:
            text = f"{post.reason} {text}"
        if post.snoozed_until and post.snoozed_until > self.now:
            text = f"Put off; shown again at {self.clock(post.snoozed_until)}. {text}"
        at = self.prospects.goes_out(post, found.at) if found.to is State.APPROVED else found.at
        return Outlook(text=text, at=at, prospect=found)

    def _by_itself(self, post: Post, found: Prospect) -> str:
        at = self.clock(found.at)
        match found.to:
            case State.ON_HOLD:
                return f"Held at {at} if nobody answers."
            case State.EXPIRED:
                return f"Expires at {at} if nobody answers; it is not sent."
            case _:
                return self._goes(post, found)

    def _goes(self, post: Post, found: Prospect) -> str:
        at = self.clock(self.prospects.goes_out(post, max(found.at, self.now)))
        how = _HOW.get(found.by, " by itself")
        stopped = self._stopped(post)
        return f"Goes out at {at}{how}" + (f", {stopped}." if stopped else ".")

    def _other(self, post: Post) -> Outlook:
        if post.asks or post.state in (State.FAILED, State.UNCLEAR):
            return Outlook(text=post.asks or post.reason)
        if post.state is State.ON_HOLD and post.expires_at:
            text = f"Held: {post.reason} Expires at {self.clock(post.expires_at)}."
            return Outlook(text=text, at=post.expires_at)
        if post.state is State.APPROVED and post.due_at:
            return self._coming(post, post.due_at)
        return Outlook(text=post.reason)

    def _coming(self, post: Post, due_at: datetime) -> Outlook:
        at = self.prospects.goes_out(post, max(due_at, self.now))
        if post.grace_until and post.grace_until > self.now:
            return Outlook(text="Approved; can still be undone.", at=at)
        if stopped := self._stopped(post):
            return Outlook(text=f"Approved; goes out {stopped}.", at=at)
        if post.retry_at and post.retry_at > self.now:
            at = max(at, post.retry_at)
            return Outlook(text=f"{post.reason} Tried again at {self.clock(at)}.".strip(), at=at)
        text = f"Goes out at {self.clock(at)}." if at > self.now else "Goes out now."
        return Outlook(text=text, at=at)

    def _stopped(self, post: Post) -> str:
        """Return what a post waits for where nothing is sent just now; "" where it waits for nothing."""
        if EVERYTHING in self.paused:
            return "once not everything is paused any more"
        name = self.name(post.channel)
        return f"once {name} is not paused any more" if post.channel in self.paused else ""
