"""One X account: prepare, send, find and verify posts."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import requests
import tweepy

from bot.domain.delivery import Account, Media, Receipt, Ticket, Verification
from bot.domain.errors import ConfigError, NotSent, Rejected, Unclear
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Content
from bot.http.client import date_of, post_once, safely, said
from bot.platforms.x import reading
from bot.platforms.x.client import Client
from bot.platforms.x.dialect import make
from bot.platforms.x.failures import Doing, explain, is_not_visible
from bot.platforms.x.settings import Settings

#: Looking goes back through at most this many pages of 100 posts.
_PAGES = 3

#: Clocks differ: a post made this much before the attempt may still be ours.
_SKEW = timedelta(seconds=60)

#: Reading is allowed to lag behind posting by this much before a post counts as gone.
_LAG = timedelta(minutes=10)

#: The same fields by their name in X's guides, and in its specification since 2.167.
_FIELDS = (
    {"tweet.fields": "attachments,created_at,entities,note_tweet"},
    {"post.fields": "attachments,created_at,entities,note_post"},
)

#: Characters an alt text may have (X API, POST /2/media/metadata).
_ALT_TEXT = 1000


def connect(settings: Settings, clock: Clock) -> "XPublisher":
    """Return the account. Raises ConfigError naming the missing or impossible keys."""
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    missing = [f"BOT_X__{k.upper()}" for k in keys if not getattr(settings, k).get_secret_value()]
    if missing:
        raise ConfigError(f"X cannot be reached without {', '.join(missing)}. Set them in .env.")
    client = Client(settings)
    if not re.fullmatch(r"[0-9]{1,19}", client.user_id):
        raise ConfigError(
            "BOT_X__ACCESS_TOKEN is no access token: one begins with the account's number and a "
            "hyphen. Copy it from developer.x.com, your app, Keys and tokens."
        )
    return XPublisher(settings, clock, client, make(settings))


@dataclass(frozen=True)
class XPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)
    dialect: Dialect = field(repr=False)

    def check(self) -> Account:
        """Try the keys without posting: GET /2/users/me, one user read. Raises Blocked, NotSent."""
        me = self._data(self._safely(self.client.me, "look"))
        name = str(me.get("name") or me.get("username") or "")
        return Account(id=str(me["id"]), name=name, handle=str(me.get("username", "")))

    def prepare(self, content: Content, card: bytes | None, *, fingerprint: str) -> Ticket:
        """Upload the card, describe it, and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        _check_characters(content)
        media = (self._upload(card, content.alt_text),) if card is not None else ()
        body: dict[str, Any] = {"text": content.text}
        if media:
            body["media"] = {"media_ids": [one.id for one in media]}
        if media and self.settings.made_with_ai:
            body["made_with_ai"] = True
        if self.settings.reply_settings:
            body["reply_settings"] = self.settings.reply_settings
        return Ticket(
            platform="x",
            request=json.dumps(body, ensure_ascii=False),
            text=content.text,
            fingerprint=fingerprint,
            media=media,
        )

    def follow(self, content: Content, live: Sequence[Receipt], *, fingerprint: str) -> Ticket:
        """Build a reply to the last part that is live. Raises Rejected.

        X allows replies to one's own posts also where replies to others need a summons.
        """
        part = len(live)
        words, parent = content.parts[part - 1], live[-1].remote_id
        if not re.fullmatch(r"[0-9]{1,19}", parent):
            raise Rejected(f"X's number of the post before is not known ({parent}).")
        body = {"text": words, "reply": {"in_reply_to_tweet_id": parent}}
        return Ticket(
            platform="x",
            request=json.dumps(body, ensure_ascii=False),
            text=words,
            fingerprint=fingerprint,
            part=part,
        )

    def send(self, ticket: Ticket) -> Receipt:
        """POST /2/tweets, once. Raises NotSent, Rejected, Blocked, Unclear."""
        try:
            response = post_once(self.client.create, ticket.request.encode())
        except tweepy.HTTPException as exc:
            if ticket.part and self._is_too_quick(exc.response, ticket):
                raise NotSent(
                    "X does not know the post before yet; the reply is tried again.",
                    retry_at=self.clock.now() + timedelta(seconds=5),
                    status=exc.response.status_code,
                    raw=said(exc.response),
                ) from exc
            raise explain(exc.response, doing="post", now=self.clock.now()) from exc
        try:
            remote_id = str(response.json()["data"]["id"])
        except (ValueError, LookupError, TypeError, RecursionError):
            remote_id = ""
        if not re.fullmatch(r"[0-9]{1,19}", remote_id):
            raise Unclear(
                "X took the request, but its answer names no post. It may be live, so it is not "
                "sent again; the bot looks first.",
                status=response.status_code,
                raw=said(response),
            )
        return self._receipt(remote_id)

    def find(self, ticket: Ticket, *, since: datetime) -> Receipt | None:
        """Look through the account's own posts: by our picture, then our link, then the text.

        Raises:
            NotSent, Blocked: could not look just now, or not far enough to be sure.
        """
        since -= _SKEW
        posts, theirs = self._posts({"since_id": reading.id_at(since)})
        ahead = self.clock.now() - theirs if theirs else timedelta(0)
        if ahead > _SKEW:  # this machine's clock is fast: the post's id says an earlier time
            posts, _ = self._posts({"since_id": reading.id_at(since - ahead)})
        for ours in (
            lambda post: reading.has_picture(post, ticket),
            lambda post: reading.has_link(post, ticket, self.dialect),
            lambda post: reading.has_text(post, ticket, self.dialect),
        ):
            found = next(filter(ours, posts), None)
            if found is not None:
                return self._receipt(str(found["id"]), found=True)
        return None

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read the post back and compare text and picture. Raises NotSent, Blocked.

        The timeline is read, not the post: an owned read costs a fifth.
        """
        number = int(receipt.remote_id)
        posts, _ = self._posts({"since_id": number - 1, "until_id": number + 1})
        post = next((one for one in posts if str(one["id"]) == receipt.remote_id), None)
        if post is None:
            return self._gone(receipt)
        differences = []
        if not reading.has_text(post, ticket, self.dialect):
            differences.append(f"Followers read another text: “{reading.readable(post)}”")
        if ticket.media and not reading.has_picture(post, ticket):
            differences.append("The card is missing, or it is another one.")
        return Verification(readable=True, differences=tuple(differences))

    def _is_too_quick(self, answer: requests.Response, ticket: Ticket) -> bool:
        """Whether a reply came before X had spread the post it answers (code 385, in seconds)."""
        parent = json.loads(ticket.request)["reply"]["in_reply_to_tweet_id"]
        return is_not_visible(answer) and self.clock.now() - reading.time_of(parent) < _LAG

    def _gone(self, receipt: Receipt) -> Verification:
        if self.clock.now() - reading.time_of(receipt.remote_id) < _LAG:
            raise NotSent("X does not show the post yet. Nothing was changed; the bot looks again.")
        gone = f"The post {receipt.permalink} is not on the account's timeline any more."
        return Verification(readable=True, differences=(gone,))

    def _upload(self, card: bytes, alt_text: str) -> Media:
        now = self.clock.now()
        answer = self._data(self._safely(lambda: self.client.upload(card), "card"))
        media_id = str(answer["id"])
        self._check_processing(answer.get("processing_info"), now)
        if alt_text:
            self._safely(lambda: self.client.describe(media_id, alt_text), "card")
        seconds = answer.get("expires_after_secs")
        # Five minutes early, so that a post is not refused for a picture that has just gone.
        lasts = timedelta(seconds=max(0, seconds - 300)) if isinstance(seconds, int) else None
        return Media(
            id=media_id,
            key=str(answer.get("media_key") or ""),
            sha256=sha256(card).hexdigest(),
            expires_at=now + lasts if lasts is not None else None,
        )

    def _check_processing(self, info: Any, now: datetime) -> None:
        """Refuse a picture X is not done with. It usually is: still pictures need no processing."""
        state = info.get("state") if isinstance(info, dict) else None
        if state == "failed":
            raise Rejected("X cannot use the card. Nothing was posted. Draw it again.")
        if state in {"pending", "in_progress"}:
            text = "X is still working on the card. Nothing was posted; it is tried again."
            raise NotSent(text, retry_at=now + timedelta(seconds=60))

    def _posts(self, window: dict[str, int]) -> tuple[list[reading.Post], datetime | None]:
        """Return the account's posts in a window of ids, and the time X answered.

        An answer without the fields that were asked for could hide our post, which would then
        be sent twice: the fields' other names are tried, and then looking has failed.
        """
        for fields in _FIELDS:
            params = {"max_results": 100, "exclude": "retweets", **window, **fields}
            try:
                posts, date = self._pages(params)
            except NotSent as exc:
                if exc.status != 400:
                    raise
                continue
            if all("created_at" in post for post in posts):
                return posts, date
        raise NotSent("X shows posts without their pictures and links; the bot looks again later.")

    def _pages(self, params: dict[str, Any]) -> tuple[list[reading.Post], datetime | None]:
        posts: list[reading.Post] = []
        for _ in range(_PAGES):
            response = self._safely(partial(self.client.timeline, params), "look")
            found, token = reading.page(response)
            posts += found
            if token is None:
                return posts, date_of(response)
            params = {**params, "pagination_token": token}
        raise NotSent(f"There are more than {len(posts)} newer posts; the bot cannot see them all.")

    def _receipt(self, remote_id: str, *, found: bool = False) -> Receipt:
        handle = self.settings.handle.lstrip("@") or "i"
        permalink = f"{self.settings.web_url}/{handle}/status/{remote_id}"
        return Receipt(remote_id=remote_id, permalink=permalink, found=found)

    def _safely(self, call: Callable[[], requests.Response], doing: Doing) -> requests.Response:
        """Make a request that cannot make a post live; try it up to three times."""
        return safely(
            call,
            refused=tweepy.HTTPException,
            passing=_passing,
            explain=lambda answer: explain(answer, doing=doing, now=self.clock.now()),
        )

    @staticmethod
    def _data(response: requests.Response) -> dict[str, Any]:
        data = reading.answer(response).get("data")
        if not isinstance(data, dict) or not re.fullmatch(r"[0-9]{1,19}", str(data.get("id"))):
            text = "X's answer has no id. Nothing was posted; it is tried again."
            raise NotSent(text, status=response.status_code, raw=said(response))
        return data


def _check_characters(content: Content) -> None:
    try:
        (content.text + content.alt_text).encode()
    except UnicodeEncodeError as exc:
        text = "The text has half a character in it. Nothing was posted. Type it again, then approve it."
        raise Rejected(text) from exc
    if len(content.alt_text) > _ALT_TEXT:
        raise Rejected(
            f"The alt text has {len(content.alt_text)} characters; X takes {_ALT_TEXT}. Nothing was "
            "posted. Shorten it."
        )


def _passing(answer: requests.Response) -> bool:
    """Whether a failure may be gone in a moment. X's upload has had whole hours of 404."""
    return answer.status_code >= 500 or answer.status_code == 404
