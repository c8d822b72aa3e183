"""Posts as X gives them back: short links, escaped signs, fields under old and new names."""

import html
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.domain.delivery import Ticket
from bot.domain.errors import NotSent
from bot.domain.ports import Dialect
from bot.http.client import said

#: X ids carry their time: milliseconds since this instant, above 22 bits (X API, X IDs).
_EPOCH_MS = 1_288_834_974_657

_OWN_LINK = re.compile(r"\s*https://t\.co/\w+$")

Post = dict[str, Any]


def id_at(moment: datetime) -> int:
    """Return the lowest id a post made at `moment` can have."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


def time_of(remote_id: str) -> datetime:
    """Return when the post with this id was made."""
    return datetime.fromtimestamp(((int(remote_id) >> 22) + _EPOCH_MS) / 1000, UTC)


def page(response: requests.Response) -> tuple[list[Post], str | None]:
    """Return the posts of one page of a timeline and the token of the next.

    Raises:
        NotSent: this is no page. An empty one says so itself (`meta.result_count`); an answer
            with errors and without posts must not be taken for "there is nothing".
    """
    body = answer(response)
    posts, meta = body.get("data"), body.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    if posts is None and meta.get("result_count") == 0:
        return [], None
    if not isinstance(posts, list) or not all(_is_post(post) for post in posts):
        text = "X did not show the account's posts. Nothing was changed; the bot looks again."
        raise NotSent(text, status=response.status_code, raw=said(response))
    token = meta.get("next_token")
    return posts, str(token) if token else None


def answer(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of an answer that cannot have made a post live. Raises NotSent."""
    try:
        body = response.json()
    except (ValueError, RecursionError) as exc:
        text = "X's answer cannot be read. Nothing was posted; it is tried again."
        raise NotSent(text, status=response.status_code, raw=said(response)) from exc
    return body if isinstance(body, dict) else {}


def has_picture(post: Post, ticket: Ticket) -> bool:
    """Whether the post carries a picture that was uploaded for this ticket alone."""
    keys = _keys(post)
    return any(media.key and media.key in keys for media in ticket.media)


def has_pictures(post: Post, ticket: Ticket) -> bool:
    """Whether the post carries all the pictures of the ticket."""
    keys = _keys(post)
    return all(media.key and media.key in keys for media in ticket.media)


def has_link(post: Post, ticket: Ticket, dialect: Dialect) -> bool:
    """Whether the post carries a link of the ticket's text."""
    wanted = {
        _address(entity.text)
        for entity in dialect.measure(ticket.text).entities
        if entity.kind == "url"
    }
    return not wanted.isdisjoint(_links(post).values())


def has_text(post: Post, ticket: Ticket, dialect: Dialect) -> bool:
    """Whether followers read the ticket's text: the same words and links, whatever the spacing."""
    return _plain(readable(post)) == _plain(_spelled_out(ticket.text, dialect))


def readable(post: Post) -> str:
    """Return the text as followers read it: signs unescaped, short links spelled out."""
    text = html.unescape(str(_whole(post).get("text") or ""))
    for short, real in _links(post).items():
        text = text.replace(short, real)
    return _OWN_LINK.sub("", text).strip()


def _keys(post: Post) -> list[str]:
    attachments = post.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, dict) else None
    return keys if isinstance(keys, list) else []


def _is_post(post: Any) -> bool:
    return isinstance(post, dict) and re.fullmatch(r"[0-9]{1,19}", str(post.get("id"))) is not None


def _whole(post: Post) -> Post:
    """Return where the whole text stands: apart, for a Premium post of more than 280 characters."""
    note = post.get("note_tweet") or post.get("note_post")
    return note if isinstance(note, dict) and note.get("text") else post


def _links(post: Post) -> dict[str, str]:
    """Return short link → real address. A link to the post's own picture leads nowhere else."""
    found: dict[str, str] = {}
    for part in (post, _whole(post)):
        entities = part.get("entities")
        urls = entities.get("urls") if isinstance(entities, dict) else None
        for one in urls or []:
            short, real = one.get("url"), one.get("expanded_url")
            if short and one.get("media_key"):
                found[str(short)] = ""
            elif short and real:
                found[str(short)] = _address(str(real))
    return found


def _spelled_out(text: str, dialect: Dialect) -> str:
    for entity in reversed(dialect.measure(text).entities):
        if entity.kind == "url":
            text = text[: entity.start] + _address(entity.text) + text[entity.end :]
    return text


def _address(url: str) -> str:
    """Return an address in the one form in which X's and ours can be compared."""
    url = url if re.match(r"(?i)https?://", url) else f"http://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
