"""When a channel posts: editions, weekdays, holidays, quiet hours, slots, spacing, late posts.

Pure: local times in, instants in UTC out. A local time that does not exist on a day (the clocks
go forward) means the first instant after the gap; one that comes twice (they go back) the first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.errors import ConfigError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: How far ahead a free time is looked for.
_DAYS = 400


class Late(StrEnum):
    """What becomes of a post whose time passed while nothing could be sent."""

    SEND = "send"  # at once, when that is allowed
    NEXT = "next"  # with the next edition or slot
    SKIP = "skip"  # never; it expires visibly


class Ruling(StrEnum):
    """What the timetable says about sending a due post now."""

    SEND = "send"
    WAIT = "wait"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When one channel posts.

    Attributes:
        zone: in which all local times below are meant.
        edition: time of the daily edition.
        waits: posts about a day's article wait for that day's edition.
        weekdays: on which posts go out, Monday is 0.
        holidays: days on which none do.
        quiet: from and until when none do; may run over midnight.
        slots: the only times of day new posts are given, one post each; empty: any time.
        spacing: least time between two posts of the channel.
        daily: most posts sent on one day; 0 for no limit.
        late: what becomes of a post that is later than `late_after`.
    """

    zone: ZoneInfo
    edition: time
    waits: bool = False
    weekdays: frozenset[int] = frozenset(range(7))
    holidays: frozenset[date] = frozenset()
    quiet: tuple[time, time] | None = None
    slots: tuple[time, ...] = ()
    spacing: timedelta = timedelta(0)
    daily: int = 0
    late: Late = Late.SEND
    late_after: timedelta = timedelta(hours=1)

    def times(self) -> tuple[time, ...]:
        """Return the times of day at which posts are expected."""
        return self.slots or (self.edition,)


@dataclass(frozen=True, slots=True)
class Quota:
    """The most posts that a channel may send from a moment on."""

    most: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a timetable.

    Attributes:
        at: when posts are expected, in UTC.
        closed: why none go out; "" on a posting day.
    """

    date: date
    at: tuple[datetime, ...]
    closed: str = ""


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which it is `at` on `day` in `zone`."""
    first = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at):
        return first
    # In the gap: fold 0 counts from before the change, fold 1 from after; the change is between.
    before = datetime.combine(day, at.replace(fold=1), tzinfo=zone).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    after = first
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def latest(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the last instant, not after `now`, at which it was `at` in `zone`."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=1), today, today - timedelta(days=1), today - timedelta(days=2))
    return next(moment for day in days if (moment := instant(day, at, zone)) <= now)


def closed(moment: datetime, table: Timetable) -> str:
    """Return why nothing may be posted at `moment`, "" where it may."""
    local = moment.astimezone(table.zone)
    if reason := _closed_day(local.date(), table):
        return reason
    if table.quiet is None:
        return ""
    start, end = table.quiet
    at = local.time()
    quiet = start <= at < end if start <= end else at >= start or at < end
    return f"quiet hours {start:%H:%M} to {end:%H:%M}" if quiet else ""


def next_open(moment: datetime, table: Timetable) -> datetime:
    """Return the first time at or after `moment` that a post may be given.

    Raises:
        ConfigError: the timetable leaves none in more than a year.
    """
    if not table.slots and not closed(moment, table):
        return moment
    for candidate in _candidates(moment, table):
        if candidate >= moment and not closed(candidate, table):
            return candidate
    raise ConfigError(
        "The timetable leaves no time to post: look at its weekdays, holidays, quiet hours and "
        "slots. `bot schedule` shows it."
    )


def planned(
    article_day: date,
    table: Timetable,
    *,
    not_before: datetime,
    taken: Iterable[datetime] = (),
) -> datetime:
    """Return the time of a new post.

    Args:
        article_day: the day the article belongs to.
        table: of the channel.
        not_before: now, or the article's embargo if that is later.
        taken: the times other posts of the channel have.

    Raises:
        ConfigError: the timetable leaves no time.
    """
    earliest = not_before
    if table.waits:
        earliest = max(earliest, instant(article_day, table.edition, table.zone))
    others = sorted(taken)
    step = max(table.spacing, timedelta(seconds=1))
    while True:
        at = next_open(earliest, table)
        clash = next((other for other in others if _clash(at, other, table)), None)
        if clash is None:
            return at
        earliest = clash + step


def ruling(
    now: datetime, table: Timetable, *, ready: datetime, last: datetime | None = None
) -> Ruling:
    """Say whether a due post may be sent now.

    Args:
        now: the time of day.
        table: of the channel.
        ready: when the post was due and approved, the later of the two.
        last: when the channel's last post went out. One in the future (the clock was set back
            since) holds nothing up.
    """
    if closed(now, table):
        return Ruling.WAIT
    if last is not None and timedelta(0) <= now - last < table.spacing:
        return Ruling.WAIT
    if table.late is Late.SEND or now - ready <= table.late_after:
        return Ruling.SEND
    if table.late is Late.SKIP:
        return Ruling.MISSED
    since = max(latest(at, table.zone, now) for at in table.times())
    return Ruling.SEND if now - since <= table.late_after else Ruling.WAIT


def days(table: Timetable, now: datetime, count: int = 7) -> Iterator[Day]:
    """Yield the next days, today first, with the times at which posts are expected."""
    today = now.astimezone(table.zone).date()
    for ahead in range(count):
        day = today + timedelta(days=ahead)
        at = tuple(sorted(instant(day, each, table.zone) for each in table.times()))
        reason = _closed_day(day, table)
        open_at = () if reason else tuple(each for each in at if not closed(each, table))
        if not reason and not open_at:
            reason = closed(at[0], table)
        yield Day(date=day, at=open_at, closed=reason)


def read_holidays(text: str, name: str) -> frozenset[date]:
    """Return the days of a holidays file: one YYYY-MM-DD a line, then anything; # comments.

    Raises:
        ConfigError: a line does not begin with a day; the message names it.
    """
    found = set()
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", words[0]):
                raise ValueError(words[0])  # noqa: TRY301 -- the ISO parser takes more than we do
            found.add(date.fromisoformat(words[0]))
        except ValueError as exc:
            raise ConfigError(
                f"{name}, line {number}: {words[0][:40]!r} is not a day. Write YYYY-MM-DD first."
            ) from exc
    return frozenset(found)


def _closed_day(day: date, table: Timetable) -> str:
    if day in table.holidays:
        return "holiday"
    if day.weekday() not in table.weekdays:
        return "no posting day"
    return ""


def _clash(at: datetime, other: datetime, table: Timetable) -> bool:
    return abs(at - other) < table.spacing or (bool(table.slots) and at == other)


def _candidates(moment: datetime, table: Timetable) -> Iterator[datetime]:
    # Between two of these nothing changes from closed to open.
    edges = table.slots or (time(0), *((table.quiet[1],) if table.quiet else ()))
    first = moment.astimezone(table.zone).date() - timedelta(days=1)
    for ahead in range(_DAYS):
        day = first + timedelta(days=ahead)
        yield from sorted(instant(day, at, table.zone) for at in edges)
