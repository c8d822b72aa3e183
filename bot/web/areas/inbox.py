"""What waits, what is planned, what went out: the lists of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.app import App
from bot.approving import house_steps
from bot.deciding.outlook import Outlook, Outlooks
from bot.deciding.rounds import was_unanswered
from bot.domain.correction import Correction
from bot.domain.people import Role
from bot.domain.post import Post, State
from bot.domain.steps import lowest
from bot.domain.tail import apart
from bot.store.inbox import LISTS, OVER, Entry, Filter
from bot.web.areas.decide import REASONS
from bot.web.desk import AtDesk, SignedIn
from bot.web.schedule import next_run
from bot.web.words import platform

router = APIRouter()

TITLES = {
    "waiting": "Waiting",
    "needs": "Needs you",  # second, so that a phone shows its number
    "scheduled": "Scheduled",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What happens next to the posts of a row.

    Attributes:
        lines: the networks, "" for all of them, and what happens there.
        at: the time that matters first: when a post goes out, or could; once that has come, when
            the clock decides. None for none.
    """

    lines: Sequence[tuple[str, str]]
    at: datetime | None


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
    kept, page = desk.kept, max(1, min(page, 10_000))
    now = desk.app.clock.now()
    outlooks = Outlooks(desk.app, now, platform)
    around = kept.get(("inbox", kept.bucket), lambda: _around(desk.app, now))
    entries = kept.get(
        ("entries", kept.bucket, name, wanted, page),
        lambda: desk.app.store.inbox.entries(
            name, wanted, now=now, limit=PAGE + 1, skip=(page - 1) * PAGE
        ),
    )
    return desk.page(
        request,
        "inbox.html",
        list=name,
        lists=TITLES,
        counts=around.counts,
        asked=around.corrections + around.held,
        corrections=_open(desk.app) if name == "needs" and around.corrections else [],
        more_corrections=max(0, around.corrections - PAGE),
        held=around.held,
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
        late=any(was_unanswered(entry.post) for entry in entries),
        sections=around.sections,
        next_run=next_run(desk.app.settings, desk.app.house.zone, now),
        said=lambda row: said(row, outlooks),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around every list: how much is in each, and the sections to choose from."""

    counts: dict[str, int]
    corrections: int
    held: int
    sections: Sequence[str]


def _around(app: App, now: datetime) -> Around:
    return Around(
        counts=app.store.inbox.counts(now=now),
        corrections=app.store.corrections.count(),
        held=app.store.sightings.waiting(),
        sections=app.store.inbox.sections(),
    )


def _open(app: App) -> Sequence[Correction]:
    return app.store.corrections.open()[:PAGE]


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


def said(row: Row, outlooks: Outlooks) -> Said:
    """Return what happens next to the posts of a row."""
    found = [(entry.post, outlooks.of(entry)) for entry in row.entries]
    texts = list(dict.fromkeys(one.text for _, one in found if one.text))
    lines = [
        (" and ".join(platform(p.channel) for p, one in found if one.text == text), text)
        for text in texts
    ]
    if len(lines) == 1:
        lines = [("", texts[0])]
    moments = [at for post, one in found if (at := _matters(post, one, outlooks.now))]
    return Said(lines=lines, at=min(moments, default=None))


def _matters(post: Post, outlook: Outlook, now: datetime) -> datetime | None:
    coming = outlook.prospect
    could_go = post.due_at is not None and post.due_at > now
    if could_go and coming and coming.to is not State.APPROVED:
        return post.due_at
    return outlook.at
