"""What editors are asked beside the queue: corrections of live posts, and articles that wait."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from bot import correcting
from bot.domain.correction import Correction, Kind, Option
from bot.domain.errors import ContentError
from bot.domain.intake import Held
from bot.watching import waiting
from bot.web.api.access import Approving, Caller, Reading
from bot.web.api.conflicts import as_seen
from bot.web.api.models import Fingerprint, PostOut, Taken, example, posts_out
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, PLATFORM, as_missing

router = APIRouter(route_class=OnceRoute, tags=["asked"], responses=ALWAYS)

Number = Annotated[
    int, Path(ge=1, le=2**31 - 1, description="`id` of the correction.", examples=[1])
]
Key = Annotated[str, Path(max_length=120, description="`article_id` of what waits.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class ChangeOut(BaseModel):
    """One passage of the article that reads differently now."""

    part: str
    before: str
    after: str


class CorrectionOut(BaseModel):
    """A question about one post of an article that is not what it was."""

    id: int
    article_id: str
    post_id: int
    title: str
    kind: Kind
    live: bool = Field(description="Whether the post was or may have been live.")
    at: datetime
    changes: list[ChangeOut]
    done_at: datetime | None
    done_by: str
    outcome: str = Field(description='What an editor did; "" while nobody has.')
    note: str


class CorrectionPage(BaseModel):
    """Questions that are open, oldest first."""

    items: list[CorrectionOut]
    next: int | None


class CorrectionDetail(CorrectionOut):
    """A question, and what can be done about it."""

    content_hash: str = Field(description="Of the post: what you answer about.")
    text: str = Field(description="What the post says.")
    suggestion: str = Field(description='What it would say if made now; "" where unknown.')
    options: dict[str, str] = Field(
        description='What can be done, and why not; "" where it can. Empty where it is not live.'
    )


class Reworded(Taken):
    """Other words for a live post."""

    text: str = Field(min_length=1, max_length=20_000)
    content_hash: Fingerprint

    model_config = example({"text": "The bank raises its rate.", "content_hash": "0" * 64})


class TakeDown(Taken):
    """That a live post shall be gone for good."""

    content_hash: Fingerprint

    model_config = example({"content_hash": "0" * 64})


class Done(Taken):
    """What was done by hand, or that nothing needs to be."""

    how: Option
    note: str = Field("", max_length=500)

    model_config = example({"how": "leave", "note": "A comma."})


class HeldOut(BaseModel):
    """A new article that gets no posts before an editor says so."""

    article_id: str
    title: str
    dek: str
    section: str
    url: str
    published_at: datetime | None
    findings: list[str]
    source: str
    reason: str
    at: datetime


class HeldPage(BaseModel):
    """What waits, oldest first."""

    items: list[HeldOut]
    next: str | None


class LetIn(BaseModel):
    """The posts that were made of an article that waited."""

    posts: list[PostOut]


@router.get("/corrections")
def corrections(
    caller: Reading,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Limit = 50,
) -> CorrectionPage:
    """List the corrections that nobody has answered."""
    found = [one for one in caller.app.store.corrections.open() if one.id > after]
    items = [_out(one) for one in found[:limit]]
    return CorrectionPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/corrections/{number}", responses=ONE)
def correction(caller: Reading, number: Number) -> CorrectionDetail:
    """Return what became of a post's article, and what can be done about the post."""
    app, one = caller.app, _found(caller, number)
    post = app.store.desk.post(one.post_id)
    asked = one.done_at is None
    try:
        suggestion = correcting.suggested(app, one) if asked else ""
    except ContentError:
        suggestion = ""
    options = correcting.options(app, one) if asked and one.live else {}
    return CorrectionDetail(
        **dict(_out(one)),
        content_hash=post.fingerprint,
        text=post.content.text,
        suggestion=suggestion,
        options={str(option): why for option, why in options.items()},
    )


@router.post("/corrections/{number}/edit", responses=ONE | CHANGES | PLATFORM)
def reword_live(caller: Approving, number: Number, wanted: Reworded) -> CorrectionOut:
    """Give the live post other words, where the platform allows it; its card stays."""
    one = _seen(caller, number, wanted.content_hash, wanted.text)
    correcting.edit(caller.app, one, wanted.text, by=caller.user.name)
    return _out(_found(caller, number))


@router.post("/corrections/{number}/delete", responses=ONE | CHANGES | PLATFORM)
def take_down(caller: Approving, number: Number, wanted: TakeDown) -> CorrectionOut:
    """Take the live post down for good, and what followed it."""
    one = _seen(caller, number, wanted.content_hash)
    correcting.delete(caller.app, one, by=caller.user.name)
    return _out(_found(caller, number))


@router.post("/corrections/{number}/done", responses=ONE | CHANGES)
def correction_done(caller: Approving, number: Number, wanted: Done) -> CorrectionOut:
    """Say that a correction was seen to by hand, or is not needed."""
    _found(caller, number)
    one = correcting.unanswered(caller.app, number)
    note = " ".join(wanted.note.split())
    correcting.answer(caller.app, one, wanted.how, by=caller.user.name, note=note)
    return _out(_found(caller, number))


@router.get("/held")
def held(
    caller: Reading, after: Annotated[str, Query(max_length=120)] = "", limit: Limit = 50
) -> HeldPage:
    """List the new articles that get no posts before an editor says so."""
    found = caller.app.store.sightings.held()
    keys = [one.article.key for one in found]
    found = found[keys.index(after) + 1 :] if after in keys else found
    items = [_held(one) for one in found[:limit]]
    return HeldPage(items=items, next=items[-1].article_id if len(found) > limit else None)


@router.post("/held/{key}/post", responses=ONE | CHANGES)
def let_in(caller: Approving, key: Key) -> LetIn:
    """Make the posts of an article that waited; they wait for approval like all others."""
    result = waiting.post(caller.app, _waits(caller, key), by=caller.user.name)
    return LetIn(posts=posts_out(caller.app, result.posts))


@router.post("/held/{key}/drop", status_code=204, responses=ONE | CHANGES)
def drop(caller: Approving, key: Key) -> None:
    """Let an article that waited go; it gets no posts."""
    waiting.drop(caller.app, _waits(caller, key), by=caller.user.name)


def _found(caller: Caller, number: int) -> Correction:
    with as_missing():
        return caller.app.store.corrections.find(number)


def _seen(caller: Caller, number: int, fingerprint: str, mine: str | None = None) -> Correction:
    """Return an open question about a post that is as the caller saw it. Raises Changed."""
    app, one = caller.app, _found(caller, number)
    as_seen(app, app.store.desk.post(one.post_id), fingerprint, mine=mine)
    return correcting.unanswered(app, number)


def _waits(caller: Caller, key: str) -> Held:
    with as_missing():
        return waiting.named(caller.app, key)


def _out(one: Correction) -> CorrectionOut:
    return CorrectionOut(
        id=one.id,
        article_id=one.article_key,
        post_id=one.post_id,
        title=one.before.title,
        kind=one.kind,
        live=one.live,
        at=one.at,
        changes=[ChangeOut(part=c.part, before=c.before, after=c.after) for c in one.changes],
        done_at=one.done_at,
        done_by=one.done_by,
        outcome=one.outcome,
        note=one.note,
    )


def _held(one: Held) -> HeldOut:
    article = one.article
    return HeldOut(
        article_id=article.key,
        title=article.title,
        dek=article.dek,
        section=article.section,
        url=article.url,
        published_at=article.published_at,
        findings=list(article.findings),
        source=one.source,
        reason=one.reason,
        at=one.at,
    )
