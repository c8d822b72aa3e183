"""Decisions about posts, one or many at once, and answers to what the bot asks about them."""

from typing import Any

from fastapi import APIRouter

from bot.domain.errors import BotError, UsageError
from bot.domain.post import Post
from bot.web import acts
from bot.web.acts import ACTS, Decision, take
from bot.web.api.access import Approving, Caller, Reading
from bot.web.api.conflicts import as_seen
from bot.web.api.models import (
    Answer,
    Choice,
    Decide,
    DecideMany,
    PostOut,
    Result,
    Results,
    post_out,
)
from bot.web.api.once import OnceRoute
from bot.web.api.posts import Number, find
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotAllowed

router = APIRouter(route_class=OnceRoute, tags=["decisions"], responses=ALWAYS)


@router.post("/posts/{number}/decisions", responses=ONE | CHANGES)
def decide(caller: Reading, number: Number, wanted: Decide) -> PostOut:
    """Decide about one post. Takes the scope `approve` (or `edit`, to hold and release)."""
    _may(caller, wanted.action)
    decided = _decided(caller, wanted.action, find(caller, number), wanted.content_hash, wanted)
    return post_out(caller.app, decided)


@router.post("/decisions", responses=CHANGES)
def decide_many(caller: Reading, wanted: DecideMany) -> Results:
    """Decide about several posts; one that is refused does not stop the others."""
    _may(caller, wanted.action)
    return Results(results=[_one(caller, choice, wanted) for choice in wanted.posts])


@router.post("/posts/{number}/answer", responses=ONE | CHANGES)
def answer(caller: Approving, number: Number, wanted: Answer) -> PostOut:
    """Tell the bot what it cannot know: a post is live there, is not live, or it is seen to."""
    post = find(caller, number)
    acts.answer(caller.app, post, wanted.answer, wanted.address, by=caller.user.name)
    return post_out(caller.app, find(caller, number))


def _may(caller: Caller, action: str) -> None:
    """Raise NotAllowed where the token may not be used for this action."""
    needed = acts.needed(caller.app, action)
    if not caller.user.may(needed):
        raise NotAllowed(
            f"To {action} takes a token with the scope of the role {needed}; nothing was changed."
        )


def _decided(caller: Caller, action: str, post: Post, seen: str | None, wanted: Any) -> Post:
    act = ACTS[action]
    if act.sees and not seen:
        raise UsageError(f"To {action} takes the post's `content_hash` as you saw it.")
    if act.needs_reason and not wanted.reason:
        raise UsageError(f"To {action} takes a `reason`; nothing was done.")
    decision = Decision(
        app=caller.app, user=caller.user, via="api", reason=wanted.reason, until=wanted.until
    )
    return take(action, as_seen(caller.app, post, seen), decision)


def _one(caller: Caller, choice: Choice, wanted: DecideMany) -> Result:
    try:
        post = _decided(caller, wanted.action, find(caller, choice.id), choice.content_hash, wanted)
    except BotError as exc:
        return Result(id=choice.id, ok=False, state=None, problem=str(exc))
    return Result(id=choice.id, ok=True, state=post.state, problem="")
