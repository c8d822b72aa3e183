"""Stopping: nothing is sent, on one channel or at all, until somebody says so."""

from bot.app import App
from bot.domain.errors import UsageError
from bot.store.due import EVERYTHING

#: The longest reason that stands on every page.
LONGEST = 300


def known(app: App, channel: str) -> str:
    """Return the channel, if there is one of this name; `EVERYTHING` stands for all of them.

    Raises:
        UsageError: there is none.
    """
    if channel not in (EVERYTHING, *app.settings.channels):
        names = ", ".join(app.settings.channels)
        raise UsageError(f"There is no channel {channel[:60]!r}: {names}. Nothing was changed.")
    return channel


def pause(app: App, channel: str, reason: str, *, by: str) -> str:
    """Send nothing on a channel, or on any, and say everywhere why; return what is said.

    Raises:
        UsageError: there is no such channel, or no reason.
    """
    said = " ".join(reason.split())[:LONGEST]
    if not said:
        raise UsageError("Say why: everybody at the desk sees it. Nothing was paused.")
    text = f"{said} ({by})"
    app.store.pauses.pause(known(app, channel), text, now=app.clock.now(), by=by)
    return text


def resume(app: App, channel: str, *, by: str) -> bool:
    """Send again; tell whether it was paused. Raises UsageError."""
    return app.store.pauses.resume(known(app, channel), by=by, now=app.clock.now())
