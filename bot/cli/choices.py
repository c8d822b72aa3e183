"""Commands about what the desk's settings pages change: settings list, settings set."""

from typing import Annotated

import typer
from rich.console import Console

from bot.cli.base import By, Json, answer, me, opened
from bot.domain.errors import UsageError

choices = typer.Typer(
    help="What can be changed while the bot runs: schedule and policies.", no_args_is_help=True
)


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.add_typer(choices, name="settings")


@choices.command("list")
def show(
    page: Annotated[str, typer.Argument(help="schedule or policies; all when left out.")] = "",
    as_json: Json = False,
) -> None:
    """List the settings, and what the policies mean for each channel."""
    from bot import steering
    from bot.deciding.house import rules

    if page and page not in steering.PAGES:
        raise UsageError(f"There is no page {page}: {', '.join(steering.PAGES)}.")
    pages = [page] if page else [*steering.PAGES]
    with opened() as app:
        found = [choice for name in pages for choice in steering.choices(app, name)]
        in_force = rules(app) if "policies" in pages else []

    def print_all(console: Console) -> None:
        for rule in in_force:
            where = f"{rule.channel}/{rule.section}" if rule.section else rule.channel
            console.print(f"{where}: {rule.text}. {rule.caution}".rstrip(), soft_wrap=True)
        if in_force:
            console.print()
        for one in found:
            fixed = "   (set in .env or the environment)" if one.fixed else ""
            console.print(f"{one.name}={one.value}{fixed}", soft_wrap=True)

    answer({"settings": found, "policies": in_force}, as_json=as_json, show=print_all)


@choices.command("set")
def change(
    values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="As in .env.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Change settings, all of them or none; a running bot takes them at its next round."""
    from bot import steering
    from bot.deciding.house import cautions

    pairs = {name.strip().upper(): value for name, _, value in (v.partition("=") for v in values)}
    if any("=" not in value for value in values):
        raise UsageError("Write NAME=VALUE, such as BOT_APPROVAL__POLICY=veto. Nothing was saved.")
    with opened() as app:
        changed = steering.change(app, steering.page_of(pairs), pairs, by=by or me())
        warned = cautions(app) if any(name.startswith("BOT_APPROVAL__") for name in changed) else []

    def report(console: Console) -> None:
        console.print(f"Saved: {', '.join(changed)}." if changed else "Nothing was different.")
        for text in warned:
            console.print(text, soft_wrap=True)

    answer({"changed": changed, "cautions": warned}, as_json=as_json, show=report)
