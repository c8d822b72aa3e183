"""What LinkedIn lets one do with a live post: change its words, take it down, read its numbers."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import requests

from bot.domain.delivery import Metrics, Receipt, Ticket
from bot.domain.errors import NotEditable, NotReadable, NotSent, Rejected, Unclear
from bot.platforms.linkedin import reading
from bot.platforms.linkedin.asking import Asking

_POST = re.compile(r"urn:li:(?:share|ugcPost):[0-9]+")
_COMMENT = re.compile(r"urn:li:comment:\((urn:li:[A-Za-z]+:[0-9]+),([0-9]+)\)")

#: LinkedIn's numbers (Organization Share Statistics), by ours.
_NUMBERS = {
    "impressions": "impressionCount",
    "reactions": "likeCount",
    "comments": "commentCount",
    "shares": "shareCount",
    "clicks": "clickCount",
}


def amended(ticket: Ticket, receipt: Receipt, text: str, wire: str, fingerprint: str) -> Ticket:
    """Return the ticket of the post with other words. Raises NotEditable."""
    if ticket.part or not _POST.fullmatch(receipt.remote_id):
        text = "Only a post itself can be changed, not a comment. It stays as it is; change it by hand."
        raise NotEditable(text)
    body = json.loads(ticket.request) | {"commentary": wire}
    request = json.dumps(body, ensure_ascii=False)
    return replace(ticket, request=request, text=text, fingerprint=fingerprint)


def edit(amended: Ticket, receipt: Receipt, asking: Asking) -> None:
    """Set the post's words (PARTIAL_UPDATE). Repeated, it changes nothing more.

    Raises:
        NotEditable, NotSent, Blocked, Unclear: see the port.
    """
    changes = {"commentary": json.loads(amended.request)["commentary"]}
    try:
        asking.safely(partial(asking.client.update, receipt.remote_id, changes), "edit")
    except NotSent as exc:
        if exc.status is not None and exc.status < 500:
            raise
        text = "Nobody knows whether LinkedIn has changed the post; the bot reads it back."
        raise Unclear(text, status=exc.status, raw=exc.raw) from exc


def delete(receipt: Receipt, asking: Asking) -> None:
    """Take a post or a comment down; one that is gone is fine. Raises Rejected, NotSent, Blocked."""
    comment = _COMMENT.fullmatch(receipt.remote_id)
    if comment:
        call = partial(asking.client.remove_comment, comment[1], comment[2])
    elif _POST.fullmatch(receipt.remote_id):
        call = partial(asking.client.remove, receipt.remote_id)
    else:
        text = f"LinkedIn's name of the post is not known ({receipt.remote_id}). Delete it by hand."
        raise Rejected(text)
    try:
        asking.safely(call, "delete")
    except NotSent as exc:
        if exc.status != 404:
            raise


def metrics(receipts: Sequence[Receipt], asking: Asking) -> dict[str, Metrics]:
    """Return a page's numbers for these posts. Raises NotReadable, NotSent, Blocked."""
    if not asking.organization:
        raise NotReadable("LinkedIn does not show a member's numbers to an app.")
    urns = [one.remote_id for one in receipts if _POST.fullmatch(one.remote_id)]
    if not urns:
        return {}
    try:
        response = asking.safely(partial(asking.client.statistics, urns), "look")
    except NotReadable as exc:
        text = (
            "LinkedIn does not show this app the page's numbers (rw_organization_admin is missing)."
        )
        raise NotReadable(text, status=exc.status, raw=exc.raw) from exc
    return _counted(response, set(urns))


def _counted(response: requests.Response, urns: set[str]) -> dict[str, Metrics]:
    elements = reading.answer(response).get("elements")
    found: dict[str, Metrics] = {}
    for one in elements if isinstance(elements, list) else []:
        if not isinstance(one, dict):
            continue
        urn = str(one.get("share") or one.get("ugcPost") or "")
        counts = one.get("totalShareStatistics")
        if urn in urns and isinstance(counts, dict):
            found[urn] = Metrics(**{ours: _count(counts, name) for ours, name in _NUMBERS.items()})
    return found


def _count(counts: dict[str, Any], name: str) -> int | None:
    value = counts.get(name)
    return value if isinstance(value, int) else None
