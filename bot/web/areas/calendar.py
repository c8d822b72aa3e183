"""A week, or a day, of what goes and went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.app import App
from bot.deciding.outlook import Outlooks
from bot.domain.errors import UsageError
from bot.web.areas.inbox import Row, rows, said
from bot.web.desk import AtDesk, SignedIn
from bot.web.words import platform

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day, in the newsroom's zone."""

    day: date
    rows: Sequence[Row]

    @property
    def posts(self) -> int:
        """How many posts there are."""
        return sum(len(row.entries) for row in self.rows)


@router.get("/calendar")
def calendar(
    request: Request, desk: AtDesk, user: SignedIn, week: str = "", day: str = ""
) -> Response:
    """Show seven days, or one of them."""
    del user
    app, now = desk.app, desk.app.clock.now()
    today = now.astimezone(app.house.zone).date()
    first, count = (_date(day), 1) if day else (_monday(_date(week) if week else today), 7)
    days = desk.kept.get(("days", first, count), lambda: days_of(app, first, count))
    outlooks = Outlooks(app, now, platform)
    step = timedelta(days=count)
    return desk.page(
        request,
        "calendar.html",
        days=days,
        today=today,
        one=bool(day),
        earlier=first - step,
        later=first + step,
        monday=_monday(first),
        said=lambda row: said(row, outlooks),
    )


def days_of(app: App, first: date, count: int) -> list[Day]:
    """Return some days of the newsroom, with what goes and went out."""
    zone = app.house.zone
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(first + timedelta(days=count), time(), zone)
    entries = [e for e in app.store.inbox.between(start, end) if e.post.due_at]
    by_day = groupby(entries, key=lambda e: e.post.due_at and e.post.due_at.astimezone(zone).date())
    found = {day: rows([*group]) for day, group in by_day}
    days = [first + timedelta(days=n) for n in range(count)]
    return [Day(day=day, rows=found.get(day, [])) for day in days]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _date(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError as exc:
        raise UsageError(f"{written[:40]!r} is no day such as 2026-11-23.") from exc
    if not 2000 <= day.year <= 2100:
        raise UsageError(f"{written[:40]!r} is not a day the desk can show.")
    return day
