"""One request to a stand-in platform and its answer, and how faults come between the two."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.http.sandbox.faults import Fault, Kind
from bot.http.sandbox.state import State

#: The largest request kept in memory; X takes pictures of 5 MB and GIFs of 15 MB at most.
MAX_BODY = 24 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: JSON, text (as HTML), bytes or nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return the answer as it goes over the wire."""
        headers = dict(self.headers)
        if isinstance(self.body, bytes):
            return Response(self.body, self.status, headers)
        if self.body is None:
            return Response(status_code=self.status, headers=headers)
        if isinstance(self.body, str):
            return Response(self.body, self.status, headers, media_type="text/html")
        raw = json.dumps(self.body, ensure_ascii=False).encode()
        return Response(raw, self.status, headers, media_type="application/json")


class Refused(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The platform says no. What was counted so far (limits) stays counted."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, read to its end.

    Attributes:
        url: the address as the client wrote it: what OAuth 1.0a signs.
        root: address of this platform on this server, such as `http://127.0.0.1:4711/x`.
        raw_path: percent-encoded path, for platforms that care.
        params: path parameters, decoded.
        form: multipart fields; None where the request was something else.
    """

    state: State
    now: datetime
    method: str
    url: str
    root: str
    raw_path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Headers
    body: bytes
    form: Mapping[str, bytes] | None = None

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError where it is none, or is no valid text."""
        try:
            value = json.loads(self.body)
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text
        except RecursionError as exc:
            raise ValueError("nested too deeply") from exc
        return value


Handler = Callable[[Call], Answer]


class Dropped(Response):
    """The connection closes without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Close the line instead of answering."""
        scope["line"].abort()
        await _gone(receive)


class Silent(Response):
    """The connection stays open and nothing comes, until the client leaves or the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Wait instead of answering."""
        await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(request: Request) -> bytes | None:
    """Return the body, None where it is larger than `MAX_BODY` (read to its end all the same)."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
    return b"".join(chunks) if size <= MAX_BODY else None


async def read_form(headers: Headers, body: bytes) -> dict[str, bytes] | None:
    """Return the multipart fields of `body`, None where it has none that can be read."""
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        return None

    async def stream() -> Any:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_part_size=MAX_BODY).parse()
    except (MultiPartException, KeyError):
        return None
    fields: dict[str, bytes] = {}
    for name, value in form.multi_items():
        fields[name] = await value.read() if isinstance(value, UploadFile) else value.encode()
    await form.close()
    return fields


async def faulty(fault: Fault | None, take: Callable[[], Answer], stop: asyncio.Event) -> Response:
    """Return what the client sees of `take` (the platform doing what it was asked)."""
    if fault is None or fault.kind is Kind.CLOCK_SKEW:  # `take` goes by the wrong clock
        return take().response()
    if fault.kind is Kind.DELAY:
        try:
            await asyncio.wait_for(stop.wait(), max(0.0, fault.seconds))
        except TimeoutError:
            return take().response()
        return Dropped()
    if fault.kind in _BEFORE:
        return _BEFORE[fault.kind](fault)
    return _after(fault, take(), take)


def _after(fault: Fault, answer: Answer, take: Callable[[], Answer]) -> Response:
    match fault.kind:
        case Kind.ACCEPT_THEN_DROP:
            return Dropped()
        case Kind.ACCEPT_THEN_HANG:
            return Silent()
        case Kind.ACCEPT_THEN_500:
            return _error(fault)
        case Kind.DUPLICATE_DELIVERY:
            return take().response()
        case Kind.EMPTY_201:
            return answer.response() if answer.status >= 300 else Response(status_code=201)
        case _:
            return _with_errors(answer).response()


def _with_errors(answer: Answer) -> Answer:
    body = answer.body if isinstance(answer.body, dict) else {}
    problem = {
        "title": "Internal Error",
        "detail": "Something is wrong.",
        "type": "https://api.x.com/2/problems/internal-error",
    }
    return replace(answer, body=body | {"errors": [problem]})


def _error(fault: Fault) -> Response:
    return Answer(status=fault.status, body=fault.body, headers=fault.headers).response()


_BEFORE: dict[Kind, Callable[[Fault], Response]] = {
    Kind.STATUS: _error,
    Kind.DROP_BEFORE: lambda _: Dropped(),
    Kind.HANG_BEFORE: lambda _: Silent(),
}
