"""What waits, what is planned, what went out: the lists of the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.app import App
from bot.approving import house_steps
from bot.domain.people import Role
from bot.domain.post import Post, State
from bot.domain.steps import lowest
from bot.domain.tail import apart
from bot.store.inbox import LISTS, OVER, Entry, Filter
from bot.web.areas.decide import REASONS
from bot.web.desk import AtDesk, SignedIn
from bot.web.schedule import next_run

router = APIRouter()

TITLES = {
    "waiting": "Waiting",
    "scheduled": "Scheduled",
    "needs": "Needs you",
    "held": "On hold",
    "published": "Published",
    "rejected": "Rejected",
    "expired": "Expired",
}
#: Posts on one page of a list.
PAGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article of a list, with those of its posts that are in the list.

    Attributes:
        clean: nothing was found against any of the posts.
    """

    key: str
    title: str
    section: str
    entries: Sequence[Entry]

    @property
    def text(self) -> str:
        """What the first post says, without its link and hashtags."""
        content = self.first.content
        return apart(content.text, content.link).body

    @property
    def first(self) -> Post:
        """The most urgent post."""
        return self.entries[0].post

    @property
    def blocked(self) -> bool:
        """Whether something stops one of the posts."""
        return any(entry.blocks for entry in self.entries)

    @property
    def warnings(self) -> int:
        """How many findings there are."""
        return sum(entry.warnings for entry in self.entries)


@router.get("/")
def inbox(  # noqa: PLR0913, PLR0917 -- one filter each
    request: Request,
    desk: AtDesk,
    user: SignedIn,
    list: str = "waiting",  # noqa: A002 -- its name in the address
    channel: str = "",
    section: str = "",
    q: str = "",
    day: str = "",
    page: int = 1,
) -> Response:
    """Show one list, most urgent first."""
    name = list if list in LISTS else "waiting"
    since, before = _within(day, desk.app.house.zone)
    wanted = Filter(channel=channel, section=section, words=q, since=since, before=before)
    store, page = desk.app.store.inbox, max(1, min(page, 10_000))
    now = desk.app.clock.now()
    asked = desk.app.store.corrections
    corrections, held = asked.count(), desk.app.store.sightings.waiting()
    entries = store.entries(name, wanted, now=now, limit=PAGE + 1, skip=(page - 1) * PAGE)
    return desk.page(
        request,
        "inbox.html",
        list=name,
        lists=TITLES,
        counts=store.counts(now=now),
        asked=corrections + held,
        corrections=asked.open()[:PAGE] if name == "needs" and corrections else [],
        held=held,
        rows=rows(entries[:PAGE]),
        wanted=wanted,
        day=day if since else "",
        reasons=REASONS,
        may_approve=user.may(lowest(house_steps(desk.app))),
        further={"q": q, "channel": channel, "section": section, "day": day},
        ticks=name in ("waiting", "held", "scheduled", "needs") and user.may(Role.EDITOR),
        page=page,
        more=len(entries) > PAGE,
        over=name in OVER,
        sections=store.sections(),
        next_run=next_run(desk.app.settings, desk.app.house.zone, now),
        outlook=lambda post: outlook(post, desk.app, now),
    )


def _within(day: str, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return where a day begins and ends; None where no day is meant."""
    try:
        start = datetime.combine(date.fromisoformat(day), time(), zone)
        return start, start + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, None


def rows(entries: Sequence[Entry]) -> list[Row]:
    """Return the entries by article, in their order."""
    return [
        Row(key=key, title=same[0].title, section=same[0].section, entries=same)
        for key, group in groupby(entries, key=lambda entry: entry.post.article_key)
        if (same := [*group])
    ]


def outlook(post: Post, app: App, now: datetime) -> str:
    """Return what happens next, and what happens if nobody does anything."""
    zone = app.house.zone

    def clock(moment: datetime) -> str:
        local = moment.astimezone(zone)
        near = abs(moment - now) < timedelta(hours=20)
        return f"{local:%H:%M}" if near else f"{local:%a %d %b %H:%M}"

    if post.asks or post.state in (State.FAILED, State.UNCLEAR):
        return post.asks or post.reason
    if post.state is State.DRAFTED and post.expires_at:
        if post.snoozed_until and post.snoozed_until > now:
            return f"Put off; shown again at {clock(post.snoozed_until)}."
        return f"Nobody answers: it is not sent, and expires at {clock(post.expires_at)}."
    if post.state is State.ON_HOLD and post.expires_at:
        return f"Held: {post.reason} Expires at {clock(post.expires_at)}."
    if post.state is State.APPROVED and post.due_at:
        return _coming(post, post.due_at, now, clock)
    return post.reason


def _coming(post: Post, due_at: datetime, now: datetime, clock: Callable[[datetime], str]) -> str:
    if post.grace_until and post.grace_until > now:
        return "Approved; can still be undone."
    return f"Goes out at {clock(due_at)}." if due_at > now else "Goes out now."
