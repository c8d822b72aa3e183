"""Buttons pressed in Slack and Telegram: only real presses, only by people the house knows."""

import hmac
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from bot.app.keys import digest
from bot.domain.errors import BotError, NotApproved, NotTold
from bot.domain.people import User
from bot.notify import buttons
from bot.web.acts import ACTS, Decision, take
from bot.web.desk import AtDesk, Desk

log = structlog.get_logger(__name__)

router = APIRouter()

STRANGER = "This button is for people of the house; nothing was decided."


async def raw(request: Request) -> bytes:
    """Return the body, byte by byte as it was signed."""
    return await request.body()


async def sent(request: Request) -> Any:
    """Return the JSON that came; None where it is none."""
    try:
        return await request.json()
    except (ValueError, UnicodeDecodeError):
        return None


@router.post("/hooks/slack")
def slack(request: Request, desk: AtDesk, body: Annotated[bytes, Depends(raw)]) -> Response:
    """Take a press of a button in Slack, if Slack signed it just now and it is new."""
    chat, now = desk.app.settings.chat, desk.app.clock.now()
    signature = request.headers.get("x-slack-signature", "")
    real = buttons.slack_signed(
        chat.slack_secret.get_secret_value(),
        timestamp=request.headers.get("x-slack-request-timestamp", ""),
        signature=signature,
        body=body,
        now=now,
    )
    notices = desk.app.store.notices
    if not real or notices.told("slack", digest(signature)):
        log.warning("press.refused", service="slack")
        return Response(status_code=401)
    notices.tell("slack", [digest(signature)], now=now)
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    press = buttons.slack_press(form)
    if press is None:
        return Response(status_code=200)
    text, decided = _decided(desk, chat.slack_users.get(press.who, ""), press.value, "slack")
    _tell_slack(desk, press, text, decided=decided)
    return Response(status_code=200)


@router.post("/hooks/telegram")
def telegram(request: Request, desk: AtDesk, update: Annotated[Any, Depends(sent)]) -> Response:
    """Take a press of a button in Telegram, if it brings the secret of our webhook."""
    chat = desk.app.settings.chat
    secret = chat.telegram_secret.get_secret_value()
    brought = request.headers.get("x-telegram-bot-api-secret-token", "")
    if not secret or not hmac.compare_digest(secret.encode(), brought.encode()):
        log.warning("press.refused", service="telegram")
        return Response(status_code=401)
    press = buttons.telegram_press(update)
    if press is None:
        return Response(status_code=200)
    who, value, query = press
    text, known = _decided(desk, chat.telegram_users.get(who, ""), value, "telegram")
    message = query.get("message")
    if not known or not isinstance(message, dict):
        return JSONResponse(
            {
                "method": "answerCallbackQuery",
                "callback_query_id": query.get("id"),
                "text": text[:200],
                "show_alert": True,
            }
        )
    chat_id = (message.get("chat") or {}).get("id")
    place = {"chat_id": chat_id, "message_id": message.get("message_id")}
    if "caption" in message:  # under a picture
        said = f"\n\n{text}"
        words = f"{message['caption']}"[: buttons.CAPTION - len(said)] + said
        return JSONResponse({"method": "editMessageCaption", **place, "caption": words})
    words = f"{message.get('text', '')}\n\n{text}"
    plain = {"text": words[:4000], "link_preview_options": {"is_disabled": True}}
    return JSONResponse({"method": "editMessageText", **place, **plain})


def _decided(desk: Desk, name: str, value: str, via: str) -> tuple[str, bool]:
    """Decide; return what came of it, and whether everybody may read that."""
    found = buttons.read(value)
    user = desk.app.store.people.find(name) if name else None
    if found is None or user is None or user.disabled_at:
        log.warning("press.refused", service=via, known=bool(user))
        return STRANGER, False
    action, number, seen = found
    if not user.may(ACTS[action].role):
        return f"You are {user.role}; nothing was decided. Ask an admin.", False
    try:
        return _one(desk, user, action, (number, seen), via), True
    except BotError as exc:
        return str(exc), False


def _one(desk: Desk, user: User, action: str, about: tuple[int, str], via: str) -> str:
    number, seen = about
    post = desk.app.store.desk.post(number)
    if not post.fingerprint.startswith(seen):
        raise NotApproved("It was changed since this message; nothing was decided. See the desk.")
    decision = Decision(app=desk.app, user=user, via=via, reason=f"by a button in {via}")
    take(action, post, decision)
    at = desk.app.clock.now().astimezone(desk.app.house.zone)
    return f"{ACTS[action].done} by {user.name}, {at:%H:%M %Z} ({post.channel})."


def _tell_slack(desk: Desk, press: buttons.Press, text: str, *, decided: bool) -> None:
    """Write what came of it into the chat; only Slack's own address is talked to."""
    ours, asked = urlsplit(desk.app.settings.chat.slack_url), urlsplit(press.answer_to)
    known = {("https", "hooks.slack.com"), (ours.scheme, ours.netloc)}
    if (asked.scheme, asked.netloc) not in known:
        return
    body: dict[str, Any] = {"text": text, "response_type": "ephemeral", "replace_original": False}
    if decided:
        body = {"text": text, "blocks": press.rewritten(text), "replace_original": True}
    try:
        buttons.send(press.answer_to, body, service="Slack")
    except NotTold as exc:
        log.info("press.not_answered", reason=str(exc))
