"""The first comment on a page's own post (LinkedIn, Comments API). Its text is plain, not escaped."""

import json
import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

import requests

from bot.domain.delivery import Receipt, Ticket, Verification
from bot.domain.errors import NotSent, Rejected, Unclear
from bot.platforms.linkedin.asking import Asking
from bot.platforms.linkedin.client import Refused
from bot.platforms.linkedin.failures import explain, raw_of
from bot.platforms.linkedin.reading import answer

#: Comments that one look shows at most (Comments API, `count`).
AT_ONCE = 100

#: LinkedIn names the thread a comment belongs to, where that is not the post it was given.
_THREAD = re.compile(r"actual threadUrn: (urn:li:[A-Za-z]+:[0-9]+)")


def ticket(words: str, *, author: str, urn: str, fingerprint: str, part: int) -> Ticket:
    """Return the request for a comment of `author` on the post `urn`."""
    body = {"actor": author, "object": urn, "message": {"text": words}}
    return Ticket(
        platform="linkedin",
        request=json.dumps(body, ensure_ascii=False),
        text=words,
        fingerprint=fingerprint,
        part=part,
        account=author,
    )


def post_of(ticket: Ticket) -> str:
    """Return the URN of the post the comment is on."""
    return str(json.loads(ticket.request)["object"])


def send(ticket: Ticket, asking: Asking, web_url: str) -> Receipt:
    """Comment, once; where LinkedIn has refused the post's name and told another, with that.

    Raises:
        NotSent, Rejected, Blocked, Unclear: see the port.
    """
    urn, now = post_of(ticket), asking.clock.now()
    try:
        response = _post(asking, urn, ticket.request)
    except Refused as exc:
        thread = _THREAD.search(exc.response.text) if exc.response.status_code == 400 else None
        if thread is None:
            raise _explained(exc.response, now) from exc
        body = json.loads(ticket.request) | {"object": thread[1]}
        try:
            response = _post(asking, thread[1], json.dumps(body, ensure_ascii=False))
        except Refused as again:
            raise _explained(again.response, now) from again
    try:
        made = response.json()
    except (ValueError, RecursionError):
        made = None
    found = _id(made) or response.headers.get("x-restli-id", "")
    if not found:
        raise Unclear(
            "LinkedIn took the comment, but its answer does not name it. It may be there, so it is "
            "not sent again; the bot looks first.",
            status=response.status_code,
            raw=raw_of(response),
        )
    return _receipt(ticket, found, web_url)


def find(
    ticket: Ticket, response: requests.Response, web_url: str, known: Collection[str] = ()
) -> Receipt | None:
    """Return the comment among those on the post: the page's own, with the same words.

    Raises:
        NotSent: there are more comments than one look shows.
    """
    wanted = json.loads(ticket.request)
    there = _list(response)
    for comment in there:
        same = _plain(_text(comment)) == _plain(wanted["message"]["text"])
        if same and comment.get("actor") == wanted["actor"]:
            receipt = _receipt(ticket, _id(comment), web_url, found_by_looking=True)
            if receipt.remote_id not in known:
                return receipt
    if len(there) >= AT_ONCE:
        raise NotSent(f"There are more than {AT_ONCE} comments; the bot cannot see them all.")
    return None


def verify(ticket: Ticket, response: requests.Response, web_url: str) -> Verification:
    """Compare the comments on the post with the one that was sent."""
    if find(ticket, response, web_url) is not None:
        return Verification(readable=True)
    return Verification(readable=True, differences=(f"The comment is not there: “{ticket.text}”",))


def _post(asking: Asking, urn: str, request: str) -> requests.Response:
    return asking.post(partial(asking.client.comment, urn), request.encode())


def _explained(response: requests.Response, now: datetime) -> Exception:
    if response.status_code == 403:
        # The post is live and the token good: only comments are not this app's to make.
        text = "LinkedIn does not let this app comment (w_organization_social_feed is missing)."
        return Rejected(text, status=403, raw=raw_of(response))
    return explain(response, doing="post", now=now)


def _receipt(
    ticket: Ticket, found: str, web_url: str, *, found_by_looking: bool = False
) -> Receipt:
    permalink = f"{web_url}/feed/update/{post_of(ticket)}/"
    return Receipt(remote_id=found, permalink=permalink, found=found_by_looking)


def _list(response: requests.Response) -> list[dict[str, Any]]:
    elements = answer(response).get("elements")
    if not isinstance(elements, list) or not all(isinstance(one, dict) for one in elements):
        text = (
            "LinkedIn did not list the post's comments. Nothing was changed; the bot looks again."
        )
        raise NotSent(text, status=response.status_code, raw=raw_of(response))
    return elements


def _id(comment: Any) -> str:
    if not isinstance(comment, dict):
        return ""
    return str(comment.get("commentUrn") or comment.get("$URN") or comment.get("id") or "")


def _text(comment: dict[str, Any]) -> str:
    message = comment.get("message")
    return str(message.get("text") or "") if isinstance(message, dict) else ""


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
