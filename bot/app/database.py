"""What an operator does with the whole database: back it up, restore it, move it."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from bot.app.witness import tame
from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.store import Manifest, back_up, open_store, restore
from bot.store.copying import copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved.

    Attributes:
        rows: by table, each compared with what it was copied from.
        chain: hash of the audit log's last row that was copied.
    """

    rows: dict[str, int]
    chain: str


def backup(app: App, target: Path | None = None) -> tuple[Path, Manifest]:
    """Back everything up into a new file, by default in the data folder; return where and what.

    Raises:
        UsageError, StoreError: see `bot.store.backup.back_up`.
    """
    now = app.clock.now()
    if target is None:
        target = app.settings.data_dir / "backups" / f"bot-{now:%Y%m%d-%H%M%S}.tar"
    return target, back_up(app.store.engine, app.store.shelf.folder, target, now=now)


def restored(app: App, archive: Path, *, by: str) -> Manifest:
    """Restore a backup into the empty database of the settings, safely.

    What a backup calls approved may have gone out since it was made, and so may posts of articles
    that it does not know at all. So nothing is sent: every channel is paused, what waited is on
    hold and says why, and so will be the posts of every article that is not newer than this.

    Raises:
        ConfigError: a publisher is running.
        UsageError, StoreError: see `bot.store.backup.restore`.
    """
    now = app.clock.now()

    def prepare(path: Path, about: Manifest) -> None:
        store = open_store(f"sqlite:///{path}", path.parent / "cards", origin=app.origin)
        try:
            made = f"{about.made_at:%d %b %Y %H:%M} UTC"
            tame(store, f"Restored from a backup of {made}.", app.settings.channels, by=by, now=now)
            detail = {"made_at": about.made_at.isoformat(), "chain": about.chain}
            store.history.note(Event(at=now, name="database.restored", who=by, detail=detail))
        finally:
            store.close()

    # On PostgreSQL a worker that lives has a row there, so that the database is not empty.
    alone = app.store.leases is None
    if alone:
        app.store.witness.unlink(missing_ok=True)  # of what was here before
    with app.publishing() if alone else nullcontext():
        return restore(archive, app.store.engine, app.store.shelf.folder, tame=prepare)


def move(app: App, url: str, *, by: str) -> Moved:
    """Move this SQLite database to the empty PostgreSQL database at `url`.

    The old one stays as it is, with every channel paused, so that it cannot publish beside the
    new one by mistake.

    Raises:
        UsageError: this is no SQLite database, or the other is none of PostgreSQL or not empty.
        ConfigError: a publisher is running, or `url` cannot be used.
        StoreError: one of the two cannot be used.
    """
    if app.store.leases is not None or url.startswith("sqlite"):
        raise UsageError(
            "Only an SQLite database is moved, and only to PostgreSQL; nothing was changed. For "
            "anything else: `bot db backup`, set BOT_DATABASE_URL, `bot db restore`."
        )
    with app.publishing():
        new = open_store(url, app.store.shelf.folder, origin=app.origin)
        try:
            rows = copy(app.store.engine, new.engine)
            new.shelf.share()
            verdict = new.audit.verify()
            now = app.clock.now()
            event = Event(at=now, name="database.moved", who=by, detail={"chain": verdict.head})
            for channel in app.settings.channels:
                why = "This database was moved to PostgreSQL; set BOT_DATABASE_URL."
                app.store.pauses.pause(channel, why, now=now)
            for history in (app.store.history, new.history):
                history.note(event)
        finally:
            new.close()
    return Moved(rows=rows, chain=verdict.head)
