"""The history of a post in plain words: what was done, by whom, and how each try ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.correction import Kind
from bot.domain.delivery import Outcome
from bot.domain.ledger import Event
from bot.domain.policy import BY_POLICY
from bot.domain.post import Post
from bot.numbers import EVENT as COUNTED
from bot.web.words import at, platform

_EVENTS = {
    "article.new": "The article came in.",
    "article.updated": "The article was changed.",
    "post.drafted": "The post was made.",
    "post.approved": "Approved, exactly as it stood.",
    "post.edited": "The words or the card were changed; an approval it had was void.",
    "post.on_hold": "Held.",
    "post.rejected": "Rejected.",
    "post.expired": "Its time passed; it is not sent any more.",
    "post.superseded": "Another post took its place.",
    "post.sending": "A try to send it began, and was written down before.",
    "post.published": "It is live.",
    "post.verified": "Read back: followers see what was approved.",
    "post.begun": "A part of it is live; the rest follows.",
    "post.unclear": "Nobody could tell whether it had gone out; the bot looks before it sends.",
    "post.failed": "It cannot be sent as it is.",
    "post.noted": "Noted.",
    COUNTED: "Its numbers were read.",
    "post.agreed": "Somebody said yes; others' yes was still missing.",
    "post.scheduled": "It was given another time.",
    "post.snoozed": "Put off: out of sight until then.",
    "post.asks": "Only a person can tell: an editor was asked.",
    "post.diverged": "Read back: followers see something else. An editor was asked.",
    "post.unread": "It could not be read back. An editor was asked.",
    "post.incomplete": "It is live, but not all of it. An editor was told what is missing.",
    "post.double_alarm": "A second receipt turned up: it may be live twice. An editor was asked.",
    "post.overdue": "It is where it is for too long: an alarm was raised.",
    "post.amended": "Its words were changed while it was live, by hand.",
    "post.taken_down": "The post was taken down, by hand.",
    "correction.asked": "Its article was changed: an editor was asked.",
    "correction.edited": "Answered: the live post has other words.",
    "correction.deleted": "Answered: the post is not live any more.",
    "correction.posted": "Answered: a post of its own says so.",
    "correction.left": "Answered: it still holds.",
    "post.answered": "Somebody has seen to what was asked.",
}

_BY_POLICY = {
    "post.approved": "Approved by the policy {}: nothing stood against it, and nobody had changed it.",
    "post.on_hold": "Held, because nobody answered in time.",
    "post.expired": "Given up, because nobody answered in time.",
}

_OUTCOMES: dict[str, str] = {
    Outcome.PUBLISHED: "sent, and answered with a receipt",
    Outcome.NOT_SENT: "surely not sent; tried again later",
    Outcome.REJECTED: "refused by {platform}; surely not live",
    Outcome.BLOCKED: "refused because of the account; the channel is paused",
    Outcome.UNCLEAR: "ended unclear; looked up before anything else was sent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that happened.

    Attributes:
        kind: the event's name in the log, or "attempt".
        text: what happened, for a person.
        detail: what the platform or the person said; "" where there is nothing.
    """

    at: datetime
    kind: str
    who: str
    text: str
    detail: str = ""


def told(app: App, post: Post) -> Sequence[Line]:
    """Return everything that happened to a post, oldest first."""
    store = app.store
    events = [
        event for event in store.history.of_article(post.article_key) if event.post_id == post.id
    ]
    lines = [_of_event(event, app.house.zone) for event in events]
    lines += [_of_attempt(attempt, post) for attempt in store.history.attempts(post.id)]
    return sorted(lines, key=lambda line: line.at)


def _of_event(event: Event, zone: ZoneInfo) -> Line:
    text = _EVENTS.get(event.name, event.name.replace(".", " ").replace("_", " ").capitalize())
    if event.name == "post.drafted" and event.from_state:
        text = "Put back among those that wait; any approval is void."
    if event.name == "post.approved" and event.from_state == "sending":
        text = "It is surely not live; it goes out again."
    if event.name == "correction.asked" and event.detail.get("kind") == Kind.GONE:
        text = "Its article was taken down from the site: an editor was asked."
    if event.who.startswith(BY_POLICY):
        text = _BY_POLICY.get(event.name, text).format(event.who.removeprefix(BY_POLICY))
    detail = next((v for name in ("reason", "asks", "note") if (v := event.detail.get(name))), "")
    if moment := event.detail.get("due_at") or event.detail.get("until"):
        detail = at(datetime.fromisoformat(moment), zone)
    elif event.name == "post.snoozed":
        text = "Shown again."
    if event.name == COUNTED:
        detail = ", ".join(f"{name} {value:,}" for name, value in event.detail.items())
    return Line(at=event.at, kind=event.name, who=event.who, text=text, detail=str(detail))


def _of_attempt(attempt: Mapping[str, Any], post: Post) -> Line:
    outcome = _OUTCOMES.get(attempt["outcome"] or "", "not ended yet")
    what = f"Try {attempt['fence']}"
    if attempt["part"]:
        what += f", part {attempt['part']} of what follows"
    text = f"{what}: {outcome.format(platform=platform(post.platform))}"
    if attempt["status"]:
        text += f" (HTTP {attempt['status']})"
    if attempt["ended_at"]:
        text += f", {(attempt['ended_at'] - attempt['started_at']).total_seconds():.1f} s"
    return Line(
        at=attempt["ended_at"] or attempt["started_at"],
        kind="attempt",
        who="publisher",
        text=f"{text}.",
        detail=attempt["detail"],
    )
