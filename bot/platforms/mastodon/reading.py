"""Statuses as Mastodon gives them back: HTML, compared with what was sent."""

import html
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

import requests

from bot.domain.delivery import Metrics, Ticket
from bot.domain.errors import NotSent
from bot.http.client import said
from bot.platforms.mastodon.client import body_of

Status = dict[str, Any]


def one(response: requests.Response) -> Status:
    """Return the status or account in an answer. Raises NotSent where there is none."""
    body = body_of(response)
    if not isinstance(body, dict) or not re.fullmatch(r"[0-9]{1,20}", str(body.get("id"))):
        text = "Mastodon's answer has no id. Nothing was changed; it is tried again."
        raise NotSent(text, status=response.status_code, raw=said(response))
    return body


def many(response: requests.Response) -> list[Status]:
    """Return the statuses in an answer. Raises NotSent where it is no list of them."""
    body = body_of(response)
    if not isinstance(body, list) or not all(
        isinstance(x, dict) and re.fullmatch(r"[0-9]{1,20}", str(x.get("id"))) for x in body
    ):
        text = (
            "Mastodon did not list the account's posts. Nothing was changed; the bot looks again."
        )
        raise NotSent(text, status=response.status_code, raw=said(response))
    return body


def id_at(moment: datetime) -> int:
    """Return the lowest id a status made at `moment` can have (milliseconds above 16 bits)."""
    return max(0, int(moment.timestamp() * 1000)) << 16


def made(status: Status) -> datetime:
    """Return when a status was made; the epoch where it does not say."""
    try:
        moment = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def readable(status: Status) -> str:
    """Return the text as followers read it."""
    marked = re.sub(r"(?i)<br\s*/?>|</p>\s*<p>", "\n", str(status.get("content") or ""))
    return html.unescape(re.sub(r"<[^>]*>", "", marked)).strip()


def has_text(status: Status, ticket: Ticket) -> bool:
    """Whether followers read the ticket's text, whatever the spacing."""
    return _plain(readable(status)) == _plain(ticket.text)


def has_pictures(status: Status, ticket: Ticket) -> bool:
    """Whether the status carries the ticket's pictures, and there are some."""
    there = [str(x.get("id")) for x in status.get("media_attachments") or [] if isinstance(x, dict)]
    return [media.id for media in ticket.media] == there


def numbers(status: Status) -> Metrics:
    """Return how a status does; Mastodon counts no impressions."""
    return Metrics(
        reactions=_count(status, "favourites_count"),
        comments=_count(status, "replies_count"),
        shares=_count(status, "reblogs_count"),
    )


def _count(status: Status, name: str) -> int | None:
    value = status.get(name)
    return value if isinstance(value, int) else None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
