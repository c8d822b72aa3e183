"""Getting pictures to X: in one request or in pieces, with words about them (X API v2, Media)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import requests

from bot.domain.delivery import Item, Media, uploaded
from bot.domain.errors import NotSent, Rejected
from bot.domain.meter import charge
from bot.domain.ports import Clock
from bot.http.client import said
from bot.platforms.x import reading
from bot.platforms.x.client import Client

#: A larger picture goes in pieces of this size: less is lost when the line breaks.
PIECE = 1024 * 1024

#: Characters an alt text may have (X API, POST /2/media/metadata).
_ALT_TEXT = 1000

#: Pictures a post may have (X API, Media best practices).
_PICTURES = 4

#: Seconds X keeps a picture at most (X API, Media): a later end is a mistake.
_DAY = 86_400

#: Seconds X may take to process an animation before the post is tried again later.
_PATIENCE = 20.0

_SIGNS = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"))


@dataclass(frozen=True)
class Upload:
    """Uploads pictures.

    Attributes:
        safely: makes a request that cannot make a post live, with retries and typed errors.
        have: pictures X has already; one is used again where its words are the same.
    """

    client: Client
    clock: Clock
    safely: Callable[[Callable[[], requests.Response]], requests.Response]
    have: Sequence[Media] = ()

    def __call__(self, picture: bytes, alt_text: str) -> Media:
        """Return the picture as X calls it. Raises NotSent, Blocked, Rejected."""
        now, digest = self.clock.now(), sha256(picture).hexdigest()
        if known := uploaded(self.have, digest, alt_text):
            return known
        kind = _kind(picture)
        category = "tweet_gif" if kind == "image/gif" else "tweet_image"
        send = self._whole if len(picture) <= PIECE else self._pieces
        answer = send(picture, kind, category)
        media_id = str(answer["id"])
        self._wait_for(media_id, answer.get("processing_info"))
        if alt_text:
            self.safely(partial(self.client.describe, media_id, alt_text))
            charge(Item.ALT_TEXT)
        seconds = answer.get("expires_after_secs")
        # Five minutes early, so that a post is not refused for a picture that has just gone.
        lasts = max(0, min(seconds, _DAY) - 300) if isinstance(seconds, int) else None
        return Media(
            id=media_id,
            key=str(answer.get("media_key") or ""),
            sha256=digest,
            expires_at=now + timedelta(seconds=lasts) if lasts is not None else None,
            alt_text=alt_text,
        )

    def _whole(self, picture: bytes, kind: str, category: str) -> dict[str, Any]:
        return data(self.safely(partial(self.client.upload, picture, kind, category)))

    def _pieces(self, picture: bytes, kind: str, category: str) -> dict[str, Any]:
        begin = partial(self.client.initialize, len(picture), kind, category)
        media_id = str(data(self.safely(begin))["id"])
        for index, start in enumerate(range(0, len(picture), PIECE)):
            piece = picture[start : start + PIECE]
            self.safely(partial(self.client.append, media_id, index, piece))
        return data(self.safely(partial(self.client.finalize, media_id)))

    def _wait_for(self, media_id: str, info: Any) -> None:
        """Return when the picture can be used; still pictures usually need no processing."""
        waited = 0.0
        while isinstance(info, dict) and info.get("state") in {"pending", "in_progress"}:
            seconds = _seconds(info.get("check_after_secs"))
            if waited + seconds > _PATIENCE:
                text = "X is still working on the card. Nothing was posted; it is tried again."
                raise NotSent(text, retry_at=_later(self.clock.now(), seconds))
            self.clock.wait(seconds)
            waited += seconds
            status = self.safely(partial(self.client.upload_status, media_id))
            info = data(status).get("processing_info")
        if isinstance(info, dict) and info.get("state") == "failed":
            raise Rejected("X cannot use the card. Nothing was posted. Draw it again.")


def check(pictures: Sequence[bytes], alt_texts: Sequence[str]) -> None:
    """Refuse what X would: more than four pictures, documents, an animation among others."""
    long = next((text for text in alt_texts if len(text) > _ALT_TEXT), None)
    if long is not None:
        raise Rejected(
            f"The alt text has {len(long)} characters; X takes {_ALT_TEXT}. Nothing was posted. "
            "Shorten it."
        )
    if len(pictures) > _PICTURES:
        raise Rejected(f"X takes {_PICTURES} pictures. Nothing was posted. Take one away.")
    if any(picture.startswith(b"%PDF") for picture in pictures):
        raise Rejected("X takes no documents. Nothing was posted. Give the post a picture.")
    if len(pictures) > 1 and any(picture.startswith(b"GIF8") for picture in pictures):
        raise Rejected("X takes an animation only alone. Nothing was posted. Take one away.")


def data(response: requests.Response) -> dict[str, Any]:
    """Return the object an answer is about. Raises NotSent where it has no id."""
    found = reading.answer(response).get("data")
    if not isinstance(found, dict) or not re.fullmatch(r"[0-9]{1,19}", str(found.get("id"))):
        text = "X's answer has no id. Nothing was posted; it is tried again."
        raise NotSent(text, status=response.status_code, raw=said(response))
    return found


def _kind(picture: bytes) -> str:
    return next((kind for sign, kind in _SIGNS if picture.startswith(sign)), "image/png")


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int) and 0 < value <= 600 else 5.0


def _later(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=max(60.0, seconds))
