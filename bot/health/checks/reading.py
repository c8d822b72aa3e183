"""Will articles be found: every source answers, and showed something not long ago."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.errors import SourceError
from bot.domain.health import Check
from bot.domain.intake import Source
from bot.watching.reading import reader


def sources(app: App) -> Iterator[Check]:
    """Ask every source as the next round would; nothing is taken in."""
    inbox = app.settings.inbox_dir
    if inbox is not None:
        fix = "" if inbox.is_dir() else "Make the folder, or correct BOT_INBOX_DIR."
        yield Check(name="inbox", ok=inbox.is_dir(), detail=str(inbox), fix=fix)
    known = app.store.sources.all()
    if inbox is None and not known:
        fix = "Add one with `bot source add`, or set BOT_INBOX_DIR."
        yield Check(name="sources", ok=False, detail="there is none to read", fix=fix)
    now, read = app.clock.now(), reader(app)
    for source in known:
        name = f"source {source.name}"
        if source.paused:
            yield Check(name=name, ok=True, detail=f"paused: {source.paused}")
            continue
        try:
            read.read(source)
        except SourceError as exc:
            fix = "Open it in a browser; `bot source` shows how to pause or change it."
            yield Check(name=name, ok=False, detail=str(exc), fix=fix)
            continue
        yield _fresh(source, name, now, app)


def _fresh(source: Source, name: str, now: datetime, app: App) -> Check:
    most = timedelta(hours=app.settings.preflight.quiet_hours)
    if source.last_read_at is None or now - source.last_read_at <= most:
        return Check(name=name, ok=True, detail="answers")
    hours = (now - source.last_read_at).total_seconds() / 3600
    return Check(
        name=name,
        ok=False,
        detail=f"answers, but has shown nothing new or readable for {hours:.0f} h",
        fix="Is the site still publishing there? Look at it; correct or pause the source.",
    )
