"""Commands that stop and start sending: pause, resume."""

from typing import Annotated

import typer

from bot.cli.base import By, Json, answer, me, opened

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
    from bot import pausing

    with opened() as app:
        pausing.pause(app, _named(channel), reason, by=by or me())
    text = f"{channel} is paused. Then: bot resume {channel}"
    answer({"channel": channel, "reason": said}, as_json=as_json, show=lambda c: c.print(text))


def resume(channel: Channel, as_json: Json = False) -> None:
    """Send on a paused channel again, once the account is in order."""
    from bot import pausing

    with opened() as app:
        was = pausing.resume(app, _named(channel), by=me())
    text = f"{channel} sends again." if was else f"{channel} was not paused."
    answer({"channel": channel, "was_paused": was}, as_json=as_json, show=lambda c: c.print(text))


def _named(channel: str) -> str:
    from bot.store.due import EVERYTHING

    return EVERYTHING if channel == "all" else channel
