"""The publishing record: what went out, where it is, and the proof; as a page and as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from bot import numbers
from bot.app import App
from bot.domain.errors import BotError, DeliveryError, UsageError
from bot.domain.post import Post
from bot.store.record import Published
from bot.web.desk import Approving, AtDesk, SignedIn, go
from bot.web.story import told

router = APIRouter()

#: Days in the chart.
DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of the chart."""

    day: date
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Posts of that day."""
        return sum(self.counts.values())


@router.get("/record")
def record(request: Request, desk: AtDesk, user: SignedIn, day: str = "") -> Response:
    """Show what went out on one day."""
    del user
    app = desk.app
    chosen = day_of(app, day)
    bars, found = desk.kept.get(
        ("record", chosen), lambda: (bars_of(app, chosen), published(app, chosen))
    )
    return desk.page(
        request,
        "record.html",
        day=chosen,
        earlier=chosen - timedelta(days=1),
        later=chosen + timedelta(days=1) if chosen < today(app) else None,
        rows=found,
        by_policy=app.store.record.by_policy(*bounds(app, chosen)),
        taken_down=app.store.takedowns.between(*bounds(app, chosen)),
        bars=bars,
        most=max([bar.total for bar in bars] + [1]),
        spent=sum((app.price(one.post) for one in found), Decimal(0)),
    )


@router.get("/record.json")
def receipts(desk: AtDesk, user: SignedIn, day: str = "") -> JSONResponse:
    """Return the receipts of one day, for keeping."""
    del user
    chosen = day_of(desk.app, day)
    name = f"receipts-{chosen.isoformat()}.json"
    return JSONResponse(
        receipts_of(desk.app, chosen),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/record/{post_id}")
def history(request: Request, desk: AtDesk, user: SignedIn, post_id: int) -> Response:
    """Show everything that happened to one post, in plain words."""
    del user
    if not 0 < post_id < 2**31:
        raise UsageError("There is no such post.")
    post = desk.app.store.desk.post(post_id)
    article = desk.app.store.archive.find(post.article_key)
    return desk.page(
        request,
        "history.html",
        post=post,
        title=article.title if article else post.article_key,
        proof=desk.app.store.record.of(post.id),
        lines=told(desk.app, post),
        price=desk.app.price(post),
        readings=numbers.known(desk.app, post),
        counting=counting(desk.app, post),
    )


@router.post("/record/{post_id}/numbers")
def count(desk: AtDesk, user: Approving, post_id: int) -> Response:
    """Read how a post does, at the cost that was shown."""
    if not 0 < post_id < 2**31:
        raise UsageError("There is no such post.")
    post = desk.app.store.desk.post(post_id)
    where = f"/record/{post_id}"
    try:
        numbers.read(desk.app, post, by=user.name)
    except DeliveryError as exc:
        return go(where, flash=str(exc), kind="trouble")
    return go(where, flash="The numbers are read.")


def counting(app: App, post: Post) -> tuple[bool, Decimal]:
    """Return whether a post's numbers can be asked for, and what that costs."""
    if not app.store.lookout.receipts(post):
        return False, Decimal(0)
    try:
        cost = numbers.cost_of(app, post)
    except BotError:
        return False, Decimal(0)
    return True, cost.total if cost else Decimal(0)


def today(app: App) -> date:
    """Return the newsroom's day."""
    return app.clock.now().astimezone(app.house.zone).date()


def day_of(app: App, value: str) -> date:
    """Return the day somebody asked for; "" is today. Raises UsageError."""
    if not value:
        return today(app)
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise UsageError(f"{value[:40]!r} is not a day; write it as 2026-11-23.")
    return found


def bounds(app: App, day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day of the newsroom, and of the day after."""
    start = datetime.combine(day, time(), app.house.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), app.house.zone)


def published(app: App, day: date) -> Sequence[Published]:
    """Return what went out on a day of the newsroom."""
    return app.store.record.between(*bounds(app, day))


def receipts_of(app: App, day: date) -> dict[str, Any]:
    """Return the receipts of a day as plain JSON values."""
    return {
        "day": day.isoformat(),
        "zone": app.house.zone.key,
        "receipts": [receipt(app, one) for one in published(app, day)],
        "by_policy": [
            {**asdict(one), "at": one.at.isoformat()}
            for one in app.store.record.by_policy(*bounds(app, day))
        ],
        "taken_down": [
            {**asdict(one), "at": one.at.isoformat(), "text": one.text}
            for one in app.store.takedowns.between(*bounds(app, day))
        ],
    }


def receipt(app: App, one: Published) -> dict[str, Any]:
    """Return one receipt as plain JSON values."""
    return {
        "post_id": one.post.id,
        "article_id": one.post.article_key,
        "title": one.title,
        "platform": one.post.platform,
        "channel": one.post.channel,
        "state": str(one.post.state),
        "published_at": one.at.isoformat(),
        "permalinks": list(one.permalinks),
        "remote_id": one.remote_id,
        "content_hash": one.post.fingerprint,
        "card_sha256": one.post.content.card,
        "text": one.post.content.text,
        "approved_by": one.approved_by or None,
        "approved_via": one.approved_via or None,
        "approved_at": one.approved_at and one.approved_at.isoformat(),
        "tries": one.tries,
        "found_by_looking": one.found,
        "verification": one.verification,
        "article_gone": one.article_gone and one.article_gone.isoformat(),
        "taken_down_at": one.taken_down_at and one.taken_down_at.isoformat(),
        "taken_down_by": one.taken_down_by or None,
        "estimated_cost_usd": str(app.price(one.post)),
    }


def bars_of(app: App, last: date) -> list[Bar]:
    """Return what went out on each of the days up to `last`."""
    first = last - timedelta(days=DAYS - 1)
    start, end = bounds(app, first)[0], bounds(app, last)[1]
    seen: dict[date, Counter[str]] = {}
    for channel, at in app.store.record.times(start, end):
        seen.setdefault(at.astimezone(app.house.zone).date(), Counter())[channel] += 1
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return [Bar(day=day, counts=dict(seen.get(day, {}))) for day in days]
