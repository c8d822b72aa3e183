"""One X account: prepare, send, find and verify posts."""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import requests
import stamina
import tweepy

from bot.domain.delivery import Account, Media, Receipt, Ticket, Verification
from bot.domain.errors import Blocked, ConfigError, NotSent, Rejected, Unclear
from bot.domain.ports import Clock
from bot.domain.post import Content
from bot.http.client import classify
from bot.platforms.x.client import Client
from bot.platforms.x.failures import explain
from bot.platforms.x.settings import Settings

#: X ids carry their time: milliseconds since this instant, above 22 bits (X API, X IDs).
_EPOCH_MS = 1_288_834_974_657

#: Looking goes back through at most this many pages of 100 posts.
_PAGES = 3


def connect(settings: Settings, clock: Clock) -> "XPublisher":
    """Return the account. Raises ConfigError naming the missing keys."""
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    missing = [f"BOT_X__{k.upper()}" for k in keys if not getattr(settings, k).get_secret_value()]
    if missing:
        raise ConfigError(f"X cannot be reached without {', '.join(missing)}. Set them in .env.")
    return XPublisher(settings, clock, Client(settings))


@dataclass(frozen=True)
class XPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)

    def check(self) -> Account:
        """Try the keys without posting: GET /2/users/me, one user read. Raises Blocked, NotSent."""
        me = _data(self._safely(self.client.me))
        return Account(id=str(me["id"]), name=str(me["name"]), handle=str(me["username"]))

    def prepare(self, content: Content, card: bytes | None, *, fingerprint: str) -> Ticket:
        """Upload the card, describe it, and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        media = (self._upload(card, content.alt_text),) if card is not None else ()
        body: dict[str, Any] = {"text": content.text}
        if media:
            body["media"] = {"media_ids": [one.id for one in media]}
        if media and self.settings.made_with_ai:
            body["made_with_ai"] = True
        return Ticket(
            platform="x",
            request=json.dumps(body, ensure_ascii=False),
            text=content.text,
            fingerprint=fingerprint,
            media=media,
        )

    def send(self, ticket: Ticket) -> Receipt:
        """POST /2/tweets, once. Raises NotSent, Rejected, Blocked, Unclear."""
        try:
            response = self.client.create(ticket.request)
        except tweepy.HTTPException as exc:
            raise explain(exc, posting=True) from exc
        except requests.RequestException as exc:
            raise classify(exc) from exc
        try:
            remote_id = str(response.json()["data"]["id"])
        except (ValueError, KeyError, TypeError, RecursionError) as exc:
            raise Unclear(
                "X took the request but its answer names no post; looking.",
                status=response.status_code,
                raw=response.text,
            ) from exc
        if not remote_id.isdecimal():
            raise Unclear("X answered with an id that is none; looking.", raw=response.text)
        return Receipt(remote_id=remote_id, permalink=self._permalink(remote_id))

    def find(self, ticket: Ticket, *, since: datetime) -> Receipt | None:
        """Look through the account's own posts: by our picture, then our link, then the text.

        Raises:
            NotSent, Blocked: could not look just now.
        """
        posts = list(self._posts(since))
        for ours in (_has_media, _has_link, _has_text):
            for post in posts:
                if ours(post, ticket):
                    remote_id = str(post["id"])
                    permalink = self._permalink(remote_id)
                    return Receipt(remote_id=remote_id, permalink=permalink, found=True)
        return None

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read the post back and compare text and picture. Raises NotSent, Blocked."""
        since = _time_of(receipt.remote_id) - timedelta(seconds=1)
        post = next((p for p in self._posts(since) if str(p["id"]) == receipt.remote_id), None)
        if post is None:
            gone = f"The post {receipt.permalink} is not on the account's timeline."
            return Verification(readable=True, differences=(gone,))
        differences = []
        if not _has_text(post, ticket):
            differences.append(f"Its text reads {_readable(post)!r}.")
        if ticket.media and not _has_media(post, ticket):
            differences.append("Its card is missing or another one.")
        return Verification(readable=True, differences=tuple(differences))

    def _upload(self, card: bytes, alt_text: str) -> Media:
        now = self.clock.now()
        answer = _data(self._safely(lambda: self.client.upload(card)))
        media_id = str(answer["id"])
        if alt_text:
            self._safely(lambda: self.client.describe(media_id, alt_text))
        seconds = answer.get("expires_after_secs")
        # Five minutes early, so that a post is not refused for a picture that has just gone.
        lasts = timedelta(seconds=seconds - 300) if isinstance(seconds, int) else None
        return Media(
            id=media_id,
            key=str(answer.get("media_key", "")),
            sha256=sha256(card).hexdigest(),
            expires_at=now + lasts if lasts else None,
        )

    def _posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        me = self.settings.access_token.get_secret_value().partition("-")[0]
        if not me.isdecimal():
            raise Blocked("BOT_X__ACCESS_TOKEN does not begin with the account's number.")
        params = {
            "max_results": 100,
            "since_id": _id_at(since),
            "exclude": "retweets",
            "tweet.fields": "created_at,attachments,entities,note_tweet",
        }
        for _ in range(_PAGES):
            answer = self._safely(lambda: self.client.timeline(me, params))
            body = _json(answer)
            yield from body.get("data") or []
            token = (body.get("meta") or {}).get("next_token")
            if not token:
                return
            params["pagination_token"] = token

    def _permalink(self, remote_id: str) -> str:
        handle = self.settings.handle.lstrip("@") or "i"
        return f"{self.settings.web_url.rstrip('/')}/{handle}/status/{remote_id}"

    def _safely(self, call: Callable[[], requests.Response]) -> requests.Response:
        """Make a request that cannot make a post live; try it three times."""
        try:
            for attempt in stamina.retry_context(on=_passing, attempts=3, wait_max=2.0):
                with attempt:
                    return call()
        except tweepy.HTTPException as exc:
            raise explain(exc, posting=False) from exc
        except requests.RequestException as exc:
            host = self.settings.base_url
            raise NotSent(f"X at {host} does not answer; nothing was posted.") from exc
        raise AssertionError("unreachable")  # the loop returns or raises


def _passing(exc: Exception) -> bool:
    """Whether a failure may be gone in a moment. X's upload has had whole hours of 404."""
    if isinstance(exc, tweepy.HTTPException):
        return bool(exc.response.status_code >= 500 or exc.response.status_code == 404)
    return isinstance(exc, requests.ConnectionError | requests.Timeout)


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError) as exc:
        raise NotSent("X's answer cannot be read; nothing was posted.", raw=response.text) from exc
    return body if isinstance(body, dict) else {}


def _data(response: requests.Response) -> dict[str, Any]:
    data = _json(response).get("data")
    if not isinstance(data, dict) or "id" not in data:
        raise Rejected("X's answer has no id; nothing was posted.", raw=response.text)
    return data


def _has_media(post: dict[str, Any], ticket: Ticket) -> bool:
    there = set((post.get("attachments") or {}).get("media_keys") or [])
    return any(one.key and one.key in there for one in ticket.media)


def _has_link(post: dict[str, Any], ticket: Ticket) -> bool:
    # utm_content holds a code of this very post, so an equal link is certainly ours.
    links = set(_links(post).values())
    return any("utm_content=" in link and link in ticket.text for link in links)


def _has_text(post: dict[str, Any], ticket: Ticket) -> bool:
    return _plain(_readable(post)) == _plain(ticket.text)


def _links(post: dict[str, Any]) -> dict[str, str]:
    """Return t.co address → real one. A link to the post's own media leads nowhere else."""
    source = (post.get("note_tweet") or {}).get("entities") or post.get("entities") or {}
    return {
        str(one.get("url", "")): "" if one.get("media_key") else str(one.get("expanded_url", ""))
        for one in source.get("urls") or []
    }


def _readable(post: dict[str, Any]) -> str:
    """Return the text as followers read it: entities resolved, t.co links spelled out."""
    text = html.unescape(str((post.get("note_tweet") or {}).get("text") or post.get("text", "")))
    for short, real in _links(post).items():
        text = text.replace(short, real)
    return re.sub(r"\s*https://t\.co/\w+$", "", text).strip()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _id_at(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


def _time_of(remote_id: str) -> datetime:
    return datetime.fromtimestamp(((int(remote_id) >> 22) + _EPOCH_MS) / 1000, UTC)
