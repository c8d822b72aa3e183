"""One X account: prepare, send, find and verify posts."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests
import tweepy

from bot.domain.accounts import SignedIn
from bot.domain.delivery import Account, Deed, Item, Media, Metrics, Receipt, Ticket, Verification
from bot.domain.errors import ConfigError, NotSent, Rejected, Unclear
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Content
from bot.http.client import post_once, safely, said
from bot.platforms.x import changes, reading
from bot.platforms.x.cards import Upload, check, data
from bot.platforms.x.client import Client
from bot.platforms.x.dialect import make
from bot.platforms.x.failures import Doing, explain, is_not_visible
from bot.platforms.x.settings import Settings
from bot.platforms.x.timeline import Timeline

#: Clocks differ: a post made this much before the attempt may still be ours.
_SKEW = timedelta(seconds=60)

#: Reading is allowed to lag behind posting by this much before a post counts as gone.
_LAG = timedelta(minutes=10)


def connect(settings: Settings, clock: Clock, who: SignedIn | None = None) -> "XPublisher":
    """Return the account that has signed in, or that of the four keys in the settings.

    Raises:
        ConfigError: nobody has signed in, and keys are missing or impossible; it names them.
    """
    if who is None:
        _check_keys(settings)
    client = Client(settings, who)
    if who and not settings.handle and who.account.handle:
        settings = settings.model_copy(update={"handle": who.account.handle})
    return XPublisher(settings, clock, client, make(settings))


def _check_keys(settings: Settings) -> None:
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    missing = [f"BOT_X__{k.upper()}" for k in keys if not getattr(settings, k).get_secret_value()]
    if missing:
        raise ConfigError(
            f"X cannot be reached without {', '.join(missing)}. Set them in .env, or sign in: "
            "bot auth x."
        )
    number, _, _ = settings.access_token.get_secret_value().partition("-")
    if not re.fullmatch(r"[0-9]{1,19}", number):
        raise ConfigError(
            "BOT_X__ACCESS_TOKEN is no access token: one begins with the account's number and a "
            "hyphen. Copy it from developer.x.com, your app, Keys and tokens."
        )


@dataclass(frozen=True)
class XPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)
    dialect: Dialect = field(repr=False)

    @property
    def timeline(self) -> Timeline:
        """The account's own posts."""
        return Timeline(self.client, partial(self._safely, doing="look"))

    @property
    def account(self) -> str:
        """The account's number."""
        return self.client.user_id

    def check(self) -> Account:
        """Try the keys without posting: GET /2/users/me, one user read. Raises Blocked, NotSent."""
        me = data(self._safely(self.client.me, "look"))
        name = str(me.get("name") or me.get("username") or "")
        return Account(id=str(me["id"]), name=name, handle=str(me.get("username", "")))

    def prepare(
        self,
        content: Content,
        card: bytes | None,
        *,
        fingerprint: str,
        pictures: Sequence[bytes] = (),
        have: Sequence[Media] = (),
    ) -> Ticket:
        """Upload the card and what stands beside it, describe it, and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        _check_characters(content)
        upload = Upload(self.client, self.clock, partial(self._safely, doing="card"), have)
        alt_texts = [content.alt_text, *(alt_text for _, alt_text in content.pictures)]
        shown = [card, *pictures] if card is not None else list(pictures)
        check(shown, alt_texts)
        pairs = zip(shown, alt_texts[len(alt_texts) - len(shown) :], strict=True)
        media = tuple(upload(picture, alt_text) for picture, alt_text in pairs)
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
            account=self.account,
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
            account=self.account,
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
        remote_id = _made(response)
        if not remote_id:
            raise Unclear(
                "X took the request, but its answer names no post. It may be live, so it is not "
                "sent again; the bot looks first.",
                status=response.status_code,
                raw=said(response),
            )
        return self._receipt(remote_id)

    def find(
        self, ticket: Ticket, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """Look through the account's own posts: by our picture, then our link, then the text.

        Raises:
            NotSent, Blocked: could not look just now, or not far enough to be sure.
        """
        since -= _SKEW
        posts, theirs = self.timeline.posts({"since_id": reading.id_at(since)})
        ahead = self.clock.now() - theirs if theirs else timedelta(0)
        if ahead > _SKEW:  # this machine's clock is fast: the post's id says an earlier time
            posts, _ = self.timeline.posts({"since_id": reading.id_at(since - ahead)})
        posts = [post for post in posts if str(post["id"]) not in known]
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
        posts, _ = self.timeline.posts({"since_id": number - 1, "until_id": number + 1})
        post = next((one for one in posts if str(one["id"]) == receipt.remote_id), None)
        if post is None:
            return self._gone(receipt)
        differences = []
        if not reading.has_text(post, ticket, self.dialect):
            differences.append(f"Followers read another text: “{reading.readable(post)}”")
        if not reading.has_pictures(post, ticket):
            differences.append("The card is missing, or it is another one.")
        return Verification(readable=True, differences=tuple(differences))

    def amend(self, ticket: Ticket, receipt: Receipt, text: str, *, fingerprint: str) -> Ticket:
        """Build the request that replaces the words. Raises NotEditable, Rejected."""
        _check_characters(Content(text=text))
        window = timedelta(minutes=self.settings.edit_minutes)
        now = self.clock.now()
        return changes.amended(ticket, receipt, text, fingerprint, window=window, now=now)

    def edit(self, amended: Ticket, receipt: Receipt) -> Receipt:
        """POST the new version, once; it has a number of its own. Raises as the port says."""
        try:
            response = post_once(self.client.create, amended.request.encode())
        except tweepy.HTTPException as exc:
            raise changes.refusal(exc.response, self.clock.now()) from exc
        remote_id = _made(response)
        if not remote_id:
            raise changes.unread(response)
        return self._receipt(remote_id, found=receipt.found)

    def delete(self, receipt: Receipt) -> None:
        """DELETE the post; X forgets it for good. Raises Rejected, NotSent, Blocked."""
        if not re.fullmatch(r"[0-9]{1,19}", receipt.remote_id):
            raise Rejected(f"X's number of the post is not known ({receipt.remote_id}).")
        try:
            safely(
                partial(self.client.remove, receipt.remote_id),
                refused=tweepy.HTTPException,
                passing=lambda answer: answer.status_code >= 500,
                explain=lambda answer: explain(answer, doing="delete", now=self.clock.now()),
            )
        except NotSent as exc:
            if exc.status != 404:  # gone already
                raise

    def metrics(self, receipts: Sequence[Receipt]) -> dict[str, Metrics]:
        """Read the posts' numbers from the own timeline: a fifth of a lookup's price."""
        found: dict[str, Metrics] = {}
        for receipt in receipts:
            if re.fullmatch(r"[0-9]{1,19}", receipt.remote_id):
                number = int(receipt.remote_id)
                posts, _ = self.timeline.posts({"since_id": number - 1, "until_id": number + 1})
                found |= changes.numbers(posts, [receipt])
        return found

    def bill(self, deed: Deed, ticket: Ticket | None = None, *, count: int = 1) -> dict[Item, int]:
        """Return what X bills for a deed, at most."""
        return changes.billed(deed, ticket, count, self.dialect)

    def _is_too_quick(self, answer: requests.Response, ticket: Ticket) -> bool:
        """Whether a reply came before X had spread the post it answers (code 385, in seconds)."""
        parent = json.loads(ticket.request)["reply"]["in_reply_to_tweet_id"]
        return is_not_visible(answer) and self.clock.now() - reading.time_of(parent) < _LAG

    def _gone(self, receipt: Receipt) -> Verification:
        if self.clock.now() - reading.time_of(receipt.remote_id) < _LAG:
            raise NotSent("X does not show the post yet. Nothing was changed; the bot looks again.")
        gone = f"The post {receipt.permalink} is not on the account's timeline any more."
        return Verification(readable=True, differences=(gone,))

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


def _made(response: requests.Response) -> str:
    """Return the number of the post an answer tells of, "" where it tells of none."""
    try:
        remote_id = str(response.json()["data"]["id"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return remote_id if re.fullmatch(r"[0-9]{1,19}", remote_id) else ""


def _check_characters(content: Content) -> None:
    try:
        (content.text + content.alt_text).encode()
    except UnicodeEncodeError as exc:
        text = "The text has half a character in it. Nothing was posted. Type it again, then approve it."
        raise Rejected(text) from exc


def _passing(answer: requests.Response) -> bool:
    """Whether a failure may be gone in a moment. X's upload has had whole hours of 404."""
    return answer.status_code >= 500 or answer.status_code == 404
