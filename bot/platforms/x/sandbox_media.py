"""Pictures on the stand-in X: one request or three, then alt text."""

import base64
import binascii
import re
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, Field

from bot.http.sandbox import Answer, Call
from bot.http.sandbox.pictures import inspect
from bot.platforms.x.sandbox_account import Account
from bot.platforms.x.sandbox_requests import (
    Strict,
    invalid,
    json_object,
    parsed,
    snowflake,
    unknown_field,
)

#: How long an upload can be attached (X, media upload answers: expires_after_secs).
EXPIRES = timedelta(hours=24)

#: Bytes a picture may have (X, "Media best practices").
IMAGE_BYTES = 5 * 1024 * 1024
GIF_BYTES = 15 * 1024 * 1024

_CATEGORIES = {"tweet_image", "tweet_gif"}
_OTHER = {"tweet_video", "dm_image", "dm_video", "dm_gif", "subtitles", "amplify_video"}


class _Start(Strict):
    media_type: str = ""
    total_bytes: int = Field(default=0, ge=0, le=17179869184)
    media_category: str = ""
    shared: bool = False
    additional_owners: list[str] = Field(default_factory=list)


class _AltText(BaseModel):
    text: str = Field(max_length=1000)


class _Metadata(BaseModel):
    alt_text: _AltText | None = None


class _Describe(BaseModel):
    id: str = Field(pattern=r"^[0-9]{1,19}$")
    metadata: _Metadata | None = None


class Media:
    """The media endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def upload(self, call: Call) -> Answer:
        """POST /2/media/upload: a whole picture, multipart or base64 in JSON."""
        fields = _fields(call, {"media", "media_category", "additional_owners"})
        _check_category(fields.get("media_category"))
        return self._keep(call, snowflake(call), fields.get("media", b""), fields["media_category"])

    def initialize(self, call: Call) -> Answer:
        """POST /2/media/upload/initialize."""
        start = parsed(_Start, call)
        _check_category(start.media_category)
        media_id = snowflake(call)
        document = {"category": start.media_category, "total": start.total_bytes}
        call.state.put("x.uploads", media_id, document | {"segments": []})
        return Answer(body={"data": _handle(media_id, start.media_category)})

    def append(self, call: Call) -> Answer:
        """POST /2/media/upload/{id}/append."""
        media_id = call.params["id"]
        upload = _upload(call, media_id)
        fields = _fields(call, {"media", "segment_index"})
        index = str(fields.get("segment_index", ""))
        if not re.fullmatch(r"[0-9]{1,3}", index):
            raise invalid("$.segment_index: must be an integer from 0 to 999", segment_index=index)
        call.state.put_blob(f"{media_id}.{int(index)}", fields.get("media", b""))
        segments = sorted({*upload["segments"], int(index)})
        call.state.put("x.uploads", media_id, upload | {"segments": segments})
        return Answer(body={"data": {"expires_at": int((call.now + EXPIRES).timestamp())}})

    def finalize(self, call: Call) -> Answer:
        """POST /2/media/upload/{id}/finalize."""
        media_id = call.params["id"]
        upload = _upload(call, media_id)
        parts = [call.state.get_blob(f"{media_id}.{index}") or b"" for index in upload["segments"]]
        whole = upload["segments"] == list(range(len(parts)))
        body = b"".join(parts)
        if not whole or len(body) != upload["total"]:
            raise invalid(f"Segments do not add up to total_bytes of media id {media_id}.")
        return self._keep(call, media_id, body, upload["category"])

    def status(self, call: Call) -> Answer:
        """GET /2/media/upload?command=STATUS&media_id=…; pictures are ready at once."""
        media_id = call.query.get("media_id", "")
        media = call.state.get("x.media", media_id)
        if media is None:
            raise invalid("Could not find media.", media_id=media_id)
        return Answer(body={"data": _answer(media)})

    def metadata(self, call: Call) -> Answer:
        """POST /2/media/metadata: alt text, for a picture that is there."""
        wanted = parsed(_Describe, call)
        media = call.state.get("x.media", wanted.id)
        if media is None:
            raise invalid("Your media IDs are invalid.", id=wanted.id)
        described: dict[str, Any] = {}
        if wanted.metadata and wanted.metadata.alt_text:
            text = wanted.metadata.alt_text.text
            call.state.put("x.media", wanted.id, media | {"alt": text})
            described = {"alt_text": {"text": text}}
        self._account.charge(call, "metadata", "metadata")
        return Answer(body={"data": {"id": wanted.id, "associated_metadata": described}})

    def _keep(self, call: Call, media_id: str, body: bytes, category: str) -> Answer:
        info = inspect(body)
        limit = GIF_BYTES if category == "tweet_gif" else IMAGE_BYTES
        if info is None or (category == "tweet_gif") != (info.mime == "image/gif"):
            raise invalid("media type unrecognized.", media_category=category)
        if len(body) > limit:
            raise invalid(f"File size exceeds {limit} bytes.", media_category=category)
        media = _handle(media_id, category) | {
            "size": len(body),
            "image": {"w": info.width, "h": info.height, "image_type": info.mime},
            "alt": "",
            "uploaded": call.now.isoformat(),
        }
        call.state.put("x.media", media_id, media)
        call.state.put_blob(media_id, body)
        return Answer(body={"data": _answer(media)})


def _handle(media_id: str, category: str) -> dict[str, Any]:
    prefix = 16 if category == "tweet_gif" else 3
    return {
        "id": media_id,
        "media_key": f"{prefix}_{media_id}",
        "expires_after_secs": int(EXPIRES.total_seconds()),
    }


def _answer(media: dict[str, Any]) -> dict[str, Any]:
    return {key: media[key] for key in ("id", "media_key", "size", "expires_after_secs", "image")}


def _upload(call: Call, media_id: str) -> dict[str, Any]:
    upload = call.state.get("x.uploads", media_id)
    if upload is None:
        raise invalid("Could not find media upload session.", id=media_id)
    return upload


def _check_category(category: Any) -> None:
    if category in _CATEGORIES:
        return
    if category in _OTHER:
        raise invalid("This sandbox takes pictures only.", media_category=category)
    raise invalid("$.media_category: is missing or not a known category", media_category=category)


def _fields(call: Call, allowed: set[str]) -> dict[str, Any]:
    if call.form is not None:
        given: dict[str, Any] = {
            name: value if name == "media" else value.decode("utf-8", "replace")
            for name, value in call.form.items()
        }
    else:
        given = json_object(call)
        try:
            given = given | {"media": base64.b64decode(given.get("media", ""), validate=True)}
        except (binascii.Error, TypeError, ValueError):
            raise invalid("$.media: is not base64") from None
    for name in sorted(given.keys() - allowed):
        raise unknown_field(name)
    if not given.get("media"):
        raise invalid("$.media: is missing but it is required")
    return given
