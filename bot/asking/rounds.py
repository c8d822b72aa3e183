"""One round of asking: tell of new posts, remind, escalate; each message goes out once.

A message is written down as told after somebody has taken it: one that nobody took is tried again
in the next round, and one that a stop came between may come twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.app import App
from bot.app.messages import connect
from bot.asking import chats, mentions
from bot.asking.links import link_for
from bot.deciding.outlook import Outlook, Outlooks
from bot.deciding.rounds import was_unanswered
from bot.domain.errors import BotError, NotTold
from bot.domain.message import Message, Picture, Urgency
from bot.domain.ports import Messenger
from bot.domain.post import Post
from bot.store.inbox import Entry

log = structlog.get_logger(__name__)

#: Posts that one message tells of in full; it counts the others.
SHOWN = 8
#: Notices of a round, the most pressing first.
_NEW, _VOID, _ESCALATION, _HELD = "new", "void", "escalation", "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A post about which people are asked.

    Attributes:
        by: until when an answer is in time: the post's own time, or where that has come already,
            when the clock decides.
    """

    entry: Entry
    outlook: Outlook
    by: datetime | None

    @property
    def post(self) -> Post:
        """The post itself."""
        return self.entry.post

    @property
    def subject(self) -> str:
        """What was told of: another time for a post is worth another message."""
        return f"{self.post.id} {self.post.due_at and self.post.due_at.isoformat()}"


def ask(app: App) -> int:
    """Do one round; return how many messages went out."""
    now = app.clock.now()
    looks = Outlooks(app, now)
    waiting = [_asked(e, looks) for e in app.store.inbox.entries("waiting", now=now, limit=200)]
    held = app.store.inbox.entries("held", now=now, limit=200)
    late = [_asked(e, looks) for e in held if was_unanswered(e.post)]
    return (
        _escalate(app, waiting, now)
        + _remind(app, waiting, now)
        + _tell_new(app, waiting, now)
        + _tell_void(app, waiting)
        + _tell_held(app, late)
        + mentions.tell(app)
    )


def _asked(entry: Entry, looks: Outlooks) -> Asked:
    outlook, due_at = looks.of(entry), entry.post.due_at
    decided_at = outlook.prospect.at if outlook.prospect else None
    by = due_at if due_at and due_at > looks.now else decided_at
    return Asked(entry=entry, outlook=outlook, by=by)


def _tell_new(app: App, waiting: Sequence[Asked], now: datetime) -> int:
    choices = app.settings.asking
    fresh = [one for one in waiting if not app.store.notices.told(_NEW, one.subject)]
    settled = timedelta(seconds=choices.batch_seconds)
    if not choices.new or not fresh or max(e.entry.updated_at for e in fresh) > now - settled:
        return 0
    articles = len({one.post.article_key for one in fresh})
    title = f"{articles} {'article waits' if articles == 1 else 'articles wait'} for you"
    return _send(app, _NEW, fresh, title, Urgency.INFO)


def _remind(app: App, waiting: Sequence[Asked], now: datetime) -> int:
    """Remind of each post at most once for each time, and of a late one only the last."""
    count, seen = 0, set[int]()
    for minutes in sorted(app.settings.asking.minutes):
        topic = f"reminder-{minutes}"
        near = [one for one in waiting if _within(one, minutes, now)]
        fresh = [
            one
            for one in near
            if one.post.id not in seen
            and not app.store.notices.told(topic, one.subject)
            and not _just_told(app, one, minutes)
        ]
        seen |= {one.post.id for one in near}
        if fresh:
            title = f"{_minutes_left(fresh, now)} min left to decide in time"
            count += _send(app, topic, fresh, title, Urgency.WARNING)
    return count


def _just_told(app: App, one: Asked, minutes: int) -> bool:
    """Whether the message about a new post takes the place of this reminder."""
    if not app.settings.asking.new:
        return False
    told_at = app.store.notices.told(_NEW, one.subject)
    return told_at is None or (one.by is not None and told_at > one.by - timedelta(minutes=minutes))


def _escalate(app: App, waiting: Sequence[Asked], now: datetime) -> int:
    minutes = app.settings.asking.escalate
    near = [one for one in waiting if minutes and _within(one, minutes, now)]
    fresh = [one for one in near if not app.store.notices.told(_ESCALATION, one.subject)]
    if not fresh:
        return 0
    title = f"Nobody has decided, {_minutes_left(fresh, now)} min left"
    return _send(app, _ESCALATION, fresh, title, Urgency.ALARM)


def _tell_void(app: App, waiting: Sequence[Asked]) -> int:
    """Say which posts lost their approval though nobody changed them by hand."""
    choices = app.settings.asking
    void = [one for one in waiting if one.post.reason and app.store.notices.told(_NEW, one.subject)]
    fresh = [one for one in void if not app.store.notices.told(_VOID, _words(one))]
    if not choices.new or not fresh:
        return 0
    count = f"{len(fresh)} {'post needs' if len(fresh) == 1 else 'posts need'} your yes again"
    sent = _send(app, _VOID, fresh, count, Urgency.WARNING)
    if sent:
        app.store.notices.tell(_VOID, [_words(one) for one in fresh], now=app.clock.now())
    return sent


def _words(one: Asked) -> str:
    """What is asked about: other words are worth another message."""
    return f"{one.post.id} {one.post.fingerprint[:32]}"


def _tell_held(app: App, late: Sequence[Asked]) -> int:
    """Say what the clock has held because nobody answered."""
    fresh = [one for one in late if not app.store.notices.told(_HELD, one.subject)]
    if not fresh:
        return 0
    count = f"{len(fresh)} {'post is' if len(fresh) == 1 else 'posts are'}"
    return _send(app, _HELD, fresh, f"Nobody has decided: {count} held", Urgency.WARNING)


def _within(one: Asked, minutes: int, now: datetime) -> bool:
    if one.by is None:
        return False
    return timedelta(0) < one.by - now <= timedelta(minutes=minutes)


def _minutes_left(asked: Sequence[Asked], now: datetime) -> int:
    by = min(one.by for one in asked if one.by)
    return max(1, round((by - now).total_seconds() / 60))


def _send(app: App, topic: str, asked: Sequence[Asked], title: str, urgency: Urgency) -> int:
    posts = [one.post for one in asked]
    sent = 0
    for messenger, link in _readers(app, topic, posts):
        message = Message(
            title=title,
            text=_text(app, asked),
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
    sent += chats.tell(app, title, [(one.entry, one.outlook.text) for one in asked])
    if sent:
        subjects = [one.subject for one in asked]
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


def _text(app: App, asked: Sequence[Asked]) -> str:
    """Return the posts as they stand, each under its headline, time and what happens to it."""
    zone = app.house.zone
    parts: list[str] = []
    for one in asked[:SHOWN]:
        entry, post = one.entry, one.post
        due = f"{post.due_at.astimezone(zone):%a %H:%M %Z}" if post.due_at else "no time"
        found = " – STOPPED, look at it" if entry.blocks else ""
        found = found or (f" – {entry.warnings} to look at" if entry.warnings else "")
        heading = f"{entry.title}\n{post.channel}, {due}{found}"
        parts.append(f"{heading}\n{one.outlook.text}\n{post.content.text}")
    if len(asked) > SHOWN:
        parts.append(f"… and {len(asked) - SHOWN} more at the desk.")
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
