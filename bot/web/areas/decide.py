"""What an editor decides about posts, one or several: approve, undo, hold, reject, later, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.approving import missing
from bot.domain.errors import BotError, NotApproved, UsageError
from bot.domain.post import Post, State
from bot.web.acts import ACTS, Decision, needed, take
from bot.web.desk import AtDesk, Desk, Editing, NotAllowed, go
from bot.web.schedule import local_time, next_run
from bot.web.words import clock as clock_words
from bot.web.words import platform

router = APIRouter()

#: Ready-made reasons; the editor's own words come after them.
REASONS = ("Wrong fact", "Tone", "Picture", "Timing", "Duplicate", "Not for followers")

#: How long a post is put off, in words; the rest is said as a time.
LATER = {"15": "15 min", "30": "30 min", "60": "1 hour", "180": "3 hours", "next": "Next edition"}

#: The most that is decided about at once.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one post."""

    post: Post | None
    good: bool
    text: str


@router.post("/decide/{action}")
def decide(  # noqa: PLR0913, PLR0917 -- one field of the form each
    request: Request,
    desk: AtDesk,
    user: Editing,
    action: str,
    post: Annotated[list[str] | None, Form()] = None,
    why: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Do one thing to each post, each exactly as it was shown; tell of each what became of it."""
    act = ACTS.get(action)
    if act is None:
        raise UsageError("There is no such decision; nothing was changed.")
    role = needed(desk.app, action)
    if not user.may(role):
        raise NotAllowed(
            f"This takes the role {role}; you are {user.role}. Nothing was changed. Ask an admin."
        )
    if not post:
        raise UsageError("Nothing was ticked; nothing was changed.")
    decision = Decision(
        app=desk.app,
        user=user,
        via="web",
        reason=_reason(why, reason) if act.needs_reason else "",
        until=_later(desk, minutes, until) if action == "snooze" else None,
    )
    if len(post) == 1:
        results = [_result(desk, take(action, seen_post(desk, post[0]), decision), action)]
    else:
        results = [_one(desk, value, action, decision) for value in post[:MOST]]
    return _answer(request, desk, action, results, back)


def seen_post(desk: Desk, value: str) -> Post:
    """Return the post of a form's "ID:fingerprint", if it is still what was shown.

    Raises:
        UsageError: there is no such post.
        NotApproved: it was changed since.
    """
    number, _, fingerprint = value.partition(":")
    if not number.isdigit() or len(number) > 9:
        raise UsageError("There is no such post; nothing was changed.")
    post = desk.app.store.desk.post(int(number))
    if fingerprint and post.fingerprint != fingerprint:
        raise NotApproved(
            f"{platform(post.platform)}: somebody changed it since you saw it. Nothing was "
            "decided; look at it again."
        )
    return post


def _reason(why: Sequence[str] | None, reason: str) -> str:
    presets = [word for word in why or () if word in REASONS]
    said = ". ".join([*presets, *([reason.strip()] if reason.strip() else [])])
    if not said:
        raise UsageError("Say why: choose a reason or write one. Nothing was changed.")
    return said[:1000]


def _later(desk: Desk, minutes: str, until: str) -> datetime:
    now, house = desk.app.clock.now(), desk.app.house
    if until:
        return local_time(until, house.zone)
    if minutes == "next":
        return next_run(desk.app.settings, house.zone, now)
    if minutes not in LATER:
        raise UsageError("Say until when; nothing was changed.")
    return now + timedelta(minutes=int(minutes))


def _one(desk: Desk, value: str, action: str, decision: Decision) -> Result:
    post = None
    try:
        post = seen_post(desk, value)
        return _result(desk, take(action, post, decision), action)
    except BotError as exc:
        return Result(post=post, good=False, text=str(exc))


def _result(desk: Desk, post: Post, action: str) -> Result:
    done = ACTS[action].done
    if action == "approve" and post.state is State.DRAFTED:
        done = f"Your yes is counted; still missing: {', '.join(missing(desk.app, post))}"
    elif post.snoozed_until and action == "snooze":
        done = f"Back at {clock_words(post.snoozed_until, desk.app.house.zone)}"
    return Result(post=post, good=True, text=done)


def _answer(
    request: Request, desk: Desk, action: str, results: Sequence[Result], back: str
) -> Response:
    """Say it on the next page, or, of many with trouble among them, on a page of its own."""
    good = [r.post for r in results if r.good and r.post]
    undo = [p.id for p in good if p.state is State.APPROVED] if action in ("approve", "now") else []
    ends = [p.grace_until for p in good if p.grace_until]
    bad = [r for r in results if not r.good]
    if len(results) > 2 and bad:
        titles = {p.article_key: _title(desk, p) for p in (r.post for r in results) if p}
        return desk.page(
            request,
            "results.html",
            results=results,
            titles=titles,
            back=back if back.startswith("/") and not back.startswith("//") else "/",
            undo=undo,
        )
    told: dict[str, list[str]] = {}
    for result in results:
        if result.good and result.post:
            told.setdefault(result.text, []).append(platform(result.post.channel))
    parts = [
        f"{text}: {' and '.join(names) if len(names) < 3 else f'{len(names)} posts'}."
        for text, names in told.items()
    ]
    text = " ".join([*parts, *(r.text for r in bad)])
    more = {"undo": undo, "until": min(ends).isoformat()} if undo and ends else {"undo": undo}
    return go(back, flash=text, kind="trouble" if bad else "done", **more)


def _title(desk: Desk, post: Post) -> str:
    article = desk.app.store.archive.find(post.article_key)
    return article.title if article else post.article_key
