"""What X's answers mean for a post: surely not live, or unclear."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import requests

from bot.domain.errors import Blocked, DeliveryError, NotSent, Rejected, Unclear
from bot.http.client import said

#: What was asked of X. Only "post" can make a post live, so only there anything is unclear.
Doing = Literal["post", "card", "look", "delete"]

#: Answers that mean the account, not the words, must be mended. Matched on the last part of the
#: problem's type, because both api.x.com and api.twitter.com are in use.
_ACCOUNT = {
    "credits": "X has no credits left for this account, or its spending limit is reached. Nothing "
    "was posted; posts wait. Top up at developer.x.com.",
    "usage-capped": "X's monthly cap is used up. Nothing was posted; posts wait. Raise it at "
    "developer.x.com, or wait for the next month.",
    "oauth1-permissions": "The X access token may only read. Nothing was posted. Set the app to Read "
    "and write, make a new access token, and put it into BOT_X__ACCESS_TOKEN and "
    "BOT_X__ACCESS_TOKEN_SECRET.",
    "unsupported-authentication": "X wants the account's own token, not the app's. Nothing was "
    "posted. Check BOT_X__ACCESS_TOKEN.",
    "client-forbidden": "X does not let this app do that. Nothing was posted. Check its project and "
    "plan at developer.x.com.",
}
_TITLES = {
    "CreditsDepleted": "credits",
    "SpendCapReached": "credits",
    "UsageCapExceeded": "usage-capped",
}
_STATUSES = {
    401: "X does not accept the keys. Nothing was posted; posts wait. Check BOT_X__CONSUMER_KEY, "
    "BOT_X__CONSUMER_SECRET, BOT_X__ACCESS_TOKEN and BOT_X__ACCESS_TOKEN_SECRET.",
    402: _ACCOUNT["credits"],
}

#: X has judged the request itself; it took nothing.
_REFUSED = frozenset({400, 403, 413, 422})
_DUPLICATE = re.compile(r"duplicate (?:content|post|tweet|status)|is a duplicate", re.IGNORECASE)

#: Limit headers: documented for 15 minutes, undocumented but sent for 24 hours (X API, Rate limits).
_FAMILIES = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")


def explain(response: requests.Response, *, doing: Doing, now: datetime) -> DeliveryError:
    """Return what an answer that is not 2xx means (X API, Response codes and errors)."""
    status, raw, body = response.status_code, said(response), _body(response)
    cause = _ACCOUNT.get(_kind(body)) or _STATUSES.get(status)
    if cause:
        return Blocked(cause, status=status, raw=raw)
    if status == 429:
        text = "X's limit is reached. Nothing was posted; it goes on by itself when it is lifted."
        return NotSent(text, retry_at=reset_time(response, now), status=status, raw=raw)
    if doing != "post":
        return _harmless(status, _reason(body), raw, doing)
    if status in _REFUSED and _is_duplicate(body):
        text = (
            "X says it has a post with this text already. It may be ours, so it is not sent again; "
            "the bot looks first."
        )
        return Unclear(text, status=status, raw=raw)
    if status in _REFUSED:
        text = f"X refused the post: {_reason(body)} Nothing was posted. Edit it, then approve it again."
        return Rejected(text, status=status, raw=raw)
    text = f"X answered {status}. The post may be live all the same, so it is not sent again; the bot looks first."
    return Unclear(text, status=status, raw=raw)


def is_not_visible(response: requests.Response) -> bool:
    """Whether X says that the post a reply answers is not there (v1.1 code 385)."""
    body = _body(response)
    codes = {error.get("code") for error in _errors(body)}
    told = "deleted or not visible" in _reason(body).lower()
    return response.status_code == 403 and (385 in codes or told)


def reset_time(response: requests.Response, now: datetime) -> datetime | None:
    """Return when the exhausted limits are lifted; None where no header tells or it is past.

    The 15-minute headers of an answer that is over the 24-hour limit look fine; so the latest
    reset among the limits with nothing remaining counts.
    """
    resets = []
    for family in _FAMILIES:
        remaining = response.headers.get(f"{family}-remaining", "").strip()
        reset = response.headers.get(f"{family}-reset", "").strip()
        if remaining == "0" and re.fullmatch(r"[0-9]{1,11}", reset):
            resets.append(datetime.fromtimestamp(int(reset), UTC))
    latest = max(resets, default=now)
    # No limit of X's is longer than a day: a date beyond that is a mistake, not a reason to wait.
    return latest if now < latest <= now + timedelta(hours=25) else None


def _harmless(status: int, reason: str, raw: str, doing: Doing) -> DeliveryError:
    if doing == "card" and status in _REFUSED:
        text = f"X refused the card: {reason} Nothing was posted. Change the card or its alt text."
        return Rejected(text, status=status, raw=raw)
    if doing == "delete" and status in _REFUSED:
        text = f"X does not delete the post: {reason} It is still there. Delete it by hand."
        return Rejected(text, status=status, raw=raw)
    if doing == "delete":
        text = f"X answered {status}. The post may still be there; deleting it again is safe."
        return NotSent(text, status=status, raw=raw)
    if status == 403:
        text = f"X does not let this account be read: {reason} Nothing was changed. Check the app at developer.x.com."
        return Blocked(text, status=status, raw=raw)
    text = f"X answered {status}. Nothing was posted; it is tried again."
    return NotSent(text, status=status, raw=raw)


def _kind(body: dict[str, Any]) -> str:
    return _TITLES.get(str(body.get("title")), str(body.get("type", "")).rstrip("/").split("/")[-1])


def _is_duplicate(body: dict[str, Any]) -> bool:
    codes = {error.get("code") for error in _errors(body)}
    return 187 in codes or bool(_DUPLICATE.search(_reason(body)))  # 187: the v1.1 code


def reason(response: requests.Response) -> str:
    """Return what X says is wrong, as a sentence."""
    return _reason(_body(response))


def _reason(body: dict[str, Any]) -> str:
    """Return what X says is wrong, as a sentence; its most particular words win."""
    told = [str(error["message"]) for error in _errors(body) if error.get("message")]
    general = [str(body[name]) for name in ("detail", "title") if body.get(name)]
    words = " ".join(told[:3] or general[:1] or ["no reason given."])[:500]
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _errors(body: dict[str, Any]) -> list[dict[str, Any]]:
    errors = body.get("errors")
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
