"""What a server's refusal means for the next reading."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from bot.domain.errors import SourceError


class Refused(SourceError):  # noqa: N818 -- reads as a sentence where it is raised
    """The server answered, and the answer was not a document.

    Attributes:
        status: its HTTP status.
        retry_at: not before this time, where it said so.
    """

    def __init__(self, message: str, *, status: int, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_at = retry_at


class Unreachable(SourceError):  # noqa: N818
    """The server could not be reached, or did not finish its answer."""


def refusal(url: str, answer: requests.Response, now: datetime) -> Refused:
    """Return what an error of the server means for us."""
    status = answer.status_code
    retry_at = _retry_at(answer.headers.get("retry-after", ""), now)
    if status == 410:
        what = "is gone for good (410). Remove the source, or give its new address"
    elif status == 429:
        what = "asks us to come less often (429)"
    else:
        what = f"answered {status} {answer.reason or ''}".rstrip()
    later = f"; not asked again before {retry_at:%d %B %H:%M} UTC" if retry_at else ""
    return Refused(f"{url}: {what}{later}. Nothing was read.", status=status, retry_at=retry_at)


def _retry_at(value: str, now: datetime) -> datetime | None:
    """Return the time of a Retry-After header (RFC 9110, 10.2.3), a day ahead at most."""
    try:
        if value.strip().isdigit():
            at = now + timedelta(seconds=min(int(value), 86_400))
        else:
            at = parsedate_to_datetime(value)
            at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        return None
    return min(at, now + timedelta(days=1)) if at > now else None
