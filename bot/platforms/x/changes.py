"""What X lets one do with a live post: change it for a while, take it down, read its numbers."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import requests

from bot.domain.delivery import Deed, Item, Metrics, Receipt, Ticket
from bot.domain.errors import DeliveryError, NotEditable, Rejected, Unclear
from bot.domain.ports import Dialect
from bot.http.client import said
from bot.platforms.x import reading
from bot.platforms.x.failures import explain, reason

#: X's numbers, by their name in its guides and in its specification since 2.167.
_NUMBERS = {
    "impressions": ("impression_count",),
    "reactions": ("like_count",),
    "comments": ("reply_count",),
    "saves": ("bookmark_count",),
}
_SHARES = (("retweet_count", "repost_count"), ("quote_count",))


def amended(
    ticket: Ticket,
    receipt: Receipt,
    text: str,
    fingerprint: str,
    *,
    window: timedelta,
    now: datetime,
) -> Ticket:
    """Return the request that replaces a post (X API, Edit Posts). Raises NotEditable.

    X's pages disagree on the window (30 minutes, one hour); `window` is a setting.
    """
    if not window:
        text = "BOT_X__EDIT_MINUTES is 0: this account's posts cannot be edited. The post stays as it is."
        raise NotEditable(text)
    if not re.fullmatch(r"[0-9]{1,19}", receipt.remote_id):
        raise NotEditable(f"X's number of the post is not known ({receipt.remote_id}).")
    if now - reading.time_of(receipt.remote_id) >= window:
        minutes = int(window.total_seconds() // 60)
        raise NotEditable(
            f"X lets a post be edited for {minutes} minutes; this one is older. It stays as it is: "
            "leave it, delete it, or answer it."
        )
    body: dict[str, Any] = json.loads(ticket.request)
    body |= {"text": text, "edit_options": {"previous_post_id": receipt.remote_id}}
    request = json.dumps(body, ensure_ascii=False)
    return replace(ticket, request=request, text=text, fingerprint=fingerprint)


def refusal(response: requests.Response, now: datetime) -> DeliveryError:
    """Return what it means that X did not change a post."""
    error = explain(response, doing="post", now=now)
    if isinstance(error, Rejected):
        text = f"X does not change the post: {reason(response)} It stays as it is."
        return NotEditable(text, status=error.status, raw=error.raw)
    if isinstance(error, Unclear):
        text = "Nobody knows whether X has changed the post; the bot reads it back."
        return Unclear(text, status=error.status, raw=error.raw)
    return error


def numbers(posts: Sequence[reading.Post], receipts: Sequence[Receipt]) -> dict[str, Metrics]:
    """Return the numbers of the posts of these receipts."""
    wanted = {receipt.remote_id for receipt in receipts}
    return {
        str(post["id"]): _metrics(post["public_metrics"])
        for post in posts
        if str(post["id"]) in wanted and isinstance(post.get("public_metrics"), dict)
    }


def _metrics(counts: dict[str, Any]) -> Metrics:
    shares = [_count(counts, names) for names in _SHARES]
    known = [count for count in shares if count is not None]
    found = {name: _count(counts, names) for name, names in _NUMBERS.items()}
    return Metrics(**found, shares=sum(known) if known else None)


def _count(counts: dict[str, Any], names: tuple[str, ...]) -> int | None:
    found = (counts.get(name) for name in names)
    return next((one for one in found if isinstance(one, int)), None)


def billed(deed: Deed, ticket: Ticket | None, count: int, dialect: Dialect) -> dict[Item, int]:
    """Return what X bills for a deed (X API, Pricing, April 2026)."""
    match deed:
        case Deed.CHECK:
            return {Item.USER_READ: 1}
        case Deed.PREPARE:
            return {Item.ALT_TEXT: count}
        case Deed.SEND | Deed.EDIT:
            entities = dialect.measure(ticket.text).entities if ticket else ()
            linked = any(entity.kind == "url" for entity in entities)
            return {Item.POST_WITH_LINK if linked else Item.POST: 1}
        case Deed.DELETE:
            return {Item.DELETE: 1}
        case Deed.METRICS:
            return {Item.OWNED_READ: count}


def unread(response: requests.Response) -> Unclear:
    """Return what an answer to an edit without the post's new number means."""
    text = "X took the change, but its answer names no post; the bot reads it back."
    return Unclear(text, status=response.status_code, raw=said(response))
