"""A stand-in for a Mastodon server: what `bot.platforms.mastodon.publisher` talks to in tests."""

import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ports import Measure
from bot.http.sandbox import (
    ACCOUNT_HANDLE,
    ACCOUNT_NAME,
    Answer,
    Call,
    Picture,
    PlatformSandbox,
    Refused,
    Route,
    Segment,
    Shown,
    State,
    Words,
)
from bot.http.sandbox.pictures import inspect
from bot.platforms.mastodon.dialect import MastodonDialect

ACCESS_TOKEN = "sandbox-mastodon-token"  # noqa: S105 -- opens nothing but this sandbox
ACCOUNT_ID = "109302436954721982"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test or rehearsal may set.

    Attributes:
        limit: characters a status may have.
        key_life: how long the same Idempotency-Key gives the same status.
        processing: how long a picture is worked on.
    """

    limit: int = 500
    key_life: timedelta = timedelta(hours=1)
    processing: timedelta = timedelta(0)


class Sandbox(PlatformSandbox):
    """Mastodon with one account, The ShiftMaker."""

    name = "mastodon"
    title = "Mastodon"
    profile = f"@{ACCOUNT_HANDLE}"
    edits = "edit"

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def routes(self) -> list[Route]:
        """Return the endpoints the bot uses."""
        one = "/api/v1/statuses/{id}"
        table = [
            ("create", "POST", "/api/v1/statuses", self._create),
            ("get", "GET", one, self._get),
            ("edit", "PUT", one, self._edit),
            ("delete", "DELETE", one, self._delete),
            ("upload", "POST", "/api/v2/media", self._upload),
            ("media", "GET", "/api/v1/media/{id}", self._media),
            ("me", "GET", "/api/v1/accounts/verify_credentials", self._verify),
            ("list", "GET", "/api/v1/accounts/{id}/statuses", self._list),
        ]
        return [
            Route(endpoint=name, method=method, path=path, handler=_guarded(handler))
            for name, method, path, handler in table
        ]

    def unknown(self, call: Call) -> Answer:  # noqa: ARG002
        """Answer as Mastodon does where there is nothing."""
        return _no(404, "Record not found").answer

    def credentials(self, kind: str = "", *, now: datetime | None = None) -> dict[str, Any]:  # noqa: ARG002
        """Return the account's token."""
        return {"access_token": ACCESS_TOKEN, "limit": self.options.limit}

    def shown(self, state: State, now: datetime) -> list[Shown]:  # noqa: ARG002 -- shown at once
        """Return the posts as followers see them, newest first."""
        return [_shown(post) for post in reversed(state.posts("mastodon"))]

    def as_followers_see(self, text: str, measure: Callable[[str], Measure]) -> Words:
        """Return the text with its links and tags marked."""
        return Words(segments=_segments(text, measure(text)))

    def _create(self, call: Call) -> Answer:
        key = call.headers.get("idempotency-key", "")
        known = call.state.get("mastodon.keys", key) if key else None
        if known and datetime.fromisoformat(known["at"]) + self.options.key_life > call.now:
            earlier = call.state.get("mastodon.posts", known["id"])
            return Answer(body=_read_back(call, earlier or {}))
        wanted = _object(call)
        number = call.state.next("mastodon.ids", at_least=int(call.now.timestamp() * 1000) << 16)
        post: dict[str, Any] = {
            "id": str(number),
            "text": self._text(wanted),
            "media": self._attached(call, wanted.get("media_ids") or []),
            "reply_to": self._parent(call, wanted.get("in_reply_to_id")),
            "created_at": call.now.isoformat(),
            "edited_at": None,
            "deleted": False,
        }
        call.state.put("mastodon.posts", post["id"], post)
        if key:
            kept = {"id": post["id"], "at": call.now.isoformat()}
            call.state.put("mastodon.keys", key, kept)
        return Answer(body=_read_back(call, post))

    def _get(self, call: Call) -> Answer:
        return Answer(body=_read_back(call, _find(call)))

    def _edit(self, call: Call) -> Answer:
        post, wanted = _find(call), _object(call)
        media = self._attached(call, wanted.get("media_ids") or [])
        changed = {"text": self._text(wanted), "media": media, "edited_at": call.now.isoformat()}
        call.state.put("mastodon.posts", post["id"], post | changed)
        return Answer(body=_read_back(call, post | changed))

    def _delete(self, call: Call) -> Answer:
        post = _find(call)
        call.state.put("mastodon.posts", post["id"], post | {"deleted": True})
        return Answer(body=_read_back(call, post))

    def _upload(self, call: Call) -> Answer:
        body = (call.form or {}).get("file", b"")
        info = inspect(body)
        if info is None:
            raise _no(422, "Validation failed: File content type is invalid")
        number = str(call.state.next("mastodon.media", at_least=10**17))
        media = {
            "id": number,
            "alt": (call.form or {}).get("description", b"").decode(),
            "width": info.width,
            "height": info.height,
            "ready": (call.now + self.options.processing).isoformat(),
        }
        call.state.put("mastodon.media", number, media)
        call.state.put_blob(f"mastodon.{number}", body)
        return Answer(status=200 if _ready(media, call) else 202, body=_attachment(call, media))

    def _media(self, call: Call) -> Answer:
        media = call.state.get("mastodon.media", call.params["id"])
        if media is None:
            raise _no(404, "Record not found")
        return Answer(status=200 if _ready(media, call) else 206, body=_attachment(call, media))

    def _verify(self, call: Call) -> Answer:
        del call
        known = {"id": ACCOUNT_ID, "username": ACCOUNT_HANDLE, "acct": ACCOUNT_HANDLE}
        return Answer(body=known | {"display_name": ACCOUNT_NAME})

    def _list(self, call: Call) -> Answer:
        if call.params["id"] != ACCOUNT_ID:
            raise _no(404, "Record not found")
        oldest = int(call.query.get("min_id") or 0)
        posts = [p for p in call.state.posts("mastodon") if int(p["id"]) > oldest]
        posts = posts[: int(call.query.get("limit") or 20)]  # min_id: the oldest first, paged up
        return Answer(body=[_read_back(call, post) for post in reversed(posts)])

    def _text(self, wanted: dict[str, Any]) -> str:
        text = str(wanted.get("status") or "")
        if not text.strip() and not wanted.get("media_ids"):
            raise _no(422, "Validation failed: Text can't be blank")
        if MastodonDialect(limit=self.options.limit).measure(text).length > self.options.limit:
            words = f"Validation failed: Text character limit of {self.options.limit} exceeded"
            raise _no(422, words)
        return text

    def _attached(self, call: Call, ids: list[Any]) -> list[dict[str, Any]]:
        if len(ids) > 4:
            raise _no(422, "Cannot attach more than 4 files")
        found = [call.state.get("mastodon.media", str(number)) for number in ids]
        media = [one for one in found if one is not None]
        if len(media) < len(ids) or not all(_ready(one, call) for one in media):
            raise _no(422, "Cannot attach files that have not finished processing")
        return media

    @staticmethod
    def _parent(call: Call, number: Any) -> str | None:
        if number is None:
            return None
        post = call.state.get("mastodon.posts", str(number))
        if post is None or post["deleted"]:
            raise _no(404, "The post you are trying to reply to does not appear to exist.")
        return str(number)


def _guarded(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {ACCESS_TOKEN}":
            raise _no(401, "The access token is invalid")
        return handler(call)

    return answer


def _no(status: int, error: str) -> Refused:
    return Refused(Answer(status=status, body={"error": error}))


def _object(call: Call) -> dict[str, Any]:
    try:
        body = call.json()
    except ValueError as exc:
        raise _no(400, "Bad request") from exc
    return body if isinstance(body, dict) else {}


def _find(call: Call) -> dict[str, Any]:
    post = call.state.get("mastodon.posts", call.params["id"])
    if post is None or post["deleted"]:
        raise _no(404, "Record not found")
    return post


def _ready(media: dict[str, Any], call: Call) -> bool:
    return datetime.fromisoformat(media["ready"]) <= call.now


def _attachment(call: Call, media: dict[str, Any]) -> dict[str, Any]:
    url = f"{call.root.rsplit('/', 1)[0]}/_sandbox/media/mastodon.{media['id']}"
    shown = {"id": media["id"], "type": "image", "description": media["alt"]}
    return shown | {"url": url if _ready(media, call) else None}


def _read_back(call: Call, post: dict[str, Any]) -> dict[str, Any]:
    digest = hashlib.sha256(str(post.get("id")).encode()).digest()
    return {
        "id": post["id"],
        "created_at": post["created_at"],
        "edited_at": post["edited_at"],
        "in_reply_to_id": post["reply_to"],
        "visibility": "public",
        "url": f"{call.root}/web/@{ACCOUNT_HANDLE}/{post['id']}",
        "content": _html(post["text"]),
        "media_attachments": [_attachment(call, media) for media in post["media"]],
        "favourites_count": digest[0] // 8,
        "replies_count": digest[1] // 64,
        "reblogs_count": digest[2] // 16,
    }


def _html(text: str) -> str:
    """Return a text as Mastodon gives it back: paragraphs, and links whose middle is hidden."""

    def link(found: re.Match[str]) -> str:
        url = found[0]
        scheme, _, rest = url.partition("://")
        return (
            f'<a href="{url}" rel="nofollow"><span class="invisible">{scheme}://</span>'
            f'<span class="ellipsis">{rest[:30]}</span><span class="invisible">{rest[30:]}</span></a>'
        )

    escaped = html.escape(text, quote=False)
    linked = re.sub(r"https?://[^\s<>\"“”]+", link, escaped)
    paragraphs = [part.replace("\n", "<br />") for part in linked.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def _segments(text: str, measure: Measure) -> tuple[Segment, ...]:
    kinds = {"url": "link", "hashtag": "hashtag", "mention": "mention"}
    segments, at = [], 0
    for entity in measure.entities:
        segments.append(Segment(kind="text", text=text[at : entity.start]))
        href = entity.text if entity.kind == "url" else ""
        segments.append(Segment(kind=kinds[entity.kind], text=entity.text, href=href))
        at = entity.end
    segments.append(Segment(kind="text", text=text[at:]))
    return tuple(segment for segment in segments if segment.text)


def _shown(post: dict[str, Any]) -> Shown:
    pictures = [
        Picture(
            blob=f"mastodon.{media['id']}",
            alt=media["alt"],
            width=media["width"],
            height=media["height"],
        )
        for media in post["media"]
    ]
    return Shown(
        id=post["id"],
        at=datetime.fromisoformat(post["created_at"]),
        segments=_segments(post["text"], MastodonDialect().measure(post["text"])),
        permalink=f"@{ACCOUNT_HANDLE}/{post['id']}",
        context=f"In reply to @{ACCOUNT_HANDLE}" if post["reply_to"] else "",
        pictures=tuple(pictures),
    )
