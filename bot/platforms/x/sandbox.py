"""A stand-in for api.x.com: what `bot.platforms.x.publisher` talks to in demos and tests."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.domain.ports import Measure
from bot.http.sandbox import (
    ACCOUNT_HANDLE,
    Answer,
    Call,
    Picture,
    PlatformSandbox,
    Route,
    Shown,
    State,
    Words,
)
from bot.platforms.x import sandbox_account as account
from bot.platforms.x.sandbox_media import Media
from bot.platforms.x.sandbox_posts import Posts
from bot.platforms.x.sandbox_requests import problem
from bot.platforms.x.sandbox_text import as_shown, delivered
from bot.platforms.x.sandbox_timeline import Timeline


class Sandbox(PlatformSandbox):
    """X with one account, The ShiftMaker.

    Args:
        options: limits, prices and windows; see `Options`.
    """

    name = "x"
    title = "X"
    profile = ACCOUNT_HANDLE
    Options = account.Options

    def __init__(self, options: account.Options | None = None) -> None:
        self.options = options or account.Options()
        self._account = account.Account(self.options)

    def routes(self) -> list[Route]:
        """Return the endpoints the bot uses, and the ones beside them."""
        media, posts = Media(self._account), Posts(self._account)
        timeline = Timeline(self._account)
        upload = "/2/media/upload"
        table = [
            ("create", "POST", "/2/tweets", posts.create),
            ("lookup", "GET", "/2/tweets/{id}", timeline.lookup),
            ("delete", "DELETE", "/2/tweets/{id}", posts.delete),
            ("me", "GET", "/2/users/me", posts.me),
            ("timeline", "GET", "/2/users/{id}/tweets", timeline.posts),
            ("upload", "POST", upload, media.upload),
            ("status", "GET", upload, media.status),
            ("initialize", "POST", f"{upload}/initialize", media.initialize),
            ("append", "POST", f"{upload}/{{id}}/append", media.append),
            ("finalize", "POST", f"{upload}/{{id}}/finalize", media.finalize),
            ("metadata", "POST", "/2/media/metadata", media.metadata),
        ]
        consent = self._account.consent
        signing = [
            ("authorize", "GET", consent.action, consent.page),
            ("agree", "POST", consent.action, consent.decide),
            ("token", "POST", "/2/oauth2/token", consent.token),
            ("revoke", "POST", "/2/oauth2/revoke", consent.revoke),
        ]
        guarded = [(*row[:3], self._account.guard(row[0], row[3])) for row in table]
        return [
            Route(endpoint=name, method=method, path=path, handler=handler)
            for name, method, path, handler in [*guarded, *signing]
        ]

    def unknown(self, call: Call) -> Answer:  # noqa: ARG002
        """Answer as X does where there is nothing."""
        return problem(404, "Not Found").answer

    def credentials(self, kind: str = "", *, now: datetime | None = None) -> dict[str, Any]:  # noqa: ARG002
        """Return OAuth 1.0a keys.

        `kind` may be "read_only", a token that may not post, or "oauth2": an app to sign in by.
        """
        if kind == "oauth2":
            return {
                "client_id": account.CLIENT_ID,
                "client_secret": account.CLIENT_SECRET,
                "limit": self.options.limit,
            }
        token = account.READ_ONLY_TOKEN if kind == "read_only" else account.ACCESS_TOKEN
        return {
            "consumer_key": account.CONSUMER_KEY,
            "consumer_secret": account.CONSUMER_SECRET,
            "access_token": token,
            "access_token_secret": account.ACCESS_TOKEN_SECRET,
            "handle": ACCOUNT_HANDLE,
            "limit": self.options.limit,
        }

    def canonical(self, path: str) -> str:
        """Return the account's own address of a post, whoever's name (or `i`) stands in `path`."""
        found = re.fullmatch(r"\w+/status/(\d+)", path)
        return f"{ACCOUNT_HANDLE}/status/{found[1]}" if found else path

    def shown(self, state: State, now: datetime) -> list[Shown]:  # noqa: ARG002 -- X shows at once
        """Return the posts as followers see them, newest first."""
        return [_shown(post) for post in reversed(state.posts("x")) if not post["nullcast"]]

    def as_followers_see(self, text: str, measure: Callable[[str], Measure]) -> Words:
        """Return the text with its links shortened and its tags marked."""
        shown, entities = delivered(text, measure, post_id="0", media=[])
        return Words(segments=as_shown(shown, entities))


def _shown(post: dict[str, Any]) -> Shown:
    pictures = [
        Picture(blob=media["id"], alt=media["alt"], width=media["width"], height=media["height"])
        for media in post["media"]
    ]
    return Shown(
        id=post["id"],
        at=datetime.fromisoformat(post["created_at"]),
        segments=as_shown(post["shown"], post["entities"]),
        permalink=f"{ACCOUNT_HANDLE}/status/{post['id']}",
        context=f"Replying to @{ACCOUNT_HANDLE}" if post["reply_to"] else "",
        pictures=tuple(pictures),
    )
