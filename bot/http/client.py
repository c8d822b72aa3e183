"""One session for everybody: always a timeout, and transport errors in the bot's own words."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import stamina
from urllib3.exceptions import HTTPError

from bot.domain.errors import DeliveryError, NotSent, Unclear
from bot.http.deadline import Adapter, Deadline, within

#: Seconds to connect, seconds between two bytes of the answer. X has kept requests hanging for
#: minutes (tweepy issue 2024).
TIMEOUT = (5.0, 30.0)

#: Bytes that are taken of an answer; a platform's largest page of posts has a tenth of that.
MOST = 10_000_000

#: Bytes a second that a slow line sends.
SLOW = 50_000

REDACTED = "[redacted]"


class TooMuch(requests.RequestException):
    """An answer that is larger than any of a platform's is."""


class Session(requests.Session):
    """`requests.Session` that always comes to an end, and ignores proxy variables.

    The timeout is for each wait; a whole request may take twice as long, and the time its own
    body needs on a slow line. Of an answer `MOST` bytes are taken.
    """

    def __init__(self, timeout: tuple[float, float] = TIMEOUT) -> None:
        super().__init__()
        self.timeout = timeout
        self.trust_env = False
        self.mount("http://", Adapter())
        self.mount("https://", Adapter())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; like requests, but with the session's timeout where none is given."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self.timeout
        return super().request(*args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request and read its answer, all of it in time and within bounds."""
        sending = int(request.headers.get("Content-Length") or 0) / SLOW
        with within(2 * sum(self.timeout) + sending) as deadline:
            response = super().send(request, **{**kwargs, "stream": True})
            _take(response, deadline)
        return response


def _take(response: requests.Response, deadline: Deadline) -> None:
    """Read the answer's body. Raises RequestException."""
    if response._content_consumed:  # type: ignore[attr-defined]  # noqa: SLF001 -- a hook has read it
        return
    body = bytearray()
    try:
        # read1 unpacks no more than is asked for, whatever a small packed body may hold.
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > MOST:
                break
    except (HTTPError, OSError) as exc:
        raise requests.ConnectionError(exc, request=response.request) from exc
    if len(body) > MOST:
        response.close()
        raise TooMuch(f"more than {MOST} bytes", request=response.request)
    if deadline.passed:  # hanging up looks like the end of a body without a length
        raise requests.ReadTimeout("it took too long", request=response.request)
    response._content = bytes(body)  # noqa: SLF001 -- requests has no public way to bound it
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001
    response.raw.release_conn()


class Body(io.BytesIO):
    """A request body that knows whether any of it was taken to be sent.

    The line is opened, secured and given the headers first; only then the body is read. While
    it is untouched, the other side has at most headers that announce a body, and cannot act.
    That is sure whatever went wrong; the kind of an exception is not: the same one stands for a
    failed handshake and for a line that broke while the answer was awaited.
    """

    taken = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes, and remember that they were asked for."""
        self.taken = True
        return super().read(size)


def post_once(send: Callable[[Body], requests.Response], content: bytes) -> requests.Response:
    """Make one request that must not happen twice; `send` makes it with the body it is given.

    Raises:
        NotSent: nothing of `content` left this machine.
        Unclear: some of it may have; the unforeseen included.
    """
    body = Body(content)
    try:
        return send(body)
    except requests.RequestException as exc:
        raise classify(exc, taken=body.taken) from exc


def classify(exc: requests.RequestException, *, taken: bool) -> NotSent | Unclear:
    """Say what a transport error means for a request that must not happen twice.

    Args:
        exc: what requests raised; tweepy lets it through as it is.
        taken: whether the body may have left, see `Body`.
    """
    host = host_of(exc)
    if taken:
        return Unclear(
            f"The line to {host} failed after the post was written to it"
            f" ({type(exc).__name__}). It may be live, so it is not sent again; the bot looks first."
        )
    return NotSent(
        f"No connection to {host} ({type(exc).__name__}). Nothing was sent; it is tried again."
    )


_patiently = stamina.RetryingCaller(attempts=3, wait_max=2.0)


def safely(
    call: Callable[[], requests.Response],
    *,
    refused: type[Exception],
    passing: Callable[[requests.Response], bool],
    explain: Callable[[requests.Response], DeliveryError],
) -> requests.Response:
    """Make a request that cannot make a post live; try it up to three times.

    Args:
        call: makes the request.
        refused: what it raises for an answer that is not 2xx, with the answer as `response`.
        passing: whether such an answer may be another one in a moment.
        explain: what such an answer means in the end.

    Raises:
        DeliveryError: `explain`'s for an answer.
        NotSent: there was none.
    """

    def again(exc: Exception) -> bool:
        if isinstance(exc, refused):
            return passing(_response_of(exc))
        return isinstance(exc, requests.ConnectionError | requests.Timeout)

    try:
        return _patiently(again, call)
    except refused as exc:
        raise explain(_response_of(exc)) from exc
    except requests.RequestException as exc:
        text = f"{host_of(exc)} does not answer. Nothing was posted; it is tried again."
        raise NotSent(text) from exc


def _response_of(exc: Exception) -> requests.Response:
    response = getattr(exc, "response", None)
    if not isinstance(response, requests.Response):
        raise TypeError(f"{type(exc).__name__} carries no answer")
    return response


def host_of(exc: requests.RequestException) -> str:
    """Return the host a failed request was for."""
    url = exc.request.url if exc.request is not None else None
    return urlsplit(url or "").hostname or "the platform"


def said(response: requests.Response) -> str:
    """Return the text of an answer, without the keys its request carried."""
    text = response.text
    authorization = response.request.headers.get("Authorization") or b""
    if isinstance(authorization, bytes):  # requests_oauthlib leaves bytes
        authorization = authorization.decode("latin-1")
    for secret in re.findall(r"[^\s\",=]{8,}", authorization):
        text = text.replace(secret, REDACTED)
    return text


def date_of(response: requests.Response) -> datetime | None:
    """Return the other side's time of day when it answered, None where it does not say."""
    try:
        date = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
