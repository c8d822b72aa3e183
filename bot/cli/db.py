"""Commands about the whole database: backup, restore, move."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app import database
from bot.cli.base import Json, answer, me, opened
from bot.cli.retention import prune
from bot.store import Manifest

_Backup = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="A new file; none: in BOT_DATA_DIR, by the time."),
]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True, help="The database: back it up, restore it, move it to PostgreSQL."
    )
    group.command()(backup)
    group.command()(restore)
    group.command()(move)
    group.command()(prune)
    cli.add_typer(group, name="db")


def backup(file: _Backup = None, as_json: Json = False) -> None:
    """Write everything, cards included, to one file, while the bot runs.

    It holds password hashes and tokens: keep it where only you can read it.
    """
    with opened() as app:
        where, about = database.backup(app, file)
    text = f"{where}: {sum(about.rows.values())} rows, {about.cards} cards; audit log {about.chain}"
    value = {"file": where, **_plain(about)}
    answer(value, as_json=as_json, show=lambda console: console.print(text, soft_wrap=True))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `bot db backup`.")],
    as_json: Json = False,
) -> None:
    """Put a backup into the empty database of BOT_DATABASE_URL or BOT_DATA_DIR.

    Nothing is sent afterwards before you say so: channels are paused, what waited is on hold.
    """
    with opened() as app:
        about = database.restored(app, file, by=me())
    text = (
        f"Restored {sum(about.rows.values())} rows and {about.cards} cards of "
        f"{about.made_at:%d %b %Y %H:%M} UTC. Every channel is paused and what waited is on hold: "
        "look at the accounts for what went out since, then `bot resume` and `bot release`."
    )
    answer(_plain(about), as_json=as_json, show=lambda console: console.print(text))


def move(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="postgresql://user@host/database, made and empty."),
    ],
    as_json: Json = False,
) -> None:
    """Copy this SQLite database to PostgreSQL, compare every row, and publish from here no more.

    Keep the password out of the command line: in ~/.pgpass, or in PGPASSWORD.
    """
    with opened() as app:
        moved = database.move(app, url, by=me())
    text = (
        f"{sum(moved.rows.values())} rows moved, each compared; audit log {moved.chain}. Now set "
        "BOT_DATABASE_URL to the new address. The old database is kept, its channels paused; the "
        "cards were copied too."
    )
    value = {"rows": moved.rows, "chain": moved.chain}
    answer(value, as_json=as_json, show=lambda console: console.print(text, soft_wrap=True))


def _plain(about: Manifest) -> dict[str, object]:
    return {
        "made_at": about.made_at,
        "schema": about.schema,
        "rows": about.rows,
        "cards": about.cards,
        "chain": about.chain,
    }
