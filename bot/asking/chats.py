"""Asks in chats, by messages with buttons."""

from collections.abc import Sequence

import structlog

from bot.app import App
from bot.domain.errors import BotError, NotTold
from bot.domain.post import Post
from bot.notify import buttons
from bot.store.inbox import Entry

log = structlog.get_logger(__name__)


def tell(app: App, title: str, entries: Sequence[tuple[Entry, str]]) -> int:
    """Write to the chats there are; return how many took it.

    Args:
        app: everything, wired.
        title: what the message is about.
        entries: the posts, each with what happens to it if nobody answers.
    """
    chat = app.settings.chat
    asks = [_ask(app, entry, outlook) for entry, outlook in entries]
    sent = 0
    if chat.slack_token.get_secret_value() and chat.slack_channel:
        body = {"channel": chat.slack_channel, **buttons.slack_message(title, asks)}
        token = chat.slack_token.get_secret_value()
        sent += _sent(f"{chat.slack_url}/chat.postMessage", body, service="Slack", token=token)
    token = chat.telegram_token.get_secret_value()
    if token and chat.telegram_chat:
        took = [
            _sent(
                f"{chat.telegram_url}/bot{token}/{one.method}",
                {"chat_id": chat.telegram_chat, **one.body},
                service="Telegram",
                picture=one.picture,
            )
            for one in buttons.telegram_messages(title, asks)
        ]
        sent += max(took, default=0)
    return sent


def _sent(
    url: str,
    body: dict[str, object],
    *,
    service: str,
    token: str = "",
    picture: bytes | None = None,
) -> int:
    try:
        buttons.send(url, body, service=service, token=token, picture=picture)
    except NotTold as exc:
        log.warning("editors.not_told", service=service, reason=str(exc))
        return 0
    return 1


def _ask(app: App, entry: Entry, outlook: str) -> buttons.Ask:
    post, zone = entry.post, app.house.zone
    due = f", {post.due_at.astimezone(zone):%a %H:%M %Z}" if post.due_at else ""
    return buttons.Ask(
        post_id=post.id,
        fingerprint=post.fingerprint,
        heading=f"{entry.title} ({post.channel}{due})\n{outlook}",
        text=post.content.text,
        stopped=bool(entry.blocks),
        picture=_picture(app, post),
    )


def _picture(app: App, post: Post) -> bytes | None:
    """Return the card, or a document's first page; None where it cannot be read."""
    sha256 = post.content.card
    if sha256 is None:
        return None
    try:
        if post.content.document_title:
            return app.store.shelf.page(sha256, 1)
        return app.store.shelf.read(sha256)
    except BotError as exc:
        log.warning("card.not_shown", reason=str(exc))
        return None
