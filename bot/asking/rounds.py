"""One round of asking: tell of new posts, remind, escalate; each message goes out once.

A message is written down as told after somebody has taken it: one that nobody took is tried again
in the next round, and one that a stop came between may come twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.app import App
from bot.app.messages import connect
from bot.asking import chats
from bot.asking.links import link_for
from bot.domain.errors import BotError, NotTold
from bot.domain.message import Message, Picture, Urgency
from bot.domain.ports import Messenger
from bot.domain.post import Post
from bot.store.inbox import Entry

log = structlog.get_logger(__name__)

#: Posts that one message tells of in full; it counts the others.
SHOWN = 8
#: Notices of a round, the most pressing first.
_NEW, _ESCALATION = "new", "escalation"


def ask(app: App) -> int:
    """Do one round; return how many messages went out."""
    now = app.clock.now()
    waiting = app.store.inbox.entries("waiting", now=now, limit=200)
    return _escalate(app, waiting, now) + _remind(app, waiting, now) + _tell_new(app, waiting, now)


def _tell_new(app: App, waiting: Sequence[Entry], now: datetime) -> int:
    choices = app.settings.asking
    fresh = [e for e in waiting if not app.store.notices.told(_NEW, _subject(e.post))]
    settled = timedelta(seconds=choices.batch_seconds)
    if not choices.new or not fresh or max(e.updated_at for e in fresh) > now - settled:
        return 0
    articles = len({entry.post.article_key for entry in fresh})
    title = f"{articles} {'article waits' if articles == 1 else 'articles wait'} for you"
    return _send(app, _NEW, fresh, title, Urgency.INFO)


def _remind(app: App, waiting: Sequence[Entry], now: datetime) -> int:
    """Remind of each post at most once for each time, and of a late one only the last."""
    count, seen = 0, set[int]()
    for minutes in sorted(app.settings.asking.minutes):
        topic = f"reminder-{minutes}"
        near = [e for e in waiting if _within(e.post, minutes, now)]
        fresh = [
            e
            for e in near
            if e.post.id not in seen and not app.store.notices.told(topic, _subject(e.post))
        ]
        seen |= {entry.post.id for entry in near}
        if fresh:
            left = _minutes_left(fresh, now)
            count += _send(app, topic, fresh, f"{left} min left to decide", Urgency.WARNING)
    return count


def _escalate(app: App, waiting: Sequence[Entry], now: datetime) -> int:
    minutes = app.settings.asking.escalate
    near = [e for e in waiting if minutes and _within(e.post, minutes, now)]
    fresh = [e for e in near if not app.store.notices.told(_ESCALATION, _subject(e.post))]
    if not fresh:
        return 0
    left = _minutes_left(fresh, now)
    title = f"Nobody has decided, {left} min left"
    return _send(app, _ESCALATION, fresh, title, Urgency.ALARM)


def _within(post: Post, minutes: int, now: datetime) -> bool:
    if post.due_at is None:
        return False
    return timedelta(0) < post.due_at - now <= timedelta(minutes=minutes)


def _minutes_left(entries: Sequence[Entry], now: datetime) -> int:
    due = min(entry.post.due_at for entry in entries if entry.post.due_at)
    return max(1, round((due - now).total_seconds() / 60))


def _subject(post: Post) -> str:
    """Name what was told of: another time for a post is worth another message."""
    return f"{post.id} {post.due_at and post.due_at.isoformat()}"


def _send(app: App, topic: str, entries: Sequence[Entry], title: str, urgency: Urgency) -> int:
    posts = [entry.post for entry in entries]
    sent = 0
    for messenger, link in _readers(app, topic, posts):
        message = Message(
            title=title,
            text=_text(app, entries),
            urgency=urgency,
            link=link,
            pictures=_pictures(app, posts),
        )
        try:
            messenger.send(message)
        except NotTold as exc:
            log.warning("editors.not_told", topic=topic, reason=str(exc))
            if not exc.reached:
                continue
        sent += 1
    sent += chats.tell(app, title, entries)
    if sent:
        subjects = [_subject(post) for post in posts]
        app.store.notices.tell(topic, subjects, now=app.clock.now())
        log.info("editors.told", topic=topic, posts=[post.id for post in posts])
    return sent


def _readers(app: App, topic: str, posts: Sequence[Post]) -> list[tuple[Messenger, str]]:
    """Return who is told, each with the link that is theirs."""
    desk = app.settings.desk.url
    messages = app.messages
    readers: list[tuple[Messenger, str]] = []
    if app.settings.messages.editors:
        readers.append((messages.editors, f"{desk}/" if desk else ""))
    if topic == _ESCALATION and app.settings.messages.escalation:
        readers.append((messages.escalation, f"{desk}/" if desk else ""))
    for name, address in app.settings.asking.people.items():
        link = link_for(app, name, posts) or (f"{desk}/" if desk else "")
        try:
            readers.append((connect([address], "BOT_ASKING__PEOPLE"), link))
        except BotError as exc:
            log.error("editors.not_told", topic=topic, reason=str(exc))
    return readers


def _text(app: App, entries: Sequence[Entry]) -> str:
    """Return the posts as they stand, each under its headline and time."""
    zone = app.house.zone
    parts: list[str] = []
    for entry in entries[:SHOWN]:
        post = entry.post
        due = f"{post.due_at.astimezone(zone):%a %H:%M %Z}" if post.due_at else "no time"
        found = " – STOPPED, look at it" if entry.blocks else ""
        found = found or (f" – {entry.warnings} to look at" if entry.warnings else "")
        parts.append(f"{entry.title}\n{post.channel}, {due}{found}\n{post.content.text}")
    if len(entries) > SHOWN:
        parts.append(f"… and {len(entries) - SHOWN} more at the desk.")
    parts.append("Nothing goes out before somebody approves it.")
    return "\n\n".join(parts)


def _pictures(app: App, posts: Sequence[Post]) -> tuple[Picture, ...]:
    shas = dict.fromkeys(post.content.card for post in posts[:SHOWN] if post.content.card)
    found = []
    for number, sha in enumerate(list(shas)[:4], start=1):
        try:
            found.append(Picture(name=f"card-{number}.png", data=app.store.shelf.read(sha)))
        except BotError as exc:
            log.warning("card.not_shown", reason=str(exc))
    return tuple(found)
