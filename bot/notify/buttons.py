"""Messages with buttons, in Slack (Block Kit) and Telegram (inline keyboards).

A button carries the decision, the post and the beginning of its fingerprint: what was changed
since the message was sent is not decided by it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from bot.domain.errors import NotTold
from bot.http.client import Session

#: Slack refuses requests that are older itself; a captured one is of no use afterwards.
FRESH = 300
#: Characters of a fingerprint in a button: Telegram takes 64 bytes for everything.
PRINT = 16
#: Most characters of a post in a message; Slack takes 3,000 in a section, Telegram 4,096 in all.
SHOWN = 900

#: Most characters under a picture in Telegram (Bot API, sendPhoto).
CAPTION = 1024

_VALUE = re.compile(r"(approve|hold):(\d{1,12}):([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One post that waits for a decision.

    Attributes:
        heading: the article's headline, channel and time.
        text: as followers will read it.
        stopped: something stops it, so that it cannot be approved.
        picture: its card as PNG, None where it has none.
    """

    post_id: int
    fingerprint: str
    heading: str
    text: str
    stopped: bool = False
    picture: bytes | None = None

    def value(self, action: str) -> str:
        """Return what a button for this decision carries."""
        return f"{action}:{self.post_id}:{self.fingerprint[:PRINT]}"


def read(value: str) -> tuple[str, int, str] | None:
    """Return decision, post and beginning of the fingerprint of a button; None where it is not ours."""
    found = _VALUE.fullmatch(value)
    return (found[1], int(found[2]), found[3]) if found else None


def slack_message(title: str, asks: Sequence[Ask]) -> dict[str, Any]:
    """Return title and posts as Slack blocks; text is plain, so that nothing in it acts."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title[:150]}}
    ]
    for ask in asks[:15]:
        words = f"{ask.heading}\n{ask.text[:SHOWN]}"
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": words}})
        blocks.append(
            {
                "type": "actions",
                "block_id": f"post-{ask.post_id}",
                "elements": [
                    {
                        "type": "button",
                        "action_id": action,
                        "text": {"type": "plain_text", "text": action.capitalize()},
                        "value": ask.value(action),
                    }
                    for action in _actions(ask)
                ],
            }
        )
    return {"text": title, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramMessage:
    """A message as Telegram's Bot API takes it.

    Attributes:
        method: of the API: "sendPhoto" where there is a picture, else "sendMessage".
    """

    method: str
    body: dict[str, Any]
    picture: bytes | None = None


def telegram_messages(title: str, asks: Sequence[Ask]) -> list[TelegramMessage]:
    """Return one plain-text message for each post, with its card and buttons."""
    return [_telegram_message(title, ask) for ask in asks[:15]]


def _telegram_message(title: str, ask: Ask) -> TelegramMessage:
    words = f"{title}\n\n{ask.heading}\n{ask.text[:SHOWN]}"
    keys = [
        {"text": action.capitalize(), "callback_data": ask.value(action)}
        for action in _actions(ask)
    ]
    buttons = {"reply_markup": {"inline_keyboard": [keys]}}
    if ask.picture is None:
        plain = {"text": words, "link_preview_options": {"is_disabled": True}}
        return TelegramMessage(method="sendMessage", body={**plain, **buttons})
    return TelegramMessage(
        method="sendPhoto", body={"caption": words[:CAPTION], **buttons}, picture=ask.picture
    )


def send(
    url: str,
    body: Mapping[str, Any],
    *,
    service: str,
    token: str = "",
    picture: bytes | None = None,
) -> None:
    """Post a message to a chat's API, with `picture` as a form with a file.

    Raises:
        NotTold: it was not taken; without the address, which may hold a token.
    """
    content: dict[str, Any] = {"json": body}
    if picture is not None:
        fields = {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
        content = {"data": fields, "files": {"photo": ("card.png", picture, "image/png")}}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with Session() as session:
            answer = session.post(url, headers=headers, allow_redirects=False, **content)
    except requests.RequestException as exc:
        raise NotTold(f"{service} does not answer ({type(exc).__name__}).", reached=0) from None
    try:
        said = answer.json()
    except ValueError:
        said = {}  # Slack's answer to an answer is the word ok
    refused = said.get("ok") is False if isinstance(said, dict) else True
    if not answer.ok or refused:
        why = said.get("error") or said.get("description") if isinstance(said, dict) else ""
        raise NotTold(
            f"{service} did not take the message: {why or answer.status_code}.", reached=0
        )


def slack_signed(
    secret: str, *, timestamp: str, signature: str, body: bytes, now: datetime
) -> bool:
    """Tell whether Slack signed this request (v0 signature) within the last five minutes."""
    if not secret or not timestamp.isdigit() or abs(now.timestamp() - int(timestamp)) > FRESH:
        return False
    base = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed.

    Attributes:
        who: the service's id of the person.
        answer_to: where what came of it is written.
        blocks: the message as it stands.
        block: which of them has the button.
    """

    who: str
    value: str
    answer_to: str = ""
    blocks: Sequence[Any] = ()
    block: str = ""

    def rewritten(self, text: str) -> list[Any]:
        """Return the message with what was decided in place of the buttons."""
        said = {"type": "section", "text": {"type": "plain_text", "text": text[:2900]}}
        return [
            said if isinstance(one, dict) and one.get("block_id") == self.block else one
            for one in self.blocks
        ]


def slack_press(body: Mapping[str, str]) -> Press | None:
    """Return what was pressed in Slack; None where it is no press of a button."""
    try:
        payload = json.loads(body.get("payload", ""))
        action = payload["actions"][0]
        return Press(
            who=str(payload["user"]["id"]),
            value=str(action["value"]),
            answer_to=str(payload.get("response_url", "")),
            blocks=list(payload.get("message", {}).get("blocks", ())),
            block=str(action.get("block_id", "")),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def telegram_press(update: Any) -> tuple[str, str, dict[str, Any]] | None:
    """Return who pressed what, and the callback itself; None where it is no press of a button."""
    try:
        query = update["callback_query"]
        return str(query["from"]["id"]), str(query["data"]), dict(query)
    except (KeyError, TypeError, ValueError):
        return None


def _actions(ask: Ask) -> tuple[str, ...]:
    return ("hold",) if ask.stopped else ("approve", "hold")
