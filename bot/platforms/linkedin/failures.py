"""What LinkedIn's answers mean for a post: surely not live, unclear, or live already."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import requests

from bot.domain.errors import (
    Blocked,
    DeliveryError,
    NotEditable,
    NotSent,
    Rejected,
    Unclear,
)
from bot.http.client import said

#: What was asked of LinkedIn. Only "post" can make a post live, so only there anything is unclear.
Doing = Literal["post", "card", "look", "edit", "delete"]

_DUPLICATE_OF = re.compile(r"\burn:li:(?:share|ugcPost):([0-9]{5,25})\b")

#: Answers that mean the account or its settings must be mended, not the words.
_ACCOUNT = {
    401: "LinkedIn does not accept the token: it has expired (after 60 days), was revoked or is "
    "wrong. Nothing was posted; posts wait. Make a new one and put it into "
    "BOT_LINKEDIN__ACCESS_TOKEN.",
    403: "LinkedIn does not let this app do that. Nothing was posted; posts wait. Check the app's "
    "products at linkedin.com/developers, and that the token belongs to BOT_LINKEDIN__AUTHOR.",
    426: "LinkedIn has retired this API version. Nothing was posted; posts wait. Set "
    "BOT_LINKEDIN__VERSION to a current one (YYYYMM).",
}
_WRONG_AUTHOR = (
    "The token is a member's, but BOT_LINKEDIN__AUTHOR is a page. Nothing was posted; posts wait. "
    "Use a token with w_organization_social in BOT_LINKEDIN__ACCESS_TOKEN."
)
_VERSION_CODES = frozenset({"VERSION_MISSING", "NONEXISTENT_VERSION"})

#: LinkedIn has judged the request itself; it took nothing.
_REFUSED = frozenset({400, 413, 422})

#: LinkedIn will not change or delete this post, whoever asks again.
_UNCHANGED = frozenset({400, 403, 404, 422})


def explain(response: requests.Response, *, doing: Doing, now: datetime) -> DeliveryError:
    """Return what an answer that is not 2xx means.

    Source: Posts API, Error codes. Matched on status and code wherever possible, because LinkedIn
    declares its messages unstable.
    """
    status, raw = response.status_code, raw_of(response)
    if doing in ("edit", "delete") and status in _UNCHANGED:
        return _unchanged(response, doing)
    account = _account(response)
    if account:
        return Blocked(account, status=status, raw=raw)
    if status == 429:
        text = "LinkedIn's daily limit is reached. Nothing was posted; it goes on after 00:00 UTC."
        return NotSent(text, retry_at=_tomorrow(now), status=status, raw=raw)
    if status in _REFUSED and doing != "look" and not _half_done(response):
        part = "post" if doing == "post" else "card"
        text = f"LinkedIn refused the {part}: {_reason(response)} Nothing was posted. Edit it, then approve it again."
        return Rejected(text, status=status, raw=raw)
    if doing == "post":
        text = f"LinkedIn answered {status}. The post may be live all the same, so it is not sent again; the bot looks first."
        return Unclear(text, status=status, raw=raw)
    text = f"LinkedIn answered {status}. Nothing was posted; it is tried again."
    return NotSent(text, status=status, raw=raw)


def _unchanged(response: requests.Response, doing: Doing) -> DeliveryError:
    """Return what it means that LinkedIn will not change or delete a live post."""
    status, raw, reason = response.status_code, raw_of(response), _reason(response)
    if doing == "edit":
        text = f"LinkedIn does not change the post: {reason} It stays as it is; change it by hand."
        return NotEditable(text, status=status, raw=raw)
    if status == 404:
        return NotSent("LinkedIn has no such post.", status=status, raw=raw)
    text = f"LinkedIn does not delete the post: {reason} It is still there. Delete it by hand."
    return Rejected(text, status=status, raw=raw)


def is_dead_version(response: requests.Response) -> bool:
    """Whether LinkedIn does not answer to this API version any more; it took nothing."""
    return response.status_code == 426 or "NONEXISTENT_VERSION" in _codes(response)


def is_too_fresh(response: requests.Response) -> bool:
    """Whether this may be a token that LinkedIn has only just made: it says "revoked" then.

    Seen in the first seconds of a token's life (omniauth-linkedin-openid issue 6).
    """
    body = _body(response)
    revoked = body.get("serviceErrorCode") == 65601 or "REVOKED_ACCESS_TOKEN" in _codes(response)
    return response.status_code == 401 and revoked


def is_duplicate(response: requests.Response) -> bool:
    """Whether this is the 422 for an exact repeat (Share on LinkedIn, Error handling)."""
    named = "DUPLICATE_POST" in _codes(response)
    return response.status_code == 422 and (named or "duplicate" in _message(response).lower())


def duplicate_of(response: requests.Response, *, since: datetime) -> str | None:
    """Return the URN of the post that a duplicate repeats, if it can only be ours.

    Its id carries its time (milliseconds above 22 bits; observed, not documented). One older
    than `since` is another post: LinkedIn also names old, deleted and foreign ones.
    """
    found = _DUPLICATE_OF.search(_message(response))
    return found[0] if found and made_at(found[1]) >= since else None


def made_at(number: str) -> datetime:
    """Return when the post with this URN number was made; the epoch for an impossible one."""
    milliseconds = int(number) >> 22
    if milliseconds > 4_102_444_800_000:  # the year 2100
        milliseconds = 0
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def raw_of(response: requests.Response) -> str:
    """Return the answer's text, and the request's number that LinkedIn's support asks for."""
    number = response.headers.get("x-li-uuid")
    return said(response)[:1900] + (f" (x-li-uuid: {number[:80]})" if number else "")


def _account(response: requests.Response) -> str | None:
    if "Organization permissions must be used" in _message(response):
        return _WRONG_AUTHOR
    if _codes(response) & _VERSION_CODES:
        return _ACCOUNT[426]
    return _ACCOUNT.get(response.status_code)


def _half_done(response: requests.Response) -> bool:
    """Whether LinkedIn failed after it had made the post: it then has a URN, but no activity."""
    return "Unable to obtain activity" in _message(response)


def _tomorrow(now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _reason(response: requests.Response) -> str:
    words = " ".join(_message(response).split())[:500] or "no reason given."
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _message(response: requests.Response) -> str:
    return str(_body(response).get("message") or "")


def _codes(response: requests.Response) -> set[str]:
    body = _body(response)
    details = body.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    inputs = errors if isinstance(errors, list) else []
    return {str(body.get("code"))} | {str(e.get("code")) for e in inputs if isinstance(e, dict)}


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
