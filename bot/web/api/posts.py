"""Posts: read, edit, decide."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.domain.errors import BotError, NotApproved, UsageError
from bot.domain.post import Post, State
from bot.editing import reword
from bot.store.inbox import LISTS
from bot.web.acts import ACTS, Decision
from bot.web.api.access import Caller, Editing, Reading
from bot.web.api.models import (
    Choice,
    Decide,
    DecideMany,
    Edit,
    PostOut,
    PostPage,
    Result,
    Results,
    post_out,
)
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotAllowed, NotThere
from bot.web.story import told

router = APIRouter(route_class=OnceRoute, tags=["posts"], responses=ALWAYS)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="`id` of the post.")]


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


class Wanted(BaseModel):
    """Which posts to list."""

    model_config = ConfigDict(extra="forbid")

    list: str = Field("", description=f"One of the desk's lists: {', '.join(LISTS)}.")
    state: State | None = None
    channel: str = Field("", max_length=64)
    article: str = Field("", max_length=120)
    since: AwareDatetime | None = Field(None, description="Changed at or after this time.")
    after: int = Field(0, ge=0, le=2**31 - 1)
    limit: int = Field(50, ge=1, le=200)


@router.get("/posts")
def posts(caller: Reading, wanted: Annotated[Wanted, Query()]) -> PostPage:
    """List posts by id."""
    if wanted.list and wanted.list not in LISTS:
        raise UsageError(f"There is no list {wanted.list[:40]!r}: {', '.join(LISTS)}.")
    states = [wanted.state] if wanted.state else [*LISTS.get(wanted.list, ())]
    found = caller.app.store.pages.posts(
        states=states,
        channel=wanted.channel,
        article=wanted.article,
        since=wanted.since,
        after=wanted.after,
        limit=wanted.limit + 1,
    )
    items = [post_out(caller.app, post) for post in found[: wanted.limit]]
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


@router.patch("/posts/{number}", responses=ONE | CHANGES)
def edit(caller: Editing, number: Number, wanted: Edit) -> PostOut:
    """Put other words into a post; an approval it had is void."""
    seen = as_seen(find(caller, number), wanted.content_hash)
    return post_out(caller.app, reword(caller.app, seen, wanted.text, by=caller.user.name))


@router.post("/posts/{number}/decisions", responses=ONE | CHANGES)
def decide(caller: Reading, number: Number, wanted: Decide) -> PostOut:
    """Decide about one post. Takes the scope `approve` (or `edit`, to hold and release)."""
    may(caller, wanted.action)
    decided = _decided(caller, wanted.action, find(caller, number), wanted.content_hash, wanted)
    return post_out(caller.app, decided)


@router.post("/decisions", responses=CHANGES)
def decide_many(caller: Reading, wanted: DecideMany) -> Results:
    """Decide about several posts; one that is refused does not stop the others."""
    may(caller, wanted.action)
    return Results(results=[_one(caller, choice, wanted) for choice in wanted.posts])


def find(caller: Caller, number: int) -> Post:
    """Return a post. Raises NotThere."""
    try:
        return caller.app.store.desk.post(number)
    except UsageError:
        raise NotThere(f"There is no post {number}.") from None


def as_seen(post: Post, fingerprint: str | None) -> Post:
    """Return the post, if it is still what the caller saw. Raises NotApproved."""
    if fingerprint and post.fingerprint != fingerprint:
        raise NotApproved(
            f"Post {post.id} was changed since you saw it; nothing was done. Read it again."
        )
    return post


def may(caller: Caller, action: str) -> None:
    """Raise NotAllowed where the token may not be used for this action."""
    needed = ACTS[action].role
    if not any(s.role.covers(needed) and caller.token.may(s) for s in caller.token.scopes):
        raise NotAllowed(
            f"To {action} takes a token with the scope of the role {needed}; nothing was changed."
        )


def _decided(caller: Caller, action: str, post: Post, fingerprint: str | None, wanted: Any) -> Post:
    act = ACTS[action]
    if act.sees and not fingerprint:
        raise UsageError(f"To {action} takes the post's `content_hash` as you saw it.")
    if act.needs_reason and not wanted.reason:
        raise UsageError(f"To {action} takes a `reason`; nothing was done.")
    decision = Decision(
        app=caller.app, user=caller.user, via="api", reason=wanted.reason, until=wanted.until
    )
    return act.do(as_seen(post, fingerprint), decision)


def _one(caller: Caller, choice: Choice, wanted: DecideMany) -> Result:
    try:
        post = _decided(caller, wanted.action, find(caller, choice.id), choice.content_hash, wanted)
    except BotError as exc:
        return Result(id=choice.id, ok=False, state=None, problem=str(exc))
    return Result(id=choice.id, ok=True, state=post.state, problem="")
