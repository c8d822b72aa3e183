"""One Mastodon account: prepare, send, find, verify, change and delete posts."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import requests

from bot.domain.accounts import SignedIn
from bot.domain.delivery import (
    Account,
    Deed,
    Item,
    Media,
    Metrics,
    Receipt,
    Ticket,
    Verification,
    uploaded,
)
from bot.domain.errors import ConfigError, NotEditable, NotSent, Rejected, Unclear
from bot.domain.ports import Clock
from bot.domain.post import Content
from bot.http.client import date_of, post_once, safely, said
from bot.platforms.mastodon import reading
from bot.platforms.mastodon.client import Client, Doing, Refused, body_of, explain
from bot.platforms.mastodon.settings import Settings

#: Pictures a status may have (Mastodon, Media attachments), and characters of one's description.
_PICTURES, _ALT_TEXT = 4, 1500

_SKEW = timedelta(seconds=60)

#: Seconds a picture may take to be processed.
_PATIENCE = 20

#: Looking goes through at most this many pages of so many posts.
_PAGES, _PAGE = 8, 40

#: How long a picture waits for its status; a server sweeps older ones away after a day.
_LIFE = timedelta(hours=23)


def connect(settings: Settings, clock: Clock, who: SignedIn | None = None) -> "MastodonPublisher":
    """Return the account. Raises ConfigError where the token is missing."""
    del who  # a token of one's own application never ends; nobody signs in
    if not settings.access_token.get_secret_value():
        raise ConfigError(
            "Mastodon cannot be reached without BOT_MASTODON__ACCESS_TOKEN. Set it in .env."
        )
    return MastodonPublisher(settings, clock, Client(settings))


@dataclass(frozen=True)
class MastodonPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)
    _me: list[str] = field(default_factory=list, repr=False)

    @property
    def account(self) -> str:
        """The account's number, once it was asked for."""
        return next(iter(self._me), "")

    def check(self) -> Account:
        """Try the token without posting. Raises Blocked, NotSent."""
        call = partial(self.client.ask, "GET", "/api/v1/accounts/verify_credentials")
        me = reading.one(self._safely(call, "look"))
        self._me[:] = [str(me["id"])]
        name = str(me.get("display_name") or me.get("username") or "")
        return Account(id=str(me["id"]), name=name, handle=str(me.get("acct") or ""))

    def prepare(
        self,
        content: Content,
        card: bytes | None,
        *,
        fingerprint: str,
        pictures: Sequence[bytes] = (),
        have: Sequence[Media] = (),
    ) -> Ticket:
        """Upload the pictures with their descriptions and build the request. Safe to repeat."""
        shown = [(card, content.alt_text)] if card is not None else []
        shown += [(body, alt) for body, (_, alt) in zip(pictures, content.pictures, strict=True)]
        _check(content.text, shown)
        media = tuple(self._upload(body, alt, have) for body, alt in shown)
        return self._ticket(content.text, media, fingerprint)

    def follow(self, content: Content, live: Sequence[Receipt], *, fingerprint: str) -> Ticket:
        """Build a reply to the last part that is live."""
        words = content.parts[len(live) - 1]
        _check(words, [])
        ticket = self._ticket(words, (), fingerprint, reply_to=live[-1].remote_id)
        return replace(ticket, part=len(live))

    def send(self, ticket: Ticket) -> Receipt:
        """POST the status, once. Raises NotSent, Rejected, Blocked, Unclear.

        The server keeps the key for an hour: the same ticket again gives the same status.
        """
        key = sha256(f"{ticket.fingerprint} {ticket.part} {ticket.request}".encode()).hexdigest()
        try:
            response = post_once(partial(self.client.create, key=key), ticket.request.encode())
        except Refused as exc:
            raise explain(exc.response, doing="post", now=self.clock.now()) from exc
        body = body_of(response)
        if not isinstance(body, dict) or not re.fullmatch(r"[0-9]{1,20}", str(body.get("id"))):
            raise Unclear(
                "Mastodon took the request, but its answer names no post. It may be live, so it is "
                "not sent again; the bot looks first.",
                status=response.status_code,
                raw=said(response),
            )
        earlier = self.clock.now() - reading.made(body) > timedelta(seconds=2)
        return self._receipt(body, found=earlier)

    def find(
        self, ticket: Ticket, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """Look through the account's own posts: by the pictures, then the text."""
        if not self._me:
            self.check()
        statuses = [x for x in self._since(since - _SKEW) if str(x["id"]) not in known]
        if ticket.media:
            found = next((x for x in statuses if reading.has_pictures(x, ticket)), None)
            if found:
                return self._receipt(found, found=True)
        found = next((x for x in statuses if reading.has_text(x, ticket)), None)
        return self._receipt(found, found=True) if found else None

    def _since(self, since: datetime) -> list[reading.Status]:
        """Return the account's statuses since then: from `min_id` a server goes up, 40 at once."""
        path, found = f"/api/v1/accounts/{self._me[0]}/statuses", list[reading.Status]()
        # A status has the server's time: with a clock that is fast here it would look too old.
        oldest = reading.id_at(since - self._ahead())
        for _ in range(_PAGES):
            params = {"limit": _PAGE, "exclude_reblogs": "true", "min_id": oldest}
            call = partial(self.client.ask, "GET", path, params=params)
            page = reading.many(self._safely(call, "look"))
            found = page + found
            if len(page) < _PAGE:
                return found
            oldest = max(int(status["id"]) for status in page)
        raise NotSent(f"There are more than {len(found)} newer posts; the bot cannot see them all.")

    def _ahead(self) -> timedelta:
        """Return by how much this machine's clock is ahead of the server's."""
        call = partial(self.client.ask, "GET", "/api/v1/accounts/verify_credentials")
        theirs = date_of(self._safely(call, "look"))
        ahead = self.clock.now() - theirs if theirs else timedelta(0)
        return ahead if ahead > _SKEW else timedelta(0)

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read the post back and compare. Raises NotSent, Blocked."""
        status = self._status(receipt)
        if status is None:
            gone = f"The post {receipt.permalink} is not there any more."
            return Verification(readable=True, differences=(gone,))
        differences = []
        if not reading.has_text(status, ticket):
            differences.append(f"Followers read another text: “{reading.readable(status)}”")
        if ticket.media and not reading.has_pictures(status, ticket):
            differences.append("The card is missing, or it is another one.")
        return Verification(readable=True, differences=tuple(differences))

    def amend(self, ticket: Ticket, receipt: Receipt, text: str, *, fingerprint: str) -> Ticket:
        """Build the changed status. Raises Rejected, NotEditable."""
        _check(text, [])
        if not re.fullmatch(r"[0-9]{1,20}", receipt.remote_id):
            raise NotEditable(f"Mastodon's number of the post is not known ({receipt.remote_id}).")
        request = json.dumps(json.loads(ticket.request) | {"status": text}, ensure_ascii=False)
        return replace(ticket, request=request, text=text, fingerprint=fingerprint)

    def edit(self, amended: Ticket, receipt: Receipt) -> Receipt:
        """PUT the status; repeated, it changes nothing more."""
        body = json.loads(amended.request)
        changes = {name: body[name] for name in ("status", "media_ids") if name in body}
        path = f"/api/v1/statuses/{receipt.remote_id}"
        try:
            self._safely(partial(self.client.ask, "PUT", path, json=changes), "edit")
        except NotSent as exc:
            if exc.status is not None and exc.status < 500:
                raise
            text = "Nobody knows whether Mastodon has changed the post; the bot reads it back."
            raise Unclear(text, status=exc.status, raw=exc.raw) from exc
        return receipt

    def delete(self, receipt: Receipt) -> None:
        """DELETE the status; one that is gone is fine. Raises Rejected, NotSent, Blocked."""
        if not re.fullmatch(r"[0-9]{1,20}", receipt.remote_id):
            raise Rejected(f"Mastodon's number of the post is not known ({receipt.remote_id}).")
        path = f"/api/v1/statuses/{receipt.remote_id}"
        try:
            self._safely(partial(self.client.ask, "DELETE", path), "delete")
        except NotSent as exc:
            if exc.status not in (404, 410):
                raise

    def metrics(self, receipts: Sequence[Receipt]) -> dict[str, Metrics]:
        """Read the posts' numbers. Raises NotSent, Blocked."""
        read = {receipt.remote_id: self._status(receipt) for receipt in receipts}
        return {urn: reading.numbers(status) for urn, status in read.items() if status}

    def bill(self, deed: Deed, ticket: Ticket | None = None, *, count: int = 1) -> dict[Item, int]:
        """Mastodon bills nothing."""
        del deed, ticket, count
        return {}

    def _ticket(
        self, text: str, media: Sequence[Media], fingerprint: str, reply_to: str = ""
    ) -> Ticket:
        body: dict[str, Any] = {"status": text, "visibility": self.settings.visibility}
        if media:
            body["media_ids"] = [one.id for one in media]
        if reply_to:
            body["in_reply_to_id"] = reply_to
        return Ticket(
            platform="mastodon",
            request=json.dumps(body, ensure_ascii=False),
            text=text,
            fingerprint=fingerprint,
            media=tuple(media),
            account=self.account,
        )

    def _upload(self, picture: bytes, alt_text: str, have: Sequence[Media]) -> Media:
        now, digest = self.clock.now(), sha256(picture).hexdigest()
        if known := uploaded(have, digest, alt_text):
            return known
        files = {"file": ("card.png", picture, "image/png")}
        form = {"description": alt_text}
        call = partial(self.client.ask, "POST", "/api/v2/media", data=form, files=files)
        response = self._safely(call, "card")
        media_id = str(reading.one(response)["id"])
        waited = 0
        while response.status_code in (202, 206):
            if waited >= _PATIENCE:
                raise NotSent("Mastodon is still working on the card; it is tried again.")
            self.clock.wait(1)
            waited += 1
            response = self._safely(
                partial(self.client.ask, "GET", f"/api/v1/media/{media_id}"), "card"
            )
        return Media(
            id=media_id, key=media_id, sha256=digest, expires_at=now + _LIFE, alt_text=alt_text
        )

    def _status(self, receipt: Receipt) -> reading.Status | None:
        path = f"/api/v1/statuses/{receipt.remote_id}"
        try:
            return reading.one(self._safely(partial(self.client.ask, "GET", path), "look"))
        except NotSent as exc:
            if exc.status in (404, 410):
                return None
            raise

    def _receipt(self, status: reading.Status, *, found: bool = False) -> Receipt:
        number, url = str(status["id"]), str(status.get("url") or "")
        ours = url.startswith(f"{self.settings.web}/")
        permalink = url if ours else f"{self.settings.web}/statuses/{number}"
        return Receipt(remote_id=number, permalink=permalink, found=found)

    def _safely(self, call: Callable[[], requests.Response], doing: Doing) -> requests.Response:
        return safely(
            call,
            refused=Refused,
            passing=lambda answer: answer.status_code >= 500,
            explain=lambda answer: explain(answer, doing=doing, now=self.clock.now()),
        )


def _check(text: str, pictures: Sequence[tuple[bytes, str]]) -> None:
    try:
        (text + "".join(alt for _, alt in pictures)).encode()
    except UnicodeEncodeError as exc:
        words = "The text has half a character in it. Nothing was posted. Type it again, then approve it."
        raise Rejected(words) from exc
    if len(pictures) > _PICTURES:
        raise Rejected(f"Mastodon takes {_PICTURES} pictures. Nothing was posted. Take one away.")
    if any(len(alt) > _ALT_TEXT for _, alt in pictures):
        raise Rejected(
            f"Mastodon takes {_ALT_TEXT} characters of alt text. Nothing was posted. Shorten it."
        )
    if any(body.startswith(b"%PDF") for body, _ in pictures):
        raise Rejected("Mastodon takes no documents. Nothing was posted. Give the post a picture.")
