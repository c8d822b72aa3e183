"""Tells colleagues that somebody has named them beside a post."""

from datetime import timedelta

import structlog

from bot.app import App
from bot.app.messages import connect
from bot.domain.errors import BotError
from bot.domain.message import Message
from bot.store.talk import Mention

log = structlog.get_logger(__name__)

_TOPIC = "mention"

#: What was said longer ago stands at the top of their pages, but is no message any more.
FRESH = timedelta(days=1)


def tell(app: App) -> int:
    """Send each mention that nobody has seen yet, once; return how many went out."""
    people, now = app.settings.asking.people, app.clock.now()
    if not people:
        return 0
    found = app.store.talk.unseen(since=now - FRESH)
    return sum(_tell(app, one) for one in found if one.name in people)


def _tell(app: App, one: Mention) -> bool:
    subject = f"{one.comment.id} {one.name}"
    if app.store.notices.told(_TOPIC, subject):
        return False
    said, desk = one.comment, app.settings.desk.url
    message = Message(
        title=f"{said.by} names you: {said.article_title}",
        text=said.text,
        link=f"{desk}/articles/{said.article_key}#talk" if desk else "",
    )
    try:
        address = app.settings.asking.people[one.name]
        connect([address], "BOT_ASKING__PEOPLE").send(message)
    except BotError as exc:  # tried again in the next round
        log.warning("editors.not_told", topic=_TOPIC, reason=str(exc))
        return False
    app.store.notices.tell(_TOPIC, [subject], now=app.clock.now())
    log.info("editors.told", topic=_TOPIC, comment=said.id)
    return True
