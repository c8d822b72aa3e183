"""Commands that stop and start sending: pause, resume."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import By, Json, answer, me, opened
from bot.domain.errors import UsageError

if TYPE_CHECKING:
    from bot.app import App

Channel = Annotated[str, typer.Argument(help="x, linkedin, or all.")]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (pause, resume):
        cli.command()(command)


def pause(
    channel: Channel,
    reason: Annotated[str, typer.Option("--reason", help="Why; shown on every page.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Send nothing on a channel, or on all, until somebody resumes it."""
    said = " ".join(reason.split())
    if not said:
        raise UsageError("Say why with --reason; nothing was paused.")
    who = by or me()
    with opened() as app:
        name = _known(app, channel)
        app.store.pauses.pause(name, f"{said} ({who})", now=app.clock.now(), by=who)
    text = f"{channel} is paused. Then: bot resume {channel}"
    answer({"channel": channel, "reason": said}, as_json=as_json, show=lambda c: c.print(text))


def resume(channel: Channel, as_json: Json = False) -> None:
    """Send on a paused channel again, once the account is in order."""
    with opened() as app:
        name = _known(app, channel)
        was = app.store.pauses.resume(name, by=me(), now=app.clock.now())
    text = f"{channel} sends again." if was else f"{channel} was not paused."
    answer({"channel": channel, "was_paused": was}, as_json=as_json, show=lambda c: c.print(text))


def _known(app: "App", channel: str) -> str:
    from bot.store.due import EVERYTHING

    if channel == "all":
        return EVERYTHING
    if channel not in app.settings.channels:
        raise UsageError(f"There is no channel {channel}: {', '.join(app.settings.channels)}, all.")
    return channel
