"""What X's answers mean for a post: surely not live, or unclear."""

import json
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy

from bot.domain.errors import Blocked, DeliveryError, NotSent, Rejected, Unclear

#: Answers to a refused post that mean the account, not the words, must be mended. Matched on the
#: last path segment of the problem's type (both api.x.com and api.twitter.com are in use).
_ACCOUNT = {
    "credits": "X has no credits left for this account. Top up at developer.x.com.",
    "usage-capped": "X's monthly cap is used up. Raise it at developer.x.com, or wait.",
    "oauth1-permissions": "The X access token may only read. Set the app to Read and write, make a "
    "new access token, and put it into BOT_X__ACCESS_TOKEN and BOT_X__ACCESS_TOKEN_SECRET.",
    "unsupported-authentication": "X wants the account's own token, not the app's.",
    "client-forbidden": "X does not let this app post. Check its project and plan at developer.x.com.",
}
_TITLES = {
    "CreditsDepleted": "credits",
    "SpendCapReached": "credits",
    "UsageCapExceeded": "usage-capped",
}


def explain(exc: tweepy.HTTPException, *, posting: bool) -> DeliveryError:
    """Return what an answer that is not 2xx means (X API, Response codes and errors).

    Args:
        exc: the answer.
        posting: it answers POST /2/tweets; other requests cannot make a post live, so that
            nothing about them is unclear.
    """
    response = exc.response
    status = response.status_code
    body = _body(response)
    raw = response.text
    cause = _account_cause(body)
    detail = str(body.get("detail") or body.get("title") or "")
    result: DeliveryError
    if cause:
        result = Blocked(cause, status=status, raw=raw)
    elif status == 401:
        message = "X does not accept the keys. Nothing was posted. Check the four BOT_X__ keys."
        result = Blocked(message, status=status, raw=raw)
    elif status == 402:
        result = Blocked(_ACCOUNT["credits"], status=status, raw=raw)
    elif status == 429:
        result = NotSent(
            "X's limit is reached; the post waits until it is lifted.",
            retry_at=reset_time(response),
            status=status,
            raw=raw,
        )
    elif status == 403 and "duplicate content" in detail:
        message = "X says it has this text already; looking whether that is our post."
        result = Unclear(message, status=status, raw=raw)
    elif status >= 500 or status in (404, 409) or 300 <= status < 400:
        result = _trouble(status, raw, posting=posting)
    else:
        message = f"X refused the post: {detail or 'no reason given'} Edit it and approve it again."
        result = Rejected(message, status=status, raw=raw)
    return result


def reset_time(response: requests.Response) -> datetime | None:
    """Return when the exhausted limit is lifted, None where no header tells.

    The 15-minute headers of an answer that is over the 24-hour limit look fine; so the latest
    reset among the limits with nothing remaining counts (X API, Rate limits; the 24-hour headers
    are undocumented).
    """
    resets = []
    for family in ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour"):
        remaining = response.headers.get(f"{family}-remaining")
        reset = response.headers.get(f"{family}-reset", "")
        if remaining == "0" and reset.isdecimal() and len(reset) < 12:
            resets.append(datetime.fromtimestamp(int(reset), UTC))
    return max(resets, default=None)


def _trouble(status: int, raw: str, *, posting: bool) -> DeliveryError:
    if posting:
        message = f"X answered {status}; the post may be live all the same. Looking."
        return Unclear(message, status=status, raw=raw)
    return NotSent(
        f"X answered {status}; nothing was posted, it is tried again.", status=status, raw=raw
    )


def _account_cause(body: dict[str, Any]) -> str | None:
    kind = str(body.get("type", "")).rstrip("/").rsplit("/", 1)[-1]
    return _ACCOUNT.get(_TITLES.get(str(body.get("title", "")), kind))


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
