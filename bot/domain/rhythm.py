"""How often a source is read: often around the edition, seldom otherwise, slower while it fails."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.schedule import instant

#: A source that fails is asked less and less often, but at least this often.
SLOWEST = timedelta(hours=1)

#: Around the edition a source that fails is still asked this often: it may be back just in time.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When sources are read.

    Attributes:
        zone: in which `edition` is meant.
        often: time between two readings from `before` the edition until `after` it.
        seldom: time between two readings at any other time.
    """

    zone: ZoneInfo
    edition: time
    often: timedelta
    seldom: timedelta
    before: timedelta
    after: timedelta

    def next(
        self, now: datetime, *, failures: int = 0, not_before: datetime | None = None
    ) -> datetime:
        """Return when a source that was just read is read again.

        Args:
            now: in UTC.
            failures: readings in a row that failed, this one included.
            not_before: what the server asked for (Retry-After); it is always kept.
        """
        begins, busy = self._window(now)
        if busy:
            at = now + min(self._slower(self.often, failures), max(self.often, PATIENCE))
        else:
            slow = max(self.seldom, SLOWEST)
            at = min(now + min(self._slower(self.seldom, failures), slow), begins)
        return max(at, not_before) if not_before else at

    def _slower(self, step: timedelta, failures: int) -> timedelta:
        factor: int = 1 << min(failures, 10)
        return step * factor

    def _window(self, now: datetime) -> tuple[datetime, bool]:
        """Return when the next busy time begins, and whether it is one already."""
        today = now.astimezone(self.zone).date()
        for step in (-1, 0, 1, 2):
            at = instant(_day(today, step), self.edition, self.zone)
            if at - self.before <= now < at + self.after:
                return now, True
            if now < at - self.before:
                return at - self.before, False
        return now + self.seldom, False  # pragma: no cover -- two days ahead there is always one


def _day(today: date, step: int) -> date:
    return today + timedelta(days=step)
