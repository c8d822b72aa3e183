"""One LinkedIn author: prepare, send, find and verify posts."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import requests

from bot.domain.accounts import SignedIn
from bot.domain.delivery import Account, Deed, Item, Media, Metrics, Receipt, Ticket, Verification
from bot.domain.errors import (
    Blocked,
    ConfigError,
    NotReadable,
    NotSent,
    Rejected,
    Unclear,
)
from bot.domain.ports import Clock
from bot.domain.post import Content
from bot.platforms.linkedin import changes, comments, listing, reading, request, versions
from bot.platforms.linkedin.asking import Asking
from bot.platforms.linkedin.cards import Upload
from bot.platforms.linkedin.client import Client, Refused
from bot.platforms.linkedin.dialect import make
from bot.platforms.linkedin.failures import duplicate_of, explain, is_duplicate, raw_of
from bot.platforms.linkedin.little_text import stray
from bot.platforms.linkedin.settings import Settings, signed_in

#: Clocks differ: a post made this much before the attempt may still be ours.
_SKEW = timedelta(seconds=60)

#: Reading is allowed to lag behind posting by this much before a post counts as gone.
_LAG = timedelta(minutes=10)

_POST_URN = re.compile(r"urn:li:[A-Za-z]+:[A-Za-z0-9_-]+|urn:li:comment:\([^()]+\)")

_MEMBER = (
    "LinkedIn does not let a member's posts be read back by an app. Nothing was sent again. Look "
    "at the profile and tell the bot what you see."
)


def connect(settings: Settings, clock: Clock, who: SignedIn | None = None) -> "LinkedInPublisher":
    """Return the account that has signed in, or that of the settings.

    Raises:
        ConfigError: nobody has signed in, and settings are missing; it names them.
    """
    settings = signed_in(settings, who) if who else settings
    missing = [] if settings.access_token.get_secret_value() else ["BOT_LINKEDIN__ACCESS_TOKEN"]
    missing += [] if settings.author else ["BOT_LINKEDIN__AUTHOR"]
    if missing:
        raise ConfigError(
            f"LinkedIn cannot be reached without {' and '.join(missing)}. Set them in .env, or "
            "sign in: bot auth linkedin."
        )
    client = Client(settings)
    return LinkedInPublisher(settings, clock, client, Asking(client, clock, settings.organization))


@dataclass(frozen=True)
class LinkedInPublisher:
    """Implements `bot.domain.ports.Publisher`."""

    settings: Settings
    clock: Clock
    client: Client = field(repr=False)
    asking: Asking = field(repr=False)

    @property
    def account(self) -> str:
        """The author's URN."""
        return self.settings.author

    def check(self) -> Account:
        """Try the token without posting. Raises Blocked, NotSent.

        A member is asked for by userinfo. A page's token has no such request: being given a place
        for a picture, which nobody sees, shows that it may act for the page.
        """
        author = self.settings.author
        if self.settings.organization:
            try:
                self.asking.safely(self.client.initialize, "card")
            except Rejected as exc:
                text = f"LinkedIn does not let this token act for {author}. Check BOT_LINKEDIN__AUTHOR."
                raise Blocked(text, status=exc.status, raw=exc.raw) from exc
            name = f"page {author.rsplit(':', 1)[-1]}"
            return Account(id=author, name=name, notices=self._notices())
        me = reading.answer(self.asking.safely(self.client.member, "look"))
        owner = f"urn:li:person:{me.get('sub')}"
        if owner != author:
            raise Blocked(
                f"The LinkedIn token belongs to {owner}, but BOT_LINKEDIN__AUTHOR is {author}. "
                "Nothing was posted. Change one of the two."
            )
        return Account(id=owner, name=str(me.get("name") or owner), notices=self._notices())

    def prepare(
        self,
        content: Content,
        card: bytes | None,
        *,
        fingerprint: str,
        pictures: Sequence[bytes] = (),
        have: Sequence[Media] = (),
    ) -> Ticket:
        """Upload card and pictures, or a PDF, and build the request. Safe to repeat.

        Raises:
            NotSent, Blocked, Rejected: see the port.
        """
        wire = make(self.settings).measure(content.text).wire_text
        files = [card, *pictures] if card is not None else list(pictures)
        request.check(content, files)
        self._check_text(wire, content.alt_text)
        media = tuple(self._upload(file, have) for file in files)
        body = request.body(content, wire, media, self.settings.author)
        return Ticket(
            platform="linkedin",
            request=json.dumps(body, ensure_ascii=False),
            text=content.text,
            fingerprint=fingerprint,
            media=media,
            account=self.account,
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
            return comments.send(ticket, self.asking, self.settings.web_url)
        began = self.clock.now()
        try:
            response = self.asking.post(self.client.create, ticket.request.encode())
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

    def find(
        self, ticket: Ticket, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """Look through the page's posts for the same picture or text.

        Raises:
            NotReadable: a member's posts cannot be listed, or this token may not list.
            NotSent, Blocked: could not look just now, or not far enough to be sure.
        """
        if not self.settings.organization:
            raise NotReadable(_MEMBER)
        if ticket.part:
            return comments.find(ticket, self._comments(ticket), self.settings.web_url, known)
        posts = listing.posts(self.asking, since - _SKEW)
        posts = [post for post in posts if str(post["id"]) not in known]
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
            response = self.asking.safely(partial(self.client.post, receipt.remote_id), "look")
        except NotReadable:
            return Verification(readable=False)
        except NotSent as exc:
            if exc.status != 404:
                raise
            return self._gone(receipt)
        return self._compared(reading.answer(response), ticket)

    def amend(self, ticket: Ticket, receipt: Receipt, text: str, *, fingerprint: str) -> Ticket:
        """Build the change of a post's words. Raises NotEditable, Rejected."""
        wire = make(self.settings).measure(text).wire_text
        self._check_text(wire, "")
        return changes.amended(ticket, receipt, text, wire, fingerprint)

    def edit(self, amended: Ticket, receipt: Receipt) -> Receipt:
        """Change a post's words. Raises as the port says; a member's app is refused."""
        changes.edit(amended, receipt, self.asking)
        return receipt

    def delete(self, receipt: Receipt) -> None:
        """Take a post or comment down. Raises Rejected, NotSent, Blocked."""
        changes.delete(receipt, self.asking)

    def metrics(self, receipts: Sequence[Receipt]) -> dict[str, Metrics]:
        """Read a page's numbers. Raises NotReadable for a member, NotSent, Blocked."""
        return changes.metrics(receipts, self.asking)

    def bill(self, deed: Deed, ticket: Ticket | None = None, *, count: int = 1) -> dict[Item, int]:
        """LinkedIn bills nothing."""
        del deed, ticket, count
        return {}

    def _notices(self) -> tuple[str, ...]:
        notice = versions.notice(self.client.version, self.clock.now())
        return (notice,) if notice else ()

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
        return self.asking.safely(partial(self.client.comments, comments.post_of(ticket)), "look")

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

    def _upload(self, card: bytes, have: Sequence[Media]) -> Media:
        upload = Upload(
            client=self.client,
            clock=self.clock,
            safely=partial(self.asking.safely, doing="card"),
            readable=self.settings.organization,
            patience=self.settings.image_wait,
            have=have,
        )
        return upload(card)

    def _receipt(self, urn: str, *, found: bool = False) -> Receipt:
        permalink = f"{self.settings.web_url}/feed/update/{urn}/"
        return Receipt(remote_id=urn, permalink=permalink, found=found)
