"""Webhooks: addresses of other programs that are told what happens, signed, in order.

After Standard Webhooks: `webhook-id` is the event's number, the same at every repeat. An event is
told at least once; one that cannot be told keeps those behind it waiting, so order is kept.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from standardwebhooks import Webhook as Signer

from bot.app import App
from bot.domain.access import Webhook
from bot.domain.errors import SourceError, UsageError
from bot.domain.ledger import Event
from bot.http.guard import Guard
from bot.http.post import post_json
from bot.store.webhooks import TOLD

log = structlog.get_logger(__name__)

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
#: After this long without one success nothing more is told, until an admin says so.
PATIENCE = timedelta(days=3)
#: Messages to one address in one round, so that a slow one cannot hold up the clock.
AT_ONCE = 10


def secret(app: App, webhook: Webhook) -> str:
    """Return what a webhook's messages are signed with; it is made anew, and kept nowhere."""
    raw = bytes.fromhex(app.keys.sign("webhook", webhook.salt))
    return "whsec_" + base64.b64encode(raw).decode()


def check_address(app: App, url: str) -> None:
    """Raise UsageError where an address may not be told anything; nothing is connected."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host:
        raise UsageError(f"{url[:200]!r} is not an address of the web; nothing was added.")
    try:
        _guard(app).addresses(host, port or (443 if url.startswith("https") else 80))
    except SourceError as exc:
        raise UsageError(f"{exc} No webhook was added.") from None
    except OSError:
        raise UsageError(f"{host} cannot be found; no webhook was added.") from None


def tell(app: App) -> int:
    """Tell every webhook what it has not been told yet; return how many messages were taken."""
    now = app.clock.now()
    return sum(_tell(app, webhook, now) for webhook in app.store.webhooks.due(now=now))


def _tell(app: App, webhook: Webhook, now: datetime) -> int:
    store, told = app.store.webhooks, 0
    for number, event in store.next(webhook):
        if event.name.startswith(TOLD) and webhook.wants(event.name):
            try:
                _send(app, webhook, number, event)
            except SourceError as exc:
                _failed(app, webhook, str(exc), now)
                return told
            told += 1
        store.reached(webhook, number)
        if told == AT_ONCE:
            break
    return told


def _failed(app: App, webhook: Webhook, why: str, now: datetime) -> None:
    store = app.store.webhooks
    log.warning("webhook.failed", webhook=webhook.id, reason=why)
    if webhook.failing_since and now - webhook.failing_since > PATIENCE:
        store.disable(
            webhook, f"Nothing was taken since {webhook.failing_since:%d %B}: {why}", now=now
        )
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(webhook.failures, 12))
    store.failed(store.get(webhook.id), retry_at=now + wait, now=now)


def _send(app: App, webhook: Webhook, number: int, event: Event) -> None:
    body = json.dumps(payload(app, event), ensure_ascii=False)
    at = app.clock.now()
    name = f"evt_{number}"
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret(app, webhook)).sign(name, at, body),
    }
    post_json(webhook.url, body.encode(), headers, guard=_guard(app))


def payload(app: App, event: Event) -> dict[str, Any]:
    """Return what is told of an event: no secret, and nothing of how people sign in."""
    data: dict[str, Any] = {
        "who": event.who,
        "article_id": event.article_key,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "reason": event.detail.get("reason") or event.detail.get("asks") or "",
    }
    if "channel" in event.detail:
        data["channel"] = event.detail["channel"]
    if event.post_id is not None:
        post = app.store.desk.post(event.post_id)
        data["post"] = {
            "id": post.id,
            "channel": post.channel,
            "state": post.state,
            "content_hash": post.fingerprint,
            "permalinks": [r.permalink for r in app.store.lookout.receipts(post)],
        }
    return {"type": event.name, "timestamp": event.at.isoformat(), "data": data}


def _guard(app: App) -> Guard:
    return app.fetcher.guard
