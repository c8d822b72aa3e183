"""Commands about the messages the bot sends: notify test."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.app import App
from bot.cli.base import Json, answer, opened
from bot.domain.errors import ConfigError
from bot.domain.message import Message, Picture

notify = typer.Typer(help="The messages the bot sends to people.", no_args_is_help=True)


class Readers(StrEnum):
    """Who gets a message."""

    EDITORS = "editors"
    OPERATORS = "operators"
    ESCALATION = "escalation"


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.add_typer(notify, name="notify")


@notify.callback()
def _messages() -> None:
    """Keep `test` a command of its own: a group of one would be flattened."""


@notify.command("test")
def try_all(
    to: Annotated[
        list[Readers] | None, typer.Option("--to", help="Only these; may be given again.")
    ] = None,
    card: Annotated[bool, typer.Option("--card", help="With a card, as editors get it.")] = False,
    as_json: Json = False,
) -> None:
    """Send a message to everybody in BOT_MESSAGES__…, to see that it arrives."""
    with opened() as app:
        readers = to or [one for one in Readers if getattr(app.settings.messages, one)]
        if not readers:
            raise ConfigError(
                "Nobody would be told anything: set BOT_MESSAGES__EDITORS to one or more "
                "addresses, such as mailto://user:password@example.org."
            )
        for one in readers:
            getattr(app.messages, one).send(_message(app, one, card=card))
    told = [one.value for one in readers]
    answer({"told": told}, as_json=as_json, show=lambda out: out.print(f"Told: {', '.join(told)}."))


def _message(app: App, readers: Readers, *, card: bool) -> Message:
    pictures: tuple[Picture, ...] = ()
    if card:
        from bot.health.checks.making import HARD

        drawn = app.draw(HARD, (1200, 675))
        pictures = (Picture(name="card.png", data=drawn.png),)
    return Message(
        title=f"{app.settings.site.name}: a test",
        text=f"The publishing bot can reach its {readers}. Nothing has happened.",
        pictures=pictures,
    )
