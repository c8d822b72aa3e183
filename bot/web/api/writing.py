"""A post's words: change them, have them judged first, repair a fault, put an earlier one back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot import editing
from bot.domain.post import Content
from bot.domain.price import cost
from bot.editing import Judged, Typed
from bot.web.api.access import Caller, Editing, Reading
from bot.web.api.conflicts import as_seen, lost_race
from bot.web.api.models import (
    FindingOut,
    Fingerprint,
    PostOut,
    Taken,
    example,
    findings_out,
    post_out,
)
from bot.web.api.once import OnceRoute
from bot.web.api.posts import Number, find
from bot.web.api.problems import ALWAYS, CHANGES, ONE, Run
from bot.web.diff import changes
from bot.web.scratch import from_fields, keep

router = APIRouter(route_class=OnceRoute, tags=["words"], responses=ALWAYS)

Part = Annotated[str, Field(min_length=1, max_length=20_000)]
Tag = Annotated[str, Field(pattern=r"^\w{1,100}$")]


class Words(Taken):
    """Other words for a post; what is left out stays as it is."""

    text: str | None = Field(None, min_length=1, max_length=20_000)
    parts: list[Part] | None = Field(
        None, max_length=10, description="What follows below it: replies on X, the first comment."
    )
    alt_text: str | None = Field(None, max_length=1000, description="Of the card.")
    link_policy: str = Field(
        "", max_length=40, description="Where the link goes: see `policies` of its wordings."
    )
    hashtags: list[Tag] | None = Field(
        None, max_length=30, description='Without "#"; exactly these stand at the end.'
    )


class Edit(Words):
    """Other words for a post; they are judged anew and need a new approval."""

    content_hash: Fingerprint

    model_config = example(
        {
            "text": "The bank holds its rate at 6.5 percent.",
            "hashtags": ["Economy"],
            "link_policy": "thread_reply",
            "content_hash": "0" * 64,
        }
    )


class Draft(Words):
    """Words somebody is writing."""

    keep: bool = Field(
        False, description="Keep them as your unsaved draft, as the desk does while you type."
    )

    model_config = example({"text": "The bank holds its rate.", "keep": True})


class Judgement(BaseModel):
    """What a post would be with these words; nothing of it is saved."""

    text: str
    parts: list[str]
    alt_text: str
    link: str | None
    hashtags: list[str]
    content_hash: str
    length: int
    limit: int
    valid: bool
    estimated_cost_usd: str
    findings: list[FindingOut]


class Unsaved(BaseModel):
    """What you have written and not saved."""

    text: str
    parts: list[str]
    alt_text: str
    link_policy: str
    over: str = Field(description="`content_hash` of what it was written over.")
    at: datetime


class Fix(Taken):
    """A repair that a finding offers."""

    finding: int = Field(ge=0, le=99_999, description="`number` of the finding.")
    content_hash: Fingerprint

    model_config = example({"finding": 0, "content_hash": "0" * 64})


class Restore(Taken):
    """An earlier wording to put back."""

    wording: int = Field(ge=1, le=2**31 - 1)
    content_hash: Fingerprint

    model_config = example({"wording": 1, "content_hash": "0" * 64})


class Wording(BaseModel):
    """What a post said from some time on."""

    id: int
    text: str
    parts: list[str]
    alt_text: str
    card_sha256: str | None
    by: str
    at: datetime
    now: bool = Field(description="Whether it is what the post says now.")
    changes: list[Run] | None = Field(description="Against the wording before; null for the first.")


class Variant(BaseModel):
    """Another wording the bot has made."""

    text: str
    parts: list[str]


class WordingsOut(BaseModel):
    """Everything a post has said, newest first, and what else it could say."""

    items: list[Wording]
    variants: list[Variant]
    policies: dict[str, str] = Field(description="Where its link may go, each in words.")
    policy: str = Field(description="Where it goes now.")


@router.patch("/posts/{number}", responses=ONE | CHANGES)
def edit(caller: Editing, number: Number, wanted: Edit) -> PostOut:
    """Put other words into a post, move its link, set its hashtags; an approval it had is void."""
    app, post = caller.app, find(caller, number)
    seen = as_seen(app, post, wanted.content_hash, mine=wanted.text)
    with lost_race(app, seen, wanted.text):
        saved = editing.revise(app, seen, _typed(seen.content, wanted), by=caller.user.name)
    app.store.scratches.drop(post.id, caller.user.id)
    return post_out(app, saved)


@router.post("/posts/{number}/judge", responses=ONE | CHANGES)
def judge(caller: Editing, number: Number, wanted: Draft) -> Judgement:
    """Say what a post would be with these words: how long, how dear, what the rules find."""
    app, post = caller.app, find(caller, number)
    typed = _typed(post.content, wanted)
    made = editing.judge(app, post, typed)
    if wanted.keep:
        keep(app, made, caller.user, post.fingerprint, typed)
    return _judgement(caller, made)


@router.get("/posts/{number}/draft", responses=ONE)
def draft(caller: Editing, number: Number) -> Unsaved | None:
    """Return what you have written and not saved, here or at the desk; null where nothing."""
    kept = caller.app.store.scratches.find(find(caller, number).id, caller.user.id)
    if kept is None:
        return None
    typed = from_fields(kept.fields)
    return Unsaved(
        text=typed.text,
        parts=list(typed.parts),
        alt_text=typed.alt_text,
        link_policy=typed.link_policy,
        over=kept.base,
        at=kept.at,
    )


@router.delete("/posts/{number}/draft", status_code=204, responses=ONE | CHANGES)
def discard(caller: Editing, number: Number) -> Response:
    """Forget what you have written and not saved."""
    caller.app.store.scratches.drop(find(caller, number).id, caller.user.id)
    return Response(status_code=204)


@router.post("/posts/{number}/fixes", responses=ONE | CHANGES)
def fix(caller: Editing, number: Number, wanted: Fix) -> PostOut:
    """Make one safe repair that a finding offers."""
    app, post = caller.app, find(caller, number)
    seen = as_seen(app, post, wanted.content_hash)
    with lost_race(app, seen):
        return post_out(app, editing.mend(app, seen, wanted.finding, by=caller.user.name))


@router.get("/posts/{number}/wordings", responses=ONE)
def wordings(caller: Reading, number: Number) -> WordingsOut:
    """Return everything the post has said, and what the bot would let it say instead."""
    app, post = caller.app, find(caller, number)
    kept = app.store.wordings.of_post(post.id)
    items = [
        Wording(
            id=one.id,
            text=one.content.text,
            parts=list(one.content.parts),
            alt_text=one.content.alt_text,
            card_sha256=one.content.card,
            by=one.by,
            at=one.at,
            now=one.content.fingerprint(post.channel) == post.fingerprint,
            changes=_runs(before.content.text, one.content.text) if before else None,
        )
        for one, before in zip(kept, [*kept[1:], None], strict=True)
    ]
    return WordingsOut(
        items=items,
        variants=[
            Variant(text=one.text, parts=list(one.parts))
            for one in app.store.desk.variants(post.id)
        ],
        policies=editing.POLICIES.get(post.platform, {}),
        policy=editing.policy_of(app, post),
    )


@router.post("/posts/{number}/restore", responses=ONE | CHANGES)
def restore(caller: Editing, number: Number, wanted: Restore) -> PostOut:
    """Put an earlier wording back; it is judged anew and needs a new approval."""
    app, post = caller.app, find(caller, number)
    seen = as_seen(app, post, wanted.content_hash)
    earlier = app.store.wordings.find(seen.id, wanted.wording)
    with lost_race(app, seen):
        saved = editing.restore(app, seen, earlier.content, by=caller.user.name)
    return post_out(app, saved)


def _typed(content: Content, wanted: Words) -> Typed:
    return Typed(
        text=content.text if wanted.text is None else wanted.text,
        parts=content.parts if wanted.parts is None else tuple(wanted.parts),
        alt_text=content.alt_text if wanted.alt_text is None else wanted.alt_text,
        link_policy=wanted.link_policy,
        hashtags=None if wanted.hashtags is None else tuple(wanted.hashtags),
    )


def _judgement(caller: Caller, made: Judged) -> Judgement:
    app, content, post = caller.app, made.content, made.post
    dialect = app.dialects[post.channel]
    measure, prices = dialect.measure(content.text), app.prices.get(post.platform)
    return Judgement(
        text=content.text,
        parts=list(content.parts),
        alt_text=content.alt_text,
        link=content.link,
        hashtags=list(content.hashtags),
        content_hash=content.fingerprint(post.channel),
        length=measure.length,
        limit=measure.limit,
        valid=measure.valid,
        estimated_cost_usd=str(cost(content, dialect=dialect, prices=prices) if prices else 0),
        findings=findings_out(made.findings),
    )


def _runs(before: str, after: str) -> list[Run]:
    return [Run(kind=one.kind, text=one.text) for one in changes(before, after)]
