"""One LinkedIn author: prepare, send, find and verify posts."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import requests
import stamina

from bot.domain.delivery import Account, Media, Receipt, Ticket, Verification
from bot.domain.errors import Blocked, ConfigError, NotReadable, NotSent, Rejected, Unclear
from bot.domain.ports import Clock
from bot.domain.post import Content
from bot.http.client import classify
from bot.platforms.linkedin.client import Client, Refused
from bot.platforms.linkedin.dialect import make
from bot.platforms.linkedin.failures import duplicate_of, explain, made_at, unreadable
from bot.platforms.linkedin.little_text import stray, unescape
from bot.platforms.linkedin.settings import Settings

#: Clocks differ: a post made this much before the attempt may still be ours.
_SKEW = timedelta(seconds=60)

#: Looking goes back through at most this many pages of 20 posts.
_PAGES, _PAGE = 3, 20


def connect(settings: Settings, clock: Clock) -> "LinkedInPublisher":
    """Return the account. Raises ConfigError naming the missing settings."""
    missing = [] if settings.access_token.get_secret_value() else ["BOT_LINKEDIN__ACCESS_TOKEN"]
    missing += [] if settings.author else ["BOT_LINKEDIN__AUTHOR"]
    if missing:
        raise ConfigError(
            f"LinkedIn cannot be reached without {' and '.join(missing)}. Set them in .env."
        )
    return LinkedInPublisher(settings, clock, Client(settings))


@dataclass(frozen=True)
class LinkedInPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)

    def check(self) -> Account:
        """Try the token without posting. Raises Blocked, NotSent.

        A member is asked for by userinfo. A page's token has no such request; listing the page's
        posts shows that it may act for the page.
        """
        if self.settings.organization:
            try:
                self._safely(lambda: self.client.posts(0, 1))
            except NotReadable as exc:
                raise Blocked(
                    "LinkedIn does not let this token act for BOT_LINKEDIN__AUTHOR; check the app's "
                    "products and the token's scopes.",
                    status=exc.status,
                    raw=exc.raw,
                ) from exc
            return Account(id=self.settings.author, name=f"page {self.settings.author}")
        me = _json(self._safely(self.client.member))
        author = f"urn:li:person:{me.get('sub')}"
        if author != self.settings.author:
            raise Blocked(f"The token belongs to {author}, but BOT_LINKEDIN__AUTHOR is another.")
        return Account(id=author, name=str(me.get("name", "")))

    def prepare(self, content: Content, card: bytes | None, *, fingerprint: str) -> Ticket:
        """Upload the card and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        media = (self._upload(card),) if card is not None else ()
        wire = make(self.settings).measure(content.text).wire_text
        if self.settings.url_policy == "escape" and stray(wire) is not None:
            raise Rejected("The text would be cut by LinkedIn; nothing was sent. Edit it.")
        body: dict[str, Any] = {
            "author": self.settings.author,
            "commentary": wire,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if media:
            body["content"] = {"media": {"id": media[0].id, "altText": content.alt_text}}
        return Ticket(
            platform="linkedin",
            request=json.dumps(body, ensure_ascii=False),
            text=content.text,
            fingerprint=fingerprint,
            media=media,
        )

    def send(self, ticket: Ticket) -> Receipt:
        """POST /rest/posts, once. Raises NotSent, Rejected, Blocked, Unclear."""
        began = self.clock.now()
        try:
            response = self.client.create(ticket.request)
        except Refused as exc:
            return self._duplicate(exc.response, began)
        except requests.RequestException as exc:
            raise classify(exc) from exc
        urn = response.headers.get("x-restli-id", "")
        if not urn.startswith("urn:li:"):
            raise Unclear(
                "LinkedIn took the request but its answer names no post; looking.",
                status=response.status_code,
                raw=response.text,
            )
        return Receipt(remote_id=urn, permalink=self._permalink(urn))

    def find(self, ticket: Ticket, *, since: datetime) -> Receipt | None:
        """Look through the page's posts for the same picture or text.

        Raises:
            NotReadable: a member's posts cannot be listed.
            NotSent, Blocked: could not look just now.
        """
        if not self.settings.organization:
            raise NotReadable("LinkedIn does not let a member's posts be listed")
        for post in self._posts(since):
            if _same_picture(post, ticket) or _same_text(post, ticket):
                urn = str(post["id"])
                return Receipt(remote_id=urn, permalink=self._permalink(urn), found=True)
        return None

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read a page's post back and compare. Raises NotSent, Blocked.

        LinkedIn answers with the full text even where it shows a cut one, so the escaping itself
        is checked as well.
        """
        if not self.settings.organization or not receipt.remote_id.startswith("urn:li:"):
            return Verification(readable=False)
        try:
            post = _json(self._safely(lambda: self.client.post(receipt.remote_id)))
        except Rejected:
            gone = f"The post {receipt.permalink} is not there."
            return Verification(readable=True, differences=(gone,))
        except NotReadable:
            return Verification(readable=False)
        differences = []
        if not _same_text(post, ticket):
            differences.append(f"Its text reads {unescape(str(post.get('commentary')))!r}.")
        if ticket.media and not _same_picture(post, ticket):
            differences.append("Its card is missing or another one.")
        return Verification(readable=True, differences=tuple(differences))

    def _duplicate(self, response: requests.Response, began: datetime) -> Receipt:
        """Adopt the post a 422 names if it can only be ours; raise what else it means."""
        is_duplicate, urn = duplicate_of(response, since=began - _SKEW)
        if urn is not None:
            return Receipt(remote_id=urn, permalink=self._permalink(urn), found=True)
        if is_duplicate:
            raise Unclear(
                "LinkedIn says it has this post already; looking whether that is ours.",
                status=response.status_code,
                raw=response.text,
            )
        raise explain(response, posting=True, now=self.clock.now())

    def _upload(self, card: bytes) -> Media:
        value = _json(self._safely(self.client.initialize)).get("value") or {}
        address, urn = str(value.get("uploadUrl", "")), str(value.get("image", ""))
        if not address or not urn.startswith("urn:li:image:"):
            raise NotSent("LinkedIn's answer names no place for the card; it is tried again.")
        self._safely(lambda: self.client.put(address, card))
        self._await(urn)
        return Media(id=urn, key=urn, sha256=sha256(card).hexdigest())

    def _await(self, urn: str) -> None:
        """Wait until the picture can be used; blindly where its status may not be read."""
        waited = 0.0
        while self.settings.organization and waited <= self.settings.image_wait:
            try:
                status = _json(self._safely(lambda: self.client.image(urn))).get("status")
            except (Blocked, NotReadable):
                break
            if status == "AVAILABLE":
                return
            if status == "PROCESSING_FAILED":
                raise Rejected("LinkedIn cannot use this card; nothing was posted.")
            self.clock.wait(0.5)
            waited += 0.5
        else:
            if self.settings.organization:
                raise NotSent("LinkedIn is still working on the card; nothing was posted yet.")
        self.clock.wait(min(3.0, self.settings.image_wait))

    def _posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        for page in range(_PAGES):
            start = page * _PAGE
            body = _json(self._safely(partial(self.client.posts, start, _PAGE)))
            posts = [post for post in body.get("elements") or [] if isinstance(post, dict)]
            for post in posts:
                if _created(post) < since:
                    return  # newest first: the rest is older still
                yield post
            if len(posts) < _PAGE:
                return

    def _permalink(self, urn: str) -> str:
        return f"{self.settings.web_url.rstrip('/')}/feed/update/{urn}/"

    def _safely(self, call: Callable[[], requests.Response]) -> requests.Response:
        """Make a request that cannot make a post live; try it three times."""
        try:
            for attempt in stamina.retry_context(on=_passing, attempts=3, wait_max=2.0):
                with attempt:
                    return call()
        except Refused as exc:
            answer = exc.response
            if answer.status_code == 403 and answer.request.method == "GET":
                raise unreadable(answer) from exc
            if answer.status_code == 404 and answer.request.method == "GET":
                raise Rejected("LinkedIn does not have it.", status=404, raw=answer.text) from exc
            raise explain(answer, posting=False, now=self.clock.now()) from exc
        except requests.RequestException as exc:
            host = self.settings.base_url
            raise NotSent(f"LinkedIn at {host} does not answer; nothing was posted.") from exc
        raise AssertionError("unreachable")  # the loop returns or raises


def _passing(exc: Exception) -> bool:
    if isinstance(exc, Refused):
        return exc.response.status_code >= 500
    return isinstance(exc, requests.ConnectionError | requests.Timeout)


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError) as exc:
        raise NotSent("LinkedIn's answer cannot be read; it is tried again.") from exc
    return body if isinstance(body, dict) else {}


def _created(post: dict[str, Any]) -> datetime:
    number = str(post.get("id", "")).rsplit(":", 1)[-1]
    if number.isdecimal() and len(number) < 25:
        return made_at(number)
    return datetime.fromtimestamp(int(post.get("createdAt", 0)) / 1000, UTC)


def _same_text(post: dict[str, Any], ticket: Ticket) -> bool:
    return _plain(unescape(str(post.get("commentary", "")))) == _plain(
        unescape(str(json.loads(ticket.request)["commentary"]))
    )


def _same_picture(post: dict[str, Any], ticket: Ticket) -> bool:
    media = ((post.get("content") or {}).get("media") or {}).get("id")
    return any(one.key == media for one in ticket.media)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
