"""One session for everybody: always a timeout, and transport errors in the bot's own words."""

from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from bot.domain.errors import NotSent, Unclear

#: Seconds to connect, seconds between two bytes of the answer (facts: X hangs, tweepy#2024).
TIMEOUT = (5.0, 30.0)


class Session(requests.Session):
    """`requests.Session` that never goes without a timeout and ignores proxy variables."""

    def __init__(self, timeout: tuple[float, float] = TIMEOUT) -> None:
        super().__init__()
        self.timeout = timeout
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; like requests, but with the session's timeout where none is given."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self.timeout
        return super().request(*args, **kwargs)


def classify(exc: requests.RequestException) -> NotSent | Unclear:
    """Say what a transport error means for a request that must not happen twice.

    Only where not a single byte of the request can have left (no connection was made) is it
    NotSent; everything else, the unforeseen included, is Unclear.
    """
    host = _host(exc)
    if isinstance(exc, requests.ConnectTimeout):
        return NotSent(f"No connection to {host} in time; nothing was sent.")
    if isinstance(exc, requests.exceptions.SSLError):
        return NotSent(f"No secure connection to {host}; nothing was sent. ({exc})")
    if isinstance(exc, requests.ConnectionError):
        cause = exc.args[0] if exc.args else None
        if isinstance(getattr(cause, "reason", None), NewConnectionError):
            return NotSent(f"No connection to {host}; nothing was sent.")
        return Unclear(f"The line to {host} went dead after the request was written.")
    return Unclear(f"No usable answer from {host}: {type(exc).__name__}.")


def _host(exc: requests.RequestException) -> str:
    url = exc.request.url if exc.request is not None else None
    return (url or "the platform").split("/")[2 if url and "//" in url else 0]
