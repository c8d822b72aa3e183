"""What happens to each waiting post by itself, as the clock will do it and people are told."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.app import App
from bot.domain.policy import Policy, Prospect, Terms, prospect, streak
from bot.domain.post import Post
from bot.store.inbox import Entry


@dataclass(frozen=True)
class Prospects:
    """Looks at waiting posts; one for each round or page, since it remembers what it has read."""

    app: App
    _trust: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, entry: Entry) -> Prospect | None:
        """Return what happens to a post if nobody does anything; None where it does not wait."""
        terms = self.terms(entry)
        return prospect(entry, terms, self._earned(entry, terms))

    def terms(self, entry: Entry) -> Terms:
        """Return what the house has decided for such posts."""
        return self.app.settings.approval.terms(entry.post.channel, entry.section)

    def goes_out(self, post: Post, at: datetime) -> datetime:
        """Return when a post goes out that is approved at this time."""
        return self.app.timing.opens(post.channel, max(at, post.due_at or at))

    def _earned(self, entry: Entry, terms: Terms) -> int:
        if terms.policy is not Policy.EARNED:
            return 0
        key = (entry.post.channel, entry.section.casefold())
        if key not in self._trust:
            self._trust[key] = streak(self.app.store.trust.deeds(*key))
        return self._trust[key]
