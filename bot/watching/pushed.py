"""What is pushed to us: signatures of webhooks and hubs, subscribing, and taking it in."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import structlog
from standardwebhooks import Webhook

from bot import sources
from bot.app import App
from bot.domain.arrival import Arrival
from bot.domain.errors import ConfigError, NotApproved, SourceError, UsageError
from bot.domain.intake import Source
from bot.domain.source import Document
from bot.edition import Ingested, Polled, Skipped
from bot.http.post import post
from bot.sources import webhook
from bot.watching.reading import reader
from bot.watching.rechecks import gone, look_after, recheck
from bot.watching.round import read_inbox, watch
from bot.watching.taking import Taking

log = structlog.get_logger(__name__)

#: How old or how far ahead a message may say it is (Standard Webhooks, "Verifying").
WINDOW = timedelta(minutes=5)

#: How long ids are remembered: far longer than any message is accepted.
MEMORY = timedelta(days=30)

#: How long a message is tried again that could not be taken in, because its page was not there.
PATIENCE = timedelta(days=1)

#: How long hubs are asked to tell us, and how long before its end they are asked anew.
LEASE, RENEW = timedelta(days=10), timedelta(days=2)

#: How long we wait for a hub to come back to us before it is asked again.
ANSWER = timedelta(hours=1)


class Forged(NotApproved):
    """A message that is not signed by whom it must be, too old, or not a message at all."""


def secret(app: App, source: Source) -> str:
    """Return what messages to a source are signed with; made anew each time, kept nowhere."""
    raw = bytes.fromhex(app.keys.sign("source", source.key))
    return "whsec_" + base64.b64encode(raw).decode()


def address(app: App, source: Source) -> str:
    """Return where messages to a source are sent. Raises UsageError without a public address."""
    site = app.settings.desk.address
    return f"{site}/hooks/in/{source.key}"


def signed_message(
    app: App, source: Source, headers: Mapping[str, str], body: bytes
) -> tuple[str, bytes]:
    """Return id and content of a webhook's message.

    Raises:
        Forged: no signature of ours is on it, or it is from another time.
    """
    now = app.clock.now()
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (0 < len(name) <= 255 and stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise Forged("A message needs webhook-id, webhook-timestamp and webhook-signature.")
    at = datetime.fromtimestamp(int(stamp), UTC)
    try:
        said = Webhook(secret(app, source)).sign(name, at, body.decode())
    except UnicodeDecodeError as exc:
        raise Forged("A message is JSON in UTF-8.") from exc
    # Its own check of the time reads the machine's clock; ours is passed in. And in one
    # time for all, whatever is wrong.
    ours = [hmac.compare_digest(said.encode(), one.encode()) for one in given.split(" ")[:10]]
    if not any(ours):
        raise Forged("The signature is not that of the secret of this source.")
    if abs(now - at) > WINDOW:
        raise Forged("The message is more than five minutes old or from the future.")
    return name, body


def hub_message(
    app: App, source: Source, headers: Mapping[str, str], body: bytes
) -> tuple[str, bytes]:
    """Return id and content of what a hub tells us (WebSub, W3C 2018, 8).

    Raises:
        Forged: no signature of ours is on it.
    """
    method, _, given = headers.get("x-hub-signature", "").partition("=")
    # sha1 is in the standard; what is signed with it could be forged some day
    if method not in ("sha256", "sha384", "sha512"):
        raise Forged("A hub signs with sha256, sha384 or sha512.")
    said = hmac.new(secret(app, source).encode(), body, getattr(hashlib, method)).digest()
    try:
        got = binascii.unhexlify(given)
    except (binascii.Error, ValueError) as exc:
        raise Forged("The signature is not hexadecimal.") from exc
    if not hmac.compare_digest(said, got):
        raise Forged("The signature is not that of the secret we gave the hub.")
    return hashlib.sha256(body).hexdigest(), body


def arrived(
    app: App, source: Source, headers: Mapping[str, str], body: bytes, content_type: str
) -> bool:
    """Keep a message to be taken in; False where it was here before.

    Raises:
        Forged: see `signed_message` and `hub_message`.
        UsageError: too much waits already.
    """
    check = signed_message if source.kind == webhook.KIND else hub_message
    name, content = check(app, source, headers, body)
    if app.store.arrivals.full(source.name):
        raise UsageError(f"{source.name}: too many messages wait; send this one again later.")
    arrival = Arrival(
        source=source.name,
        message_id=name,
        content=content,
        content_type=content_type[:255],
        at=app.clock.now(),
    )
    return app.store.arrivals.add(arrival)


def confirmed(app: App, source: Source, asked: Mapping[str, str]) -> str:
    """Return what a hub wants to hear that asks whether we subscribed (WebSub, 5.3).

    Raises:
        Forged: we did not, or not to this topic.
    """
    mode, topic = asked.get("hub.mode", ""), asked.get("hub.topic", "")
    if not source.hub or topic != source.topic:
        raise Forged("We did not subscribe to this topic.")
    if mode == "denied":
        log.warning("hub.denied", source=source.name, reason=asked.get("hub.reason", "")[:200])
        return ""
    challenge, seconds = asked.get("hub.challenge", ""), asked.get("hub.lease_seconds", "")
    if mode != "subscribe" or not 0 < len(challenge) <= 1000:
        raise Forged("We did not ask for this.")
    lease = min(timedelta(seconds=int(seconds)), LEASE) if seconds[:9].isdigit() else LEASE
    app.store.sources.note(source, {"lease_until": app.clock.now() + lease})
    log.info("hub.subscribed", source=source.name)
    return challenge


def subscribe(app: App) -> None:
    """Ask the hubs of our sources to tell us; only where the desk has a public address.

    Raises:
        StoreError: the database cannot be used.
    """
    now = app.clock.now()
    if not app.settings.desk.url.startswith("https://"):
        return
    for source in app.store.sources.all():
        lease, asked = source.lease_until, source.hub_asked_at
        if not source.hub or not source.topic or source.paused:
            continue
        if (lease and lease - now > RENEW) or (asked and now - asked < ANSWER):
            continue
        app.store.sources.note(source, {"hub_asked_at": now})
        try:
            _ask(app, source)
        except SourceError as exc:
            log.info("hub.not_asked", source=source.name, reason=str(exc))


def _ask(app: App, source: Source) -> None:
    wanted = {
        "hub.mode": "subscribe",
        "hub.topic": source.topic,
        "hub.callback": address(app, source),
        "hub.secret": secret(app, source),
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    post(source.hub, urlencode(wanted).encode(), kind, guard=app.fetcher.guard)


def take_arrivals(app: App, result: Ingested) -> None:
    """Take in what was pushed since the last time.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    known = {source.name: source for source in app.store.sources.all()}
    for arrival in app.store.arrivals.open():
        source = known.get(arrival.source)
        again = source is not None and _taken(app, source, arrival, result)
        if not again or app.clock.now() - arrival.at > PATIENCE:
            app.store.arrivals.done(arrival, now=app.clock.now())


def _taken(app: App, source: Source, arrival: Arrival, result: Ingested) -> bool:
    """Take one message in; return whether it has to be tried again."""
    document = Document(url=source.url, content=arrival.content, content_type=arrival.content_type)
    try:
        found = sources.read(document, app.house, kind=source.kind)
    except SourceError as exc:
        log.warning("arrival.unreadable", source=source.name, reason=str(exc))
        result.sources.append(Polled(name=source.name, kind=source.kind, status="failed"))
        result.skipped.append(Skipped(id=arrival.message_id, reason=str(exc), code=exc.exit_code))
        return False
    taking = Taking(app, reader(app), source, result)
    for name in found.gone:
        if gone(app, name):
            break
    if found.items and source.primed:
        before = len(result.new)
        taking.take(found.items)
        look_after(app, result.new[before:], source.url)
    result.sources.append(
        Polled(name=source.name, kind=source.kind, status="ok", fetched=len(found.items))
    )
    return taking.later


def everything(app: App) -> Ingested:
    """Read the inbox, what was pushed, and every source now, whether it is time or not.

    Raises:
        ConfigError: there is nothing to read, or a template is wrong.
        StoreError: the database cannot be used.
    """
    if app.settings.inbox_dir is None and not app.store.sources.all():
        raise ConfigError(
            "There is nothing to read: name article files or addresses, add a source with "
            "`bot source add`, or set BOT_INBOX_DIR to the folder where new articles appear."
        )
    result = Ingested()
    if app.settings.inbox_dir is not None:
        read_inbox(app, result)
    take_arrivals(app, result)
    watch(app, result, anyway=True)
    recheck(app, result)
    return result
