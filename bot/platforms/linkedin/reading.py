"""Posts as LinkedIn gives them back, compared with the request they came from."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import requests

from bot.domain.delivery import Ticket
from bot.domain.errors import NotSent
from bot.platforms.linkedin.failures import made_at, raw_of
from bot.platforms.linkedin.little_text import unescape

Post = dict[str, Any]

_FAILED = frozenset({"PUBLISH_FAILED"})


def answer(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of an answer that cannot have made a post live. Raises NotSent."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        text = "LinkedIn's answer cannot be read. Nothing was posted; it is tried again."
        raise NotSent(text, status=response.status_code, raw=raw_of(response))
    return body


def page(response: requests.Response) -> list[Post]:
    """Return one page of an author's posts.

    Raises:
        NotSent: this is no page; it must not be taken for "there is nothing".
    """
    posts = answer(response).get("elements")
    if not isinstance(posts, list) or not all(
        isinstance(post, dict) and str(post.get("id", "")).startswith("urn:li:") for post in posts
    ):
        text = "LinkedIn did not list the page's posts. Nothing was changed; the bot looks again."
        raise NotSent(text, status=response.status_code, raw=raw_of(response))
    return posts


def created(post: Post) -> datetime:
    """Return when a post was made: as LinkedIn says, or by its URN."""
    milliseconds = post.get("createdAt")
    if isinstance(milliseconds, int) and 0 < milliseconds < 4_102_444_800_000:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return made_by_urn(str(post.get("id", "")))


def made_by_urn(urn: str) -> datetime:
    """Return the time in a post's URN; the epoch where there is none."""
    number = urn.rsplit(":", 1)[-1]
    usable = number.isascii() and number.isdigit() and len(number) < 25
    return made_at(number if usable else "0")


def has_text(post: Post, ticket: Ticket) -> bool:
    """Whether the post says what the request says; how it is escaped does not matter."""
    wanted = str(json.loads(ticket.request)["commentary"])
    return _plain(readable(post)) == _plain(unescape(wanted))


def has_picture(post: Post, ticket: Ticket) -> bool:
    """Whether the post carries a file that was uploaded for this ticket alone."""
    there = _ids(post)
    return any(media.id in there for media in ticket.media)


def readable(post: Post) -> str:
    """Return the post's text without escaping."""
    return unescape(str(post.get("commentary") or ""))


def differences(post: Post, ticket: Ticket) -> list[str]:
    """Return what followers see otherwise than approved, as sentences."""
    found = []
    if not has_text(post, ticket):
        found.append(f"Followers read another text: “{readable(post)}”")
    if any(media.id not in _ids(post) for media in ticket.media):
        found.append("The card is missing, or it is another one.")
    wanted = json.loads(ticket.request)
    if ticket.media and has_picture(post, ticket):
        alt_text = str(_media(wanted).get("altText", ""))
        seen = _media(post).get("altText")
        if seen is not None and _plain(str(seen)) != _plain(alt_text):
            found.append(f"The card's alt text is another one: “{seen}”")
    if _card(post) != _card(wanted):
        source, title = _card(post)
        found.append(f"The link card is another one: “{title}” ({source})")
    visibility = post.get("visibility", wanted["visibility"])
    if visibility != wanted["visibility"]:
        found.append(f"It is shown to {visibility} instead of {wanted['visibility']}.")
    return found


def is_failed(post: Post) -> bool:
    """Whether LinkedIn took the post and then could not publish it: nobody sees it."""
    return post.get("lifecycleState") in _FAILED


def is_in_work(post: Post) -> bool:
    """Whether LinkedIn has not yet shown the post to anybody."""
    return post.get("lifecycleState") in {"PROCESSING", "PUBLISH_REQUESTED", "DRAFT"}


def _ids(post: Post) -> list[str]:
    """Return the names of the files a post carries."""
    content = post.get("content")
    several = content.get("multiImage") if isinstance(content, dict) else None
    images = several.get("images") if isinstance(several, dict) else None
    if isinstance(images, list):
        return [str(image.get("id")) for image in images if isinstance(image, dict)]
    return [str(_media(post).get("id"))]


def _media(post: Post) -> dict[str, Any]:
    """Return the post's picture as `id` and `altText`, also where it stands on a link card."""
    content = post.get("content")
    content = content if isinstance(content, dict) else {}
    media, article = content.get("media"), content.get("article")
    if isinstance(article, dict):
        names = {"id": "thumbnail", "altText": "thumbnailAltText"}
        return {name: article[there] for name, there in names.items() if there in article}
    return media if isinstance(media, dict) else {}


def _card(post: Post) -> tuple[Any, Any]:
    content = post.get("content")
    article = content.get("article") if isinstance(content, dict) else None
    return (article.get("source"), article.get("title")) if isinstance(article, dict) else ("", "")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
