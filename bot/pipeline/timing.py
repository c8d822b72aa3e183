"""The time of a new post, and whether a due one may go out now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from bot.domain.article import Article
from bot.domain.ports import Clock
from bot.domain.post import Post
from bot.domain.schedule import (
    Quota,
    Ruling,
    Timetable,
    closed,
    instant,
    next_open,
    planned,
    ruling,
)


class Calendar(Protocol):
    """What is planned and what went out."""

    def taken(self, channel: str, *, since: datetime) -> Sequence[datetime]:
        """Return the times, from `since` on, of the channel's posts that go or may go out."""
        ...

    def last_sent(self, channel: str) -> datetime | None:
        """Return when the channel's last post went out."""
        ...

    def sent(self, channel: str, *, since: datetime) -> int:
        """Return how many of the channel's posts went or may have gone out since then."""
        ...

    def approved_at(self, post_id: int) -> datetime | None:
        """Return when the post was last approved."""
        ...


@dataclass(frozen=True)
class Timing:
    """The timetables, and what they need to know.

    Attributes:
        tables: by channel; one that is missing posts at any time.
    """

    tables: Mapping[str, Timetable]
    calendar: Calendar
    clock: Clock

    def due(self, article: Article, channel: str) -> datetime:
        """Return when a new post about this article is due.

        Raises:
            ConfigError: the channel's timetable leaves no time.
        """
        now = self.clock.now()
        published = article.published_at
        not_before = max(now, published) if published else now
        table = self.tables.get(channel)
        if table is None:
            return not_before
        day = (published or now).astimezone(table.zone).date()
        since = now - timedelta(days=1)
        taken = self.calendar.taken(channel, since=since) if table.spacing or table.slots else ()
        return planned(day, table, not_before=not_before, taken=taken)

    def opens(self, channel: str, moment: datetime) -> datetime:
        """Return the first time at or after `moment` at which the channel's timetable lets it post.

        Raises:
            ConfigError: it leaves no time.
        """
        table = self.tables.get(channel)
        return next_open(moment, table) if table and closed(moment, table) else moment

    def quota(self, channel: str) -> Quota | None:
        """Return how many posts the channel may send on this day, None for any number."""
        table = self.tables.get(channel)
        if table is None or not table.daily:
            return None
        return Quota(table.daily, since=_day(self.clock.now(), table))

    def ruling(self, post: Post) -> Ruling:
        """Say whether a due post may be sent now."""
        table = self.tables.get(post.channel)
        if table is None:
            return Ruling.SEND
        now = self.clock.now()
        quota = self.quota(post.channel)
        if quota and self.calendar.sent(post.channel, since=quota.since) >= quota.most:
            return Ruling.WAIT
        ready = max(
            moment
            for moment in (post.due_at or now, self.calendar.approved_at(post.id))
            if moment is not None
        )
        return ruling(now, table, ready=ready, last=self.calendar.last_sent(post.channel))


def _day(now: datetime, table: Timetable) -> datetime:
    """Return when the day of `now` began where the timetable is meant."""
    return instant(now.astimezone(table.zone).date(), time.min, table.zone)
