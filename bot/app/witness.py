"""Notices that an older copy of the database was put in its place.

Beside an SQLite file lies a small one, the witness, with the number and hash of the newest row of
the audit log when it was published from last. A database whose log does not hold that row has
forgotten what went out since: it was copied back by hand, or made anew. The witness is never newer
than the database on the disk: it is written after the commit, and nobody waits for it. Where it
cannot be read or written it says nothing.
"""

import contextlib
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from bot.domain.ports import Clock
from bot.domain.post import State
from bot.store import Store
from bot.store.alarms import RESTORED

log = structlog.get_logger(__name__)


def look_back(store: Store, channels: Sequence[str], clock: Clock) -> None:
    """Let nothing be sent by itself from a database that is older than what was sent from it."""
    known = _read(store.witness)
    if known and not store.audit.holds(*known):
        what = (
            f"This database has forgotten what was done from here: row {known[0]} of its audit log "
            "is not there. An older copy may have been put in its place."
        )
        tame(store, what, channels, by="publisher", now=clock.now())
        log.error("database.is_older", reason=what)
    note(store)


def note(store: Store) -> None:
    """Remember the newest row of an SQLite database's log."""
    newest = store.audit.newest() if store.leases is None else None
    if newest is None or newest == _read(store.witness):
        return
    try:
        fresh = store.witness.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            json.dump(newest, file)
        fresh.replace(store.witness)
    except OSError as exc:
        log.warning("witness.not_written", reason=str(exc))


def tame(store: Store, what: str, channels: Sequence[str], *, by: str, now: datetime) -> None:
    """Let a database send nothing by itself that may have gone out already.

    Args:
        store: the database.
        what: why it may have forgotten something, a sentence.
        channels: those that are paused.
        by: who says so.
        now: articles that are not newer are held, too (`bot.edition`).
    """
    why = f"{what} Look at the account for what went out since."
    for channel in channels:
        store.pauses.pause(channel, f"{why} Then: bot resume {channel}", now=now)
    for post in store.desk.posts((State.DRAFTED, State.APPROVED, State.BEGUN), limit=100_000):
        if post.state is State.BEGUN:
            store.ledger.abandon(post, f"{why} Its later parts are not sent.", now=now)
        else:
            store.desk.decide(post, State.ON_HOLD, by=by, reason=why, now=now)
    store.alarms.first(RESTORED, now)


def _read(path: Path) -> tuple[int, str] | None:
    with contextlib.suppress(OSError, ValueError, TypeError):
        number, digest = json.loads(path.read_text(encoding="ascii"))
        return int(number), str(digest)
    return None
