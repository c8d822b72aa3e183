"""The page's own posts, as LinkedIn lists them (Posts API, Find posts by author)."""

from datetime import datetime, timedelta
from functools import partial

from bot.domain.errors import NotSent
from bot.http.client import date_of
from bot.platforms.linkedin import reading
from bot.platforms.linkedin.asking import Asking

#: Clocks differ by so much without anything being wrong.
_SKEW = timedelta(seconds=60)

#: Looking goes back through at most this many pages of 50 posts.
_PAGES, _PAGE = 3, 50


def posts(asking: Asking, since: datetime) -> list[reading.Post]:
    """Return the page's posts made since then. Raises NotSent, Blocked, NotReadable."""
    found: list[reading.Post] = []
    for number in range(_PAGES):
        response = asking.safely(partial(asking.client.posts, number * _PAGE, _PAGE), "look")
        theirs = date_of(response)
        ahead = asking.clock.now() - theirs if theirs else timedelta(0)
        # A fast clock here makes a new post look older than its attempt.
        oldest = since - ahead if ahead > _SKEW else since
        posts = reading.page(response)
        found += [post for post in posts if reading.created(post) >= oldest]
        if len(posts) < _PAGE or reading.created(posts[-1]) < oldest:
            return found
    raise NotSent(f"There are more than {len(found)} newer posts; the bot cannot see them all.")
