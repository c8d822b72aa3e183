"""Pictures and documents on the stand-in LinkedIn: ask for an address, put the bytes there, wait."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from bot.http.sandbox import Answer, Call
from bot.http.sandbox.documents import pages
from bot.http.sandbox.pictures import PictureInfo, inspect
from bot.platforms.linkedin.sandbox_account import (
    ORGANIZATION_TOKEN,
    Options,
    check_author,
    refuse,
    token,
)

#: Formats and size LinkedIn takes (LinkedIn Marketing, "Images API").
_FORMATS = frozenset({"image/png", "image/jpeg", "image/gif"})
_PIXELS = 36_152_320

_UPLOAD_LIFE = timedelta(hours=24)


class Files:
    """The endpoints of one kind of file.

    Args:
        kind: "image" or "document".
    """

    def __init__(self, options: Options, kind: str) -> None:
        self._options = options
        self._kind = kind

    def initialize(self, call: Call) -> Answer:
        """POST /rest/images or /rest/documents, ?action=initializeUpload."""
        if call.query.get("action") != "initializeUpload":
            raise refuse(400, "Unknown action", "INVALID_QUERY_PARAMETER")
        owner = _owner(call)
        check_author(call, owner)
        number = call.state.next("linkedin.images", at_least=int(call.now.timestamp()))
        urn = f"urn:li:{self._kind}:D4E22AQ{number}"
        key = hashlib.sha256(f"{urn} {owner} {call.now}".encode()).hexdigest()[:24]
        expires = call.now + _UPLOAD_LIFE
        document = {"urn": urn, "owner": owner, "key": key, "status": "WAITING_UPLOAD"}
        call.state.put("linkedin.images", urn, document | {"expires": expires.isoformat()})
        value = {
            "uploadUrlExpiresAt": int(expires.timestamp() * 1000),
            "uploadUrl": f"{call.root}/dms-uploads/sandbox/{urn}/0?ca=vector_feedshare&sync={key}",
            self._kind: urn,
        }
        return Answer(body={"value": value})

    def upload(self, call: Call) -> Answer:
        """PUT to the upload address; needs the token as well."""
        image = call.state.get("linkedin.images", call.params["urn"])
        if image is None or call.query.get("sync") != image["key"]:
            raise refuse(404, "Upload address not found", "NOT_FOUND")
        if datetime.fromisoformat(image["expires"]) <= call.now:
            raise refuse(400, "Upload address has expired", "UPLOAD_URL_EXPIRED")
        info = inspect(call.body)
        leaves = pages(call.body) if ":document:" in image["urn"] else 0
        good = leaves > 0 or _is_picture(info)
        image |= {
            "status": "AVAILABLE" if good else "PROCESSING_FAILED",
            "ready": (call.now + self._options.processing).isoformat(),
            "width": info.width if info else 0,
            "height": info.height if info else 0,
            "pages": leaves,
        }
        call.state.put("linkedin.images", image["urn"], image)
        call.state.put_blob(image["urn"], call.body)
        return Answer(status=201)

    def get(self, call: Call) -> Answer:
        """GET /rest/images/{urn} or /rest/documents/{urn}: organisation tokens only."""
        if token(call) != ORGANIZATION_TOKEN:
            message = "Accessing this image resource is forbidden for the given member"
            raise refuse(403, message, "ACCESS_DENIED")
        image = call.state.get("linkedin.images", call.params["urn"])
        if image is None:
            raise refuse(404, "Image not found", "NOT_FOUND")
        shown = {"id": image["urn"], "owner": image["owner"], "status": status(image, call.now)}
        return Answer(body=shown)


def status(image: dict[str, Any], now: datetime) -> str:
    """Return where an image is on its way: a good one is PROCESSING for a while."""
    kept = str(image["status"])
    if kept == "AVAILABLE" and datetime.fromisoformat(image["ready"]) > now:
        return "PROCESSING"
    return kept


def _is_picture(info: PictureInfo | None) -> bool:
    return info is not None and info.mime in _FORMATS and info.width * info.height < _PIXELS


def _owner(call: Call) -> str:
    try:
        return str(call.json()["initializeUploadRequest"]["owner"])
    except (ValueError, KeyError, TypeError) as exc:
        message = "ERROR :: /initializeUploadRequest/owner :: field is required but not found"
        raise refuse(400, message, "MISSING_FIELD") from exc
