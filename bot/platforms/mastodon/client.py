"""Mastodon's REST API for one account (docs.joinmastodon.org), and what its answers mean."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import requests

from bot.domain.errors import Blocked, DeliveryError, NotEditable, NotSent, Rejected, Unclear
from bot.http.client import Body, Session, said
from bot.platforms.mastodon.settings import Settings

Doing = Literal["post", "card", "look", "edit", "delete"]

_REFUSED = frozenset({400, 404, 410, 413, 422})


class Refused(Exception):  # noqa: N818 -- an answer, not yet an error
    """An answer that is not 2xx."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(f"Mastodon answered {response.status_code}")
        self.response = response


class Client:
    """Sends requests with the account's token; raises `Refused` for what is not 2xx."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = Session((settings.connect_timeout, settings.read_timeout))

    def create(self, body: Body, key: str) -> requests.Response:
        """POST /api/v1/statuses on a connection of its own; a key makes a status only once."""
        self._session.close()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers["Connection"] = "close"
        return self.ask("POST", "/api/v1/statuses", data=body, headers=headers)

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **others: Any
    ) -> requests.Response:
        """Send one request, without redirects or retries."""
        token = self._settings.access_token.get_secret_value()
        response = self._session.request(
            method,
            self._settings.base_url + path,
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            allow_redirects=False,
            **others,
        )
        if not 200 <= response.status_code < 300:
            raise Refused(response)
        return response


def explain(response: requests.Response, *, doing: Doing, now: datetime) -> DeliveryError:
    """Return what an answer that is not 2xx means."""
    status, raw, reason = response.status_code, said(response), _reason(response)
    if status == 401 or (status == 403 and doing in ("post", "card", "look")):
        text = f"Mastodon does not let the token do that: {reason} Nothing was posted; posts wait. Check BOT_MASTODON__ACCESS_TOKEN and its scopes."
        return Blocked(text, status=status, raw=raw)
    if status == 429:
        text = "Mastodon's limit is reached. Nothing was posted; it goes on by itself."
        return NotSent(text, retry_at=_reset(response, now), status=status, raw=raw)
    refused = _refused(status, doing)
    if refused is not None:
        kind, words = refused
        return kind(words.format(doing=doing, reason=reason), status=status, raw=raw)
    if doing == "post":
        text = f"Mastodon answered {status}. The post may be live all the same, so it is not sent again; the bot looks first."
        return Unclear(text, status=status, raw=raw)
    text = f"Mastodon answered {status}. Nothing was changed; it is tried again."
    return NotSent(text, status=status, raw=raw)


def _refused(status: int, doing: Doing) -> tuple[type[DeliveryError], str] | None:
    """Return what a refusal of the request itself means, None where it is no such refusal."""
    if doing == "edit" and status in _REFUSED | {403}:
        return NotEditable, "Mastodon does not change the post: {reason} It stays as it is."
    if doing == "delete" and status in (_REFUSED | {403}) - {404, 410}:
        words = "Mastodon does not delete the post: {reason} It is still there. Delete it by hand."
        return Rejected, words
    if doing in ("post", "card") and status in _REFUSED:
        words = "Mastodon refused the {doing}: {reason} Nothing was posted. Edit it, then approve it again."
        return Rejected, words
    return None


def body_of(response: requests.Response) -> Any:
    """Return an answer's JSON, None where it is none."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _reason(response: requests.Response) -> str:
    body = body_of(response)
    words = str(body.get("error") or "") if isinstance(body, dict) else ""
    words = " ".join(words.split())[:500] or "no reason given"
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _reset(response: requests.Response, now: datetime) -> datetime | None:
    try:
        reset = datetime.fromisoformat(response.headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return None
    reset = reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    return reset if now < reset <= now + timedelta(days=1) else None
