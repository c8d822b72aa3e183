"""The house: who is asking, channels and pauses, the calendar, and the record of a day."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from bot import __version__, pausing
from bot.domain.access import Scope
from bot.domain.errors import UsageError
from bot.domain.people import Role
from bot.store.due import EVERYTHING
from bot.web.api.access import Approving, Caller, Reading
from bot.web.api.models import PostOut, Taken, example, posts_out
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, as_missing
from bot.web.areas.calendar import days_of
from bot.web.areas.record import bars_of, bounds, receipt, today

router = APIRouter(route_class=OnceRoute, tags=["house"], responses=ALWAYS)


class Me(BaseModel):
    """Who is asking, and the bot they ask."""

    user: str
    role: Role
    token: str
    scopes: list[Scope]
    expires_at: datetime
    now: datetime
    zone: str
    version: str


class Channel(BaseModel):
    """An account posts go to."""

    name: str = Field(description='"*" stands for all of them.')
    paused: str = Field(description='Why nothing is sent; "" where it is.')


class Channels(BaseModel):
    """Every channel."""

    items: list[Channel]


class Pause(Taken):
    """Why nothing shall be sent."""

    reason: str = Field(min_length=1, max_length=pausing.LONGEST)

    model_config = example({"reason": "The account is being mended"})


class ReceiptOut(BaseModel):
    """Proof that a post is live."""

    post_id: int
    article_id: str
    title: str
    platform: str
    channel: str
    state: str
    published_at: datetime
    permalinks: list[str]
    remote_id: str
    content_hash: str
    card_sha256: str | None
    text: str
    approved_by: str | None
    approved_via: str | None
    approved_at: datetime | None
    tries: int
    found_by_looking: bool
    verification: str
    article_gone: datetime | None = Field(description="Since when its article is not on the site.")
    taken_down_at: datetime | None
    taken_down_by: str | None
    estimated_cost_usd: str


class Day(BaseModel):
    """What went out on one day of the newsroom."""

    day: date
    zone: str
    receipts: list[ReceiptOut]
    next: int | None = Field(description="Goes into `after` of the next request.")


class DayCount(BaseModel):
    """How many posts went out on one day."""

    day: date
    channels: dict[str, int]


class Counts(BaseModel):
    """How many posts went out, by day and channel, oldest first."""

    items: list[DayCount]


class CalendarDay(BaseModel):
    """What goes and went out on one day of the newsroom, in order of time."""

    day: date
    posts: list[PostOut]


class CalendarOut(BaseModel):
    """Some days."""

    zone: str
    days: list[CalendarDay]


ChannelName = Annotated[str, Path(max_length=64)]


@router.get("/me")
def me(caller: Reading) -> Me:
    """Say who is asking, and what they may do."""
    app, token = caller.app, caller.token
    return Me(
        user=token.user.name,
        role=token.user.role,
        token=token.name,
        scopes=[scope for scope in Scope if scope in token.scopes],
        expires_at=token.expires_at,
        now=app.clock.now(),
        zone=app.house.zone.key,
        version=__version__,
    )


@router.get("/channels")
def channels(caller: Reading) -> Channels:
    """List the channels, and which are paused."""
    paused = caller.app.store.pauses.all()
    names = (EVERYTHING, *caller.app.settings.channels)
    return Channels(items=[Channel(name=n, paused=paused.get(n, "")) for n in names])


@router.put("/channels/{name}/pause", responses=ONE | CHANGES)
def pause(caller: Approving, name: ChannelName, wanted: Pause) -> Channel:
    """Send nothing on a channel until somebody resumes it."""
    _known(caller, name)
    reason = pausing.pause(caller.app, name, wanted.reason, by=caller.user.name)
    return Channel(name=name, paused=reason)


@router.delete("/channels/{name}/pause", responses=ONE | CHANGES)
def resume(caller: Approving, name: ChannelName) -> Channel:
    """Send on a channel again."""
    _known(caller, name)
    pausing.resume(caller.app, name, by=caller.user.name)
    return Channel(name=name, paused="")


@router.get("/record")
def record(
    caller: Reading,
    day: date | None = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Day:
    """Return the receipts of one day of the newsroom; of today where none is named."""
    app, chosen = caller.app, _day(caller, day)
    found = app.store.record.between(*bounds(app, chosen), after=after, limit=limit + 1)
    return Day(
        day=chosen,
        zone=app.house.zone.key,
        receipts=[ReceiptOut.model_validate(receipt(app, one)) for one in found[:limit]],
        next=found[limit - 1].post.id if len(found) > limit else None,
    )


@router.get("/record/days")
def counts(caller: Reading, day: date | None = None) -> Counts:
    """Count what went out on each of the fourteen days up to one of them."""
    bars = bars_of(caller.app, _day(caller, day))
    return Counts(items=[DayCount(day=bar.day, channels=bar.counts) for bar in bars])


@router.get("/calendar")
def calendar(
    caller: Reading,
    first: date | None = None,
    days: Annotated[int, Query(ge=1, le=31)] = 7,
) -> CalendarOut:
    """Return what goes and went out on some days of the newsroom; from today where none is named."""
    app, chosen = caller.app, _day(caller, first)
    found = [
        CalendarDay(
            day=one.day,
            posts=posts_out(app, [e.post for row in one.rows for e in row.entries]),
        )
        for one in days_of(app, chosen, days)
    ]
    return CalendarOut(zone=app.house.zone.key, days=found)


def _day(caller: Caller, day: date | None) -> date:
    chosen = day or today(caller.app)
    if not 2000 <= chosen.year <= 2100:
        raise UsageError(f"There is no record of {chosen}.")
    return chosen


def _known(caller: Caller, name: str) -> None:
    with as_missing():
        pausing.known(caller.app, name)
