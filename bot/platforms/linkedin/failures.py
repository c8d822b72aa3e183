"""What LinkedIn's answers mean for a post: surely not live, unclear, or live already."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from bot.domain.errors import Blocked, DeliveryError, NotReadable, NotSent, Rejected, Unclear

_DUPLICATE = re.compile(r"\burn:li:(?:share|ugcPost):(\d{5,25})\b")


#: Answers that mean the account or its settings must be mended, not the words.
_ACCOUNT = {
    401: "LinkedIn does not accept the token (expired, revoked or wrong). Nothing was posted. "
    "Make a new one and put it into BOT_LINKEDIN__ACCESS_TOKEN.",
    403: "LinkedIn does not let this app do that. Nothing was posted. Check the app's products and "
    "that the token belongs to BOT_LINKEDIN__AUTHOR.",
    426: "LinkedIn has retired this API version. Nothing was posted. Set BOT_LINKEDIN__VERSION to a "
    "current one (YYYYMM).",
}
_WRONG_AUTHOR = (
    "The token is a member's, but BOT_LINKEDIN__AUTHOR is a page. Nothing was posted. Use a token "
    "with w_organization_social."
)


def explain(response: requests.Response, *, posting: bool, now: datetime) -> DeliveryError:
    """Return what an answer that is not 2xx means.

    Source: Posts API, Error codes. Matched on status and code wherever possible, because LinkedIn
    declares its messages unstable.

    Args:
        response: the answer.
        posting: it answers POST /rest/posts; other requests cannot make a post live.
        now: for the daily limits, which are lifted at 00:00 UTC.
    """
    status, raw, said = response.status_code, response.text, message(response)
    result: DeliveryError
    if status in _ACCOUNT or "Organization permissions must be used" in said:
        result = Blocked(_ACCOUNT.get(status, _WRONG_AUTHOR), status=status, raw=raw)
    elif status == 429:
        text = "LinkedIn's daily limit is reached; it is lifted at 00:00 UTC."
        result = NotSent(text, retry_at=_tomorrow(now), status=status, raw=raw)
    elif 400 <= status < 500 and status not in (404, 408, 409):
        text = (
            f"LinkedIn refused the post: {said or 'no reason given'} Edit it and approve it again."
        )
        result = Rejected(text, status=status, raw=raw)
    elif posting:
        text = f"LinkedIn answered {status}; the post may be live all the same. Looking."
        result = Unclear(text, status=status, raw=raw)
    else:
        text = f"LinkedIn answered {status}; it is tried again."
        result = NotSent(text, status=status, raw=raw)
    return result


def _tomorrow(now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=30, microsecond=0)
    return midnight + timedelta(days=1)


def unreadable(response: requests.Response) -> NotReadable:
    """Return the error for an account whose posts LinkedIn does not list."""
    text = "LinkedIn does not let this app read posts back"
    return NotReadable(text, status=response.status_code, raw=response.text)


def duplicate_of(response: requests.Response, *, since: datetime) -> tuple[bool, str | None]:
    """Say whether an answer means "this is a duplicate", and of which post of ours.

    The post named counts as ours only if its id, which carries its time (milliseconds above 22
    bits), is not older than `since`: LinkedIn also names old, deleted and foreign posts.
    """
    if response.status_code != 422 or "DUPLICATE_POST" not in _codes(response):
        return False, None
    found = _DUPLICATE.search(message(response))
    if found and made_at(found[1]) >= since:
        return True, found[0]
    return True, None


def made_at(number: str) -> datetime:
    """Return when the post with this URN number was made; the epoch for an impossible one."""
    milliseconds = int(number) >> 22
    if milliseconds > 4_102_444_800_000:  # the year 2100
        milliseconds = 0
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def message(response: requests.Response) -> str:
    """Return what LinkedIn says, "" where it says nothing readable."""
    return str(_body(response).get("message", ""))[:500]


def _codes(response: requests.Response) -> set[str]:
    body = _body(response)
    details = body.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    codes = {str(body.get("code", ""))}
    return codes | {str(one.get("code")) for one in errors or [] if isinstance(one, dict)}


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
