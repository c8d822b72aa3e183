"""Reading from the web what somebody else wrote: guarded, bounded, and polite."""

import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from bot import __version__
from bot.domain.errors import SourceError
from bot.domain.source import Document
from bot.http.answers import Refused, Unreachable, refusal
from bot.http.guard import Guard
from bot.http.line import Adapter, Line

#: Says who asks and how to say no: robots.txt rules may name "ShiftMakerBot".
USER_AGENT = f"ShiftMakerBot/{__version__} (publishing bot of a news site; reads its own feeds)"


def user_agent(contact: str) -> str:
    """Return the user agent with the address at which a server's owner finds ours."""
    return f"ShiftMakerBot/{__version__} (+{contact})" if contact else USER_AGENT


__all__ = ["Fetched", "Fetcher", "Limits", "Refused", "Unreachable", "Validators", "user_agent"]

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, "
    "application/xhtml+xml;q=0.9, application/xml;q=0.8, application/json;q=0.8, */*;q=0.1"
)

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_CHUNK = 65_536
_GZIP = b"\x1f\x8b\x08"

#: Kinds of content that hold no article, whatever they are called.
_REFUSED = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one fetch may take.

    Attributes:
        size: bytes, after decompression.
        seconds: for everything together: connecting, all redirects, the last byte.
        redirects: how many are followed.
        connect: seconds to wait for one connection.
    """

    size: int = 5_000_000
    seconds: float = 20
    redirects: int = 5
    connect: float = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask it whether anything is new."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, 13.1)."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch gave.

    Attributes:
        document: None where nothing has changed since last time.
        moved: the new address, where every redirect on the way there was permanent.
    """

    document: Document | None
    validators: Validators = field(default_factory=Validators)
    moved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches documents; holds no state.

    Attributes:
        refuses: how the content types begin that are not read.
    """

    guard: Guard = field(default_factory=Guard)
    limits: Limits = field(default_factory=Limits)
    agent: str = USER_AGENT
    refuses: tuple[str, ...] = _REFUSED

    def get(self, url: str, *, now: datetime, known: Validators | None = None) -> Fetched:
        """Return what is at an address of the web.

        Args:
            url: http or https.
            now: for a Retry-After given in seconds.
            known: what the server said last time.

        Raises:
            Refused: the server answered with an error.
            SourceError: the address may not be read, cannot be reached, or gives too much, too
                slowly, or something that holds no article.
        """
        hop = _Hops(self, now)
        try:
            return hop.follow(url, known or Validators())
        finally:
            hop.close()


class _Hops:
    """One fetch: the hops from address to address under one deadline."""

    def __init__(self, fetcher: Fetcher, now: datetime) -> None:
        self.limits = fetcher.limits
        self.agent = fetcher.agent
        self.refuses = fetcher.refuses
        self.now = now
        self.line = Line(fetcher.guard, fetcher.limits.connect)
        self.session = requests.Session()
        self.session.trust_env = False
        adapter = Adapter(self.line)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)
        # A server that sends a byte now and then never runs into a read timeout, not even in its
        # headers. Hanging up from outside ends every phase alike.
        self.timer = threading.Timer(fetcher.limits.seconds, self.line.hang_up)
        self.timer.daemon = True
        self.timer.start()

    def close(self) -> None:
        self.timer.cancel()
        self.session.close()

    def follow(self, url: str, known: Validators) -> Fetched:
        permanent = True
        asked = url
        for _ in range(self.limits.redirects + 1):
            with self._ask(url, known.headers) as answer:
                if answer.status_code in _REDIRECTS and "location" in answer.headers:
                    permanent = permanent and answer.status_code in _PERMANENT
                    url = urljoin(url, answer.headers["location"])
                    continue
                moved = url if permanent and url != asked else ""
                return self._take(url, answer, known, moved)
        raise SourceError(
            f"{asked}: more than {self.limits.redirects} redirects; nothing was read."
        )

    def _take(self, url: str, answer: requests.Response, known: Validators, moved: str) -> Fetched:
        if answer.status_code == 304:
            return Fetched(document=None, validators=known, moved=moved)
        if answer.status_code != 200:
            raise refusal(url, answer, self.now)
        kind = answer.headers.get("content-type", "")
        if kind.lower().startswith(self.refuses):
            raise SourceError(f"{url}: {kind.split(';')[0]} holds no article; nothing was read.")
        content = self._body(url, answer.raw)
        if content.startswith(_GZIP):  # a sitemap.xml.gz, packed as a file and not on its way
            content = self._unpacked(url, content)
        document = Document(url=url, content=content, content_type=kind, headers=_links(answer))
        return Fetched(
            document=document,
            validators=Validators(
                etag=answer.headers.get("etag", ""),
                last_modified=answer.headers.get("last-modified", ""),
            ),
            moved=moved,
        )

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        parts = _parts(url)
        try:
            return self.session.get(
                url,
                headers={
                    "User-Agent": self.agent,
                    "Accept": ACCEPT,
                    "Accept-Encoding": "gzip, deflate, br",
                    **headers,
                },
                timeout=(self.limits.connect, self.limits.seconds),
                allow_redirects=False,
                stream=True,
            )
        except requests.exceptions.SSLError as exc:
            raise SourceError(f"{parts}: no secure connection; nothing was read. ({exc})") from exc
        except (requests.RequestException, HTTPError, ValueError) as exc:
            raise self._failure(url, exc) from exc

    def _body(self, url: str, raw: HTTPResponse) -> bytes:
        body = bytearray()
        try:
            # read1 gives what has arrived and decompresses no more than asked for; other ways of
            # reading unpack a 1.5 MB bomb into gigabytes before the size can be looked at.
            while chunk := raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > self.limits.size:
                    raise SourceError(
                        f"{url}: more than {self.limits.size:,} bytes; nothing was read."
                    )
        except (HTTPError, OSError, ValueError) as exc:
            raise self._failure(url, exc) from exc
        if self.line.hung_up:
            raise self._failure(url, None)
        return bytes(body)

    def _unpacked(self, url: str, content: bytes) -> bytes:
        unpack = zlib.decompressobj(wbits=31)
        try:
            found = unpack.decompress(content, self.limits.size)
        except zlib.error as exc:
            raise SourceError(f"{url}: broken gzip; nothing was read.") from exc
        if unpack.unconsumed_tail:
            raise SourceError(f"{url}: more than {self.limits.size:,} bytes; nothing was read.")
        return found

    def _failure(self, url: str, exc: Exception | None) -> SourceError:
        for cause in _causes(exc):
            if isinstance(cause, SourceError):
                return cause
        if self.line.hung_up:
            return Unreachable(
                f"{url}: not there after {self.limits.seconds:g} seconds; nothing was read."
            )
        return Unreachable(f"{url}: {_why(exc)}; nothing was read.")


def _parts(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise SourceError(f"{url!r} is not an address ({exc}); nothing was fetched.") from exc
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{url!r} is not an address of the web (https://…); nothing was fetched.")
    if parts.username or parts.password:
        raise SourceError(
            f"The address at {parts.hostname} carries a name or password; nothing was fetched."
        )
    return parts.hostname


def _causes(exc: BaseException | None) -> list[BaseException]:
    """Return an error and what led to it, requests' and urllib3's wrappings included."""
    found: list[BaseException] = []
    queue = [exc]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found


def _why(exc: Exception | None) -> str:
    last = next((c for c in _causes(exc) if isinstance(c, OSError) and c.strerror), None)
    if last is not None:
        return str(last.strerror)
    name = type(exc).__name__ if exc else "broken off"
    return f"no usable answer ({name})"


def _links(answer: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}
