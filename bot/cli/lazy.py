"""The `bot` command knows its commands by name, and loads the module of the one that is used.

Loading all of them takes over a second, which `bot --help`, every script and every test of a
command would wait for.
"""

import importlib
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.index import COMMANDS

#: What Typer calls any command, group or not.
Command = Any


class LazyGroup(TyperGroup):
    """Lists commands by `bot.cli.index`, which is written from their modules."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, (_, text) in COMMANDS.items():
            self.commands[name] = TyperCommand(name=name, help=text)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Command, list[str]]:
        """Return the command that was asked for, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def load(name: str) -> Command:
    """Return a command, its module loaded."""
    return commands_of(COMMANDS[name][0])[name]


def commands_of(module: str) -> dict[str, Command]:
    """Return the commands of a module of `bot.cli`."""
    group = typer.Typer()
    importlib.import_module(f"bot.cli.{module}").register(group)
    return dict(typer.main.get_group(group).commands)
