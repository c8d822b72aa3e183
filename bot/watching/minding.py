"""What an editor decides about a watched source: not for now, again, or no more."""

from collections.abc import Mapping

from bot.app import App
from bot.domain.intake import Source

#: What a source has when it is read again: no patience is left over from before.
_FRESH = {"paused": "", "next_poll_at": None, "retry_at": None, "failures": 0, "trouble": ""}
LONGEST = 300


def pause(app: App, name: str, reason: str, *, by: str) -> Source:
    """Do not read a source for now. Raises UsageError where there is none of this name."""
    said = " ".join(reason.split())[:LONGEST] or "by hand"
    return _change(app, name, "source.paused", {"paused": said}, by)


def resume(app: App, name: str, *, by: str) -> Source:
    """Read a source again, at once. Raises UsageError where there is none of this name."""
    return _change(app, name, "source.resumed", _FRESH, by)


def remove(app: App, name: str, *, by: str) -> Source:
    """Watch a source no more; what was seen there stays remembered. Raises UsageError."""
    source = app.store.sources.named(name)
    app.store.sources.remove(source, by=by, now=app.clock.now())
    return source


def _change(app: App, name: str, event: str, values: Mapping[str, object], by: str) -> Source:
    source = app.store.sources.named(name)
    app.store.sources.change(source, event, values, by=by, now=app.clock.now())
    return app.store.sources.named(source.name)
