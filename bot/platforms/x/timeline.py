"""The account's own posts, as X lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import requests

from bot.domain.delivery import Item
from bot.domain.errors import NotSent
from bot.domain.meter import charge
from bot.http.client import date_of
from bot.platforms.x import reading
from bot.platforms.x.client import Client

#: Looking goes back through at most this many pages of 100 posts.
_PAGES = 3

#: The same fields by their name in X's guides, and in its specification since 2.167.
_FIELDS = (
    {"tweet.fields": "attachments,created_at,entities,note_tweet,public_metrics"},
    {"post.fields": "attachments,created_at,entities,note_post,public_metrics"},
)


@dataclass(frozen=True)
class Timeline:
    """Reads the account's posts.

    Attributes:
        safely: makes a request that cannot make a post live, with retries and typed errors.
    """

    client: Client
    safely: Callable[[Callable[[], requests.Response]], requests.Response]

    def posts(self, window: dict[str, int]) -> tuple[list[reading.Post], datetime | None]:
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
            response = self.safely(partial(self.client.timeline, params))
            found, token = reading.page(response)
            charge(Item.OWNED_READ, len(found))
            posts += found
            if token is None:
                return posts, date_of(response)
            params = {**params, "pagination_token": token}
        raise NotSent(f"There are more than {len(posts)} newer posts; the bot cannot see them all.")
