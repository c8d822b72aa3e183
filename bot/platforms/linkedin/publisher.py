"""One LinkedIn author: prepare, send, find and verify posts."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests

from bot.domain.delivery import Account, Media, Receipt, Ticket, Verification
from bot.domain.errors import (
    Blocked,
    ConfigError,
    DeliveryError,
    NotReadable,
    NotSent,
    Rejected,
    Unclear,
)
from bot.domain.ports import Clock
from bot.domain.post import Content
from bot.http.client import date_of, post_once, safely
from bot.platforms.linkedin import comments, reading
from bot.platforms.linkedin.cards import Upload
from bot.platforms.linkedin.client import Client, Refused
from bot.platforms.linkedin.dialect import make
from bot.platforms.linkedin.failures import Doing, duplicate_of, explain, is_duplicate, raw_of
from bot.platforms.linkedin.little_text import stray
from bot.platforms.linkedin.settings import Settings

#: Clocks differ: a post made this much before the attempt may still be ours.
_SKEW = timedelta(seconds=60)

#: Reading is allowed to lag behind posting by this much before a post counts as gone.
_LAG = timedelta(minutes=10)

#: Looking goes back through at most this many pages of 50 posts.
_PAGES, _PAGE = 3, 50

_POST_URN = re.compile(r"urn:li:[A-Za-z]+:[A-Za-z0-9_-]+|urn:li:comment:\([^()]+\)")

_MEMBER = (
    "LinkedIn does not let a member's posts be read back by an app. Nothing was sent again. Look "
    "at the profile and tell the bot what you see."
)


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

        A member is asked for by userinfo. A page's token has no such request: being given a place
        for a picture, which nobody sees, shows that it may act for the page.
        """
        author = self.settings.author
        if self.settings.organization:
            try:
                self._safely(self.client.initialize, "card")
            except Rejected as exc:
                text = f"LinkedIn does not let this token act for {author}. Check BOT_LINKEDIN__AUTHOR."
                raise Blocked(text, status=exc.status, raw=exc.raw) from exc
            return Account(id=author, name=f"page {author.rsplit(':', 1)[-1]}")
        me = reading.answer(self._safely(self.client.member, "look"))
        owner = f"urn:li:person:{me.get('sub')}"
        if owner != author:
            raise Blocked(
                f"The LinkedIn token belongs to {owner}, but BOT_LINKEDIN__AUTHOR is {author}. "
                "Nothing was posted. Change one of the two."
            )
        return Account(id=owner, name=str(me.get("name") or owner))

    def prepare(self, content: Content, card: bytes | None, *, fingerprint: str) -> Ticket:
        """Upload the card and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        wire = make(self.settings).measure(content.text).wire_text
        self._check_text(wire, content.alt_text)
        media = (self._upload(card),) if card is not None else ()
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
            shown = {"id": media[0].id}
            body["content"] = {
                "media": shown | ({"altText": content.alt_text} if content.alt_text else {})
            }
        if content.link_title and content.link:
            body["content"] = {"article": _article(content, media)}
        return Ticket(
            platform="linkedin",
            request=json.dumps(body, ensure_ascii=False),
            text=content.text,
            fingerprint=fingerprint,
            media=media,
        )

    def follow(self, content: Content, live: Sequence[Receipt], *, fingerprint: str) -> Ticket:
        """Build the first comment. Raises Rejected for a member: only pages may comment by API."""
        if not self.settings.organization:
            raise Rejected("LinkedIn lets only a page's app comment.")
        if not _POST_URN.fullmatch(live[0].remote_id):
            raise Rejected(f"LinkedIn's name of the post is not known ({live[0].remote_id}).")
        return comments.ticket(
            content.parts[len(live) - 1],
            author=self.settings.author,
            urn=live[0].remote_id,
            fingerprint=fingerprint,
            part=len(live),
        )

    def send(self, ticket: Ticket) -> Receipt:
        """POST /rest/posts, or a comment, once. Raises NotSent, Rejected, Blocked, Unclear."""
        if ticket.part:
            return comments.send(ticket, self.client, self.settings.web_url, self.clock.now())
        began = self.clock.now()
        try:
            response = post_once(self.client.create, ticket.request.encode())
        except Refused as exc:
            if is_duplicate(exc.response):
                return self._adopt(exc.response, since=began - _SKEW)
            raise explain(exc.response, doing="post", now=self.clock.now()) from exc
        urn = response.headers.get("x-restli-id", "")
        if not _POST_URN.fullmatch(urn):
            raise Unclear(
                "LinkedIn took the request, but its answer names no post. It may be live, so it is "
                "not sent again; the bot looks first.",
                status=response.status_code,
                raw=raw_of(response),
            )
        return self._receipt(urn)

    def find(self, ticket: Ticket, *, since: datetime) -> Receipt | None:
        """Look through the page's posts for the same picture or text.

        Raises:
            NotReadable: a member's posts cannot be listed, or this token may not list.
            NotSent, Blocked: could not look just now, or not far enough to be sure.
        """
        if not self.settings.organization:
            raise NotReadable(_MEMBER)
        if ticket.part:
            return comments.find(ticket, self._comments(ticket), self.settings.web_url)
        posts = self._posts(since - _SKEW)
        for ours in (reading.has_picture, reading.has_text):
            for post in posts:
                if ours(post, ticket):
                    return self._receipt(str(post["id"]), found=True)
        return None

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read a page's post back and compare. Raises NotSent, Blocked.

        LinkedIn answers with the full text even where it shows a cut one, so the escaping itself
        is checked as well.
        """
        if not self.settings.organization or not _POST_URN.fullmatch(receipt.remote_id):
            return Verification(readable=False)
        try:
            if ticket.part:
                return comments.verify(ticket, self._comments(ticket), self.settings.web_url)
            response = self._safely(partial(self.client.post, receipt.remote_id), "look")
        except NotReadable:
            return Verification(readable=False)
        except NotSent as exc:
            if exc.status != 404:
                raise
            return self._gone(receipt)
        return self._compared(reading.answer(response), ticket)

    def _compared(self, post: reading.Post, ticket: Ticket) -> Verification:
        if reading.is_in_work(post):
            raise NotSent("LinkedIn is still working on the post; the bot looks again later.")
        if reading.is_failed(post):
            gone = "LinkedIn took the post but could not publish it; followers do not see it."
            return Verification(readable=True, differences=(gone,))
        found = reading.differences(post, ticket)
        wire = str(post.get("commentary") or "")
        cut = stray(wire) if self.settings.url_policy == "escape" else None
        if cut is not None:
            found.append(f"Followers see the text only up to “{wire[max(0, cut - 40) : cut]}”.")
        return Verification(readable=True, differences=tuple(found))

    def _comments(self, ticket: Ticket) -> requests.Response:
        return self._safely(partial(self.client.comments, comments.post_of(ticket)), "look")

    def _adopt(self, response: requests.Response, *, since: datetime) -> Receipt:
        """Return the post that a duplicate names, if it can only be ours and is really there."""
        status, raw = response.status_code, raw_of(response)
        urn = duplicate_of(response, since=since)
        unclear = (
            "LinkedIn says it has this post already, but not which one is ours. It may be live, so "
            "it is not sent again; the bot looks first."
        )
        if urn is None:
            raise Unclear(unclear, status=status, raw=raw)
        if self.settings.organization:
            # LinkedIn has named posts that do not exist (ComposioHQ/composio issue 2710).
            try:
                self.client.post(urn)
            except (Refused, requests.RequestException) as exc:
                raise Unclear(unclear, status=status, raw=raw) from exc
        return self._receipt(urn, found=True)

    def _gone(self, receipt: Receipt) -> Verification:
        if self.clock.now() - reading.made_by_urn(receipt.remote_id) < _LAG:
            raise NotSent("LinkedIn does not show the post yet; the bot looks again later.")
        gone = f"The post {receipt.permalink} is not there any more."
        return Verification(readable=True, differences=(gone,))

    def _check_text(self, wire: str, alt_text: str) -> None:
        try:
            (wire + alt_text).encode()
        except UnicodeEncodeError as exc:
            text = "The text has half a character in it. Nothing was posted. Type it again, then approve it."
            raise Rejected(text) from exc
        if self.settings.url_policy == "escape" and stray(wire) is not None:
            raise Rejected("LinkedIn would cut this text short. Nothing was posted. Edit it.")

    def _upload(self, card: bytes) -> Media:
        upload = Upload(
            client=self.client,
            clock=self.clock,
            safely=partial(self._safely, doing="card"),
            readable=self.settings.organization,
            patience=self.settings.image_wait,
        )
        return upload(card)

    def _posts(self, since: datetime) -> list[reading.Post]:
        """Return the page's posts made since then. Raises NotSent, Blocked, NotReadable."""
        found: list[reading.Post] = []
        for number in range(_PAGES):
            response = self._safely(partial(self.client.posts, number * _PAGE, _PAGE), "look")
            theirs = date_of(response)
            ahead = self.clock.now() - theirs if theirs else timedelta(0)
            # A fast clock here makes a new post look older than its attempt.
            oldest = since - ahead if ahead > _SKEW else since
            posts = reading.page(response)
            found += [post for post in posts if reading.created(post) >= oldest]
            if len(posts) < _PAGE or reading.created(posts[-1]) < oldest:
                return found
        raise NotSent(f"There are more than {len(found)} newer posts; the bot cannot see them all.")

    def _receipt(self, urn: str, *, found: bool = False) -> Receipt:
        permalink = f"{self.settings.web_url}/feed/update/{urn}/"
        return Receipt(remote_id=urn, permalink=permalink, found=found)

    def _safely(self, call: Callable[[], requests.Response], doing: Doing) -> requests.Response:
        """Make a request that cannot make a post live; try it up to three times."""
        return safely(
            call,
            refused=Refused,
            passing=lambda answer: answer.status_code >= 500,
            explain=lambda answer: self._explained(answer, doing),
        )

    def _explained(self, response: requests.Response, doing: Doing) -> DeliveryError:
        error = explain(response, doing=doing, now=self.clock.now())
        if doing == "look" and error.status == 403 and self.settings.organization:
            text = (
                "LinkedIn does not let this token read the page's posts (r_organization_social is "
                "missing). Nothing was sent again. Look at the page and tell the bot what you see."
            )
            return NotReadable(text, status=error.status, raw=error.raw)
        return error


def _article(content: Content, media: Sequence[Media]) -> dict[str, str]:
    """Return the link card. LinkedIn never reads the address itself (Posts API, Article)."""
    article = {"source": content.link or "", "title": content.link_title}
    if content.link_description:
        article["description"] = content.link_description
    if media:
        article["thumbnail"] = media[0].id
    if media and content.alt_text:
        article["thumbnailAltText"] = content.alt_text
    return article
