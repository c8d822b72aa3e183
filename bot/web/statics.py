"""Stylesheets, scripts and the mark, each at an address that changes with its content.

So a browser asks for each once and never shows a page in yesterday's clothes: an upgrade changes
the address. They are packed once, at the first request; a page itself is never packed, since it
holds secrets beside what a stranger can put into it (BREACH).
"""

import functools
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot import templates
from bot.http.sandbox.pages import stylesheet

router = APIRouter()

_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """One of them."""

    kind: str
    plain: bytes
    packed: bytes
    digest: str


@functools.cache
def files() -> Mapping[str, File]:
    """Return all of them by name."""
    folder = templates.shipped() / "web" / "static"
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    found["posts.css"] = stylesheet()
    return {name: _file(name, content) for name, content in found.items()}


def address(name: str) -> str:
    """Return where a page finds the file of this name as it is now."""
    return f"/static/{name}?v={files()[name].digest}"


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """Return a file; for ever, where it was asked for by the address that is its content's."""
    file = files().get(name)
    if file is None:
        raise HTTPException(404)
    now = request.query_params.get("v") == file.digest
    headers = {
        "Cache-Control": _FOREVER if now else "no-cache",
        "ETag": f'"{file.digest}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.packed, headers=headers, media_type=file.kind)
    return Response(file.plain, headers=headers, media_type=file.kind)


def _file(name: str, content: bytes) -> File:
    return File(
        kind=_KINDS[Path(name).suffix],
        plain=content,
        packed=gzip.compress(content, mtime=0),
        digest=hashlib.sha256(content).hexdigest()[:12],
    )
