"""Posts: list them, read one and all that happened to it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot import numbers
from bot.domain.errors import UsageError
from bot.domain.post import Post, State
from bot.store.inbox import LISTS, Filter
from bot.web.api.access import Approving, Caller, Reading
from bot.web.api.models import PostOut, PostPage, post_out, posts_out
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, PLATFORM, NotThere
from bot.web.areas.record import counting
from bot.web.schedule import next_run
from bot.web.story import told

router = APIRouter(route_class=OnceRoute, tags=["posts"], responses=ALWAYS)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="`id` of the post.", examples=[1])]


class LineOut(BaseModel):
    """One thing that happened to a post, in plain words."""

    at: datetime
    kind: str
    who: str
    text: str
    detail: str


class HistoryOut(BaseModel):
    """Everything that happened to a post, oldest first."""

    items: list[LineOut]


class Lists(BaseModel):
    """How much there is in each list of the desk, and when the next edition is read."""

    counts: dict[str, int] = Field(description="Posts in each list.")
    corrections: int = Field(description="Corrections that nobody has answered.")
    held: int = Field(description="New articles that wait for an editor's word.")
    mentions: int = Field(description="Comments that name you and that you have not seen.")
    next_run: datetime


class Count(BaseModel):
    """A post's numbers at one time, as its platform gave them."""

    at: datetime
    numbers: dict[str, int]


class NumbersOut(BaseModel):
    """How a post does."""

    readable: bool = Field(description="Whether its account may ask for them now.")
    cost_usd: str = Field(description="What asking for them once more is billed.")
    items: list[Count]


class Wanted(BaseModel):
    """Which posts to list."""

    model_config = ConfigDict(extra="forbid")

    list: str = Field("", description=f"One of the desk's lists: {', '.join(LISTS)}.")
    state: State | None = None
    channel: str = Field("", max_length=64)
    article: str = Field("", max_length=120)
    section: str = Field("", max_length=80)
    q: str = Field("", max_length=200, description="Words of the article's headline.")
    since: AwareDatetime | None = Field(None, description="Changed at or after this time.")
    due_since: AwareDatetime | None = Field(None, description="Due at or after this time.")
    due_before: AwareDatetime | None = Field(None, description="Due before this time.")
    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(50, ge=1, le=200)


@router.get("/lists")
def lists(caller: Reading) -> Lists:
    """Count what waits, what is planned and what an editor is asked."""
    app, now = caller.app, caller.app.clock.now()
    return Lists(
        counts=app.store.inbox.counts(now=now),
        corrections=app.store.corrections.count(),
        held=app.store.sightings.waiting(),
        mentions=app.store.talk.unread(caller.user),
        next_run=next_run(app.settings, app.house.zone, now),
    )


@router.get("/posts")
def posts(caller: Reading, wanted: Annotated[Wanted, Query()]) -> PostPage:
    """List posts by id."""
    if wanted.list and wanted.list not in LISTS:
        raise UsageError(f"There is no list {wanted.list[:40]!r}: {', '.join(LISTS)}.")
    found = caller.app.store.pages.posts(
        name=wanted.list,
        wanted=Filter(
            channel=wanted.channel,
            section=wanted.section,
            words=wanted.q,
            since=wanted.due_since,
            before=wanted.due_before,
            changed_since=wanted.since,
            article=wanted.article,
            state=wanted.state,
        ),
        now=caller.app.clock.now(),
        after=wanted.after,
        limit=wanted.limit + 1,
    )
    items = posts_out(caller.app, found[: wanted.limit])
    return PostPage(items=items, next=items[-1].id if len(found) > wanted.limit else None)


@router.get("/posts/{number}", responses=ONE)
def post(caller: Reading, number: Number) -> PostOut:
    """Return one post."""
    return post_out(caller.app, find(caller, number))


@router.get("/posts/{number}/history", responses=ONE)
def history(caller: Reading, number: Number) -> HistoryOut:
    """Return everything that happened to a post, every try at sending it included."""
    lines = told(caller.app, find(caller, number))
    items = [
        LineOut(at=line.at, kind=line.kind, who=line.who, text=line.text, detail=line.detail)
        for line in lines
    ]
    return HistoryOut(items=items)


@router.get("/posts/{number}/numbers", responses=ONE)
def known_numbers(caller: Reading, number: Number) -> NumbersOut:
    """Return how a post did whenever it was asked, and what asking again costs; asks nobody."""
    return _numbers(caller, find(caller, number))


@router.post("/posts/{number}/numbers", responses=ONE | CHANGES | PLATFORM)
def read_numbers(caller: Approving, number: Number) -> NumbersOut:
    """Ask the platform how a post does now; it is billed as said before, under the caps."""
    post = find(caller, number)
    numbers.read(caller.app, post, by=caller.user.name)
    return _numbers(caller, post)


def find(caller: Caller, number: int) -> Post:
    """Return a post. Raises NotThere."""
    try:
        return caller.app.store.desk.post(number)
    except UsageError:
        raise NotThere(f"There is no post {number}.") from None


def _numbers(caller: Caller, post: Post) -> NumbersOut:
    readable, cost = counting(caller.app, post)
    found = numbers.known(caller.app, post)
    items = [Count(at=at, numbers=values) for at, values in found]
    return NumbersOut(readable=readable, cost_usd=str(cost), items=items)
