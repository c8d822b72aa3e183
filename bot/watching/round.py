"""One round of watching: read every source that is due, take in what it shows, plan the next."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.app import App
from bot.domain.errors import SourceError
from bot.domain.intake import Source
from bot.edition import Ingested, Polled, Skipped
from bot.http.fetch import Refused
from bot.sources import folder
from bot.watching.reading import Reading, read_all, reader
from bot.watching.rechecks import look_after
from bot.watching.taking import Taking

log = structlog.get_logger(__name__)

#: The name of the folder BOT_INBOX_DIR among the sources.
INBOX = "inbox"

#: How long nobody else may read a source that was claimed, should the process die meanwhile.
CLAIM = timedelta(minutes=5)


def read_inbox(app: App, result: Ingested) -> None:
    """Take in what is new in the folder BOT_INBOX_DIR.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
        SourceError: the folder cannot be read.
    """
    path = app.settings.inbox_dir
    if path is None:
        return
    try:
        source = Source(name=INBOX, url=folder.address(path), kind=folder.KIND, primed=True)
        reading = reader(app).read(source)
    except SourceError as exc:
        raise SourceError(f"BOT_INBOX_DIR: {exc}") from exc
    _take(app, reading, result)


def watch(
    app: App, result: Ingested, *, anyway: bool = False, stopping: threading.Event | None = None
) -> None:
    """Read the sources that are due; with `anyway` all that their servers let us read.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    now = app.clock.now()
    due = app.store.sources.claim(now=now, until=now + CLAIM, anyway=anyway)
    left = {source.id: source for source in due}
    choices = app.settings.sources
    try:
        for reading in read_all(
            due,
            reader(app).read,
            at_once=choices.at_once,
            per_host=choices.per_host,
            stopping=stopping or threading.Event(),
        ):
            settle(app, reading, result)
            del left[reading.source.id]
    finally:
        for source in left.values():  # we were stopped: whoever comes next reads them
            app.store.sources.note(source, {"next_poll_at": app.clock.now()})


def settle(app: App, reading: Reading, result: Ingested) -> None:
    """Take in what a source showed and plan its next reading.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    source = reading.source
    now = app.clock.now()
    rhythm = app.settings.sources.rhythm(app.house.zone, app.house.edition)
    if reading.error is not None:
        values = _failed(source, reading, now)
        values["next_poll_at"] = rhythm.next(
            now, failures=values["failures"], not_before=values["retry_at"]
        )
        app.store.sources.note(source, values)
        status = "gone" if values.get("paused") else "failed"
        result.sources.append(Polled(name=source.name, kind=source.kind, status=status))
        result.skipped.append(
            Skipped(id="", reason=str(reading.error), code=reading.error.exit_code)
        )
        return
    values = _take(app, reading, result)
    app.store.sources.note(
        source,
        {
            "failures": 0,
            "trouble": "",
            "retry_at": None,
            "last_read_at": now,
            "next_poll_at": rhythm.next(now),
            **values,
        },
    )


def _failed(source: Source, reading: Reading, now: datetime) -> dict[str, Any]:
    """An empty or failed reading changes nothing of what is known; only when we ask next."""
    error = reading.error
    failures = source.failures + 1
    say = log.warning if failures in (1, 3, 10) else log.info
    say("source.failed", source=source.name, reason=str(error), failures=failures)
    values: dict[str, Any] = {"failures": failures, "trouble": str(error), "retry_at": None}
    if isinstance(error, Refused):
        values["retry_at"] = error.retry_at
        if error.status == 410:
            values["paused"] = f"Its server says that it is gone for good ({now:%d %B %Y})."
    return values


def _take(app: App, reading: Reading, result: Ingested) -> dict[str, Any]:
    """Take in what a source showed; return what is to be written down about it."""
    source, shown = reading.source, reading.result
    values: dict[str, Any] = {}
    if reading.moved and all(one.url != reading.moved for one in app.store.sources.all()):
        values["url"] = reading.moved
    if shown is None:
        result.sources.append(_polled(source, "not_modified"))
        return values
    for trouble in reading.troubles:
        result.skipped.append(Skipped(id="", reason=str(trouble), code=trouble.exit_code))
    if not shown.items:
        result.sources.append(_polled(source, "empty"))
        return values
    taking = Taking(app, reader(app), source, result)
    before = len(result.new)
    taking.take(shown.items)
    look_after(app, result.new[before:], source.url)
    result.sources.append(replace(_polled(source, "ok"), fetched=len(shown.items)))
    if shown.hub != source.hub or shown.topic != source.topic:
        values |= {"hub": shown.hub, "topic": shown.topic, "lease_until": None}
    if taking.primed:
        values["primed"] = True
    if not taking.later:  # else the server would say that nothing is new
        given = reading.validators
        values |= {"etag": given.etag, "last_modified": given.last_modified}
    return values


def _polled(source: Source, status: str) -> Polled:
    return Polled(name=source.name, kind=source.kind, status=status)
