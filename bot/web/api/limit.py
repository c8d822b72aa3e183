"""How often a token may ask: a moving minute, counted for each token in this process.

Answers say it in the headers of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` what is
allowed, `RateLimit` what is left.
"""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.access import Token
from bot.web.api.problems import TooMany

WINDOW = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a token may still ask.

    Attributes:
        limit: requests in one minute.
        left: of them.
        reset: seconds until there is room again, or all of it.
    """

    limit: int
    left: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The same for a program."""
        return {
            "RateLimit-Policy": f'"token";q={self.limit};w={WINDOW}',
            "RateLimit": f'"token";r={self.left};t={self.reset}',
        }


class Limiter:
    """Counts; `per_minute` 0 counts nothing."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._counting = MovingWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(max(1, per_minute))

    def take(self, request: Request, token: Token) -> None:
        """Count a request, once, and note for its answer what is left. Raises TooMany."""
        if not self.per_minute or hasattr(request.state, "quota"):
            return
        name = str(token.id)
        good = self._counting.hit(self._item, name)
        until, left = self._counting.get_window_stats(self._item, name)
        reset = max(1, math.ceil(until - time.time()))  # noqa: TID251 -- that of the library
        quota = Quota(limit=self.per_minute, left=left, reset=min(WINDOW, reset))
        request.state.quota = quota
        if not good:
            raise TooMany(
                f"This token has asked {self.per_minute} times within a minute; nothing was done. "
                f"Ask again in {quota.reset} seconds."
            )


def dressed(request: Request, response: Response) -> Response:
    """Return the answer with what is left."""
    quota = getattr(request.state, "quota", None)
    if isinstance(quota, Quota):
        response.headers.update(quota.headers)
    return response
