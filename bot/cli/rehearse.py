"""The command that plays a day again: rehearse."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import Json, answer, opened
from bot.domain.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console


def register(cli: typer.Typer) -> None:
    """Add this module's command."""
    cli.command()(rehearse)


def rehearse(
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="ARTICLE...", help="Instead of a day's articles.")
    ] = None,
    day: Annotated[
        str, typer.Option("--day", metavar="YYYY-MM-DD", help="Which day; usually yesterday.")
    ] = "",
    last: Annotated[int, typer.Option("--last", min=0, help="The newest articles instead.")] = 0,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="A file of what shall go wrong.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play yesterday's articles against stand-ins of the platforms; nothing real is touched."""
    from bot.demo import rehearse as stage

    try:
        wanted = date.fromisoformat(day) if day else None
    except ValueError as exc:
        raise UsageError(f"--day {day}: write it as 2026-11-23.") from exc
    with opened() as app:
        chosen = [app.read(where) for where in articles or []]
        chosen = chosen or stage.of_day(app, wanted, last)
        if not chosen:
            raise UsageError(
                "No article is kept from that day. Name files, another --day, or --last 3."
            )
        played = stage.rehearse(app, chosen, scenario=scenario)
    ok = all(one.ok for one in played)

    def show(console: "Console") -> None:
        from rich.table import Table

        table = Table("article", "channel", "ended", "tries", "copies", "cost", box=None)
        for one in played:
            cells = (one.article_id, one.channel, one.state, str(one.tries), str(one.copies))
            table.add_row(*cells, f"${one.price_usd:.3f}")
            if one.note:
                table.add_row(f"  → {one.note}")
        console.print(table)
        good = sum(1 for one in played if one.ok)
        console.print(f"{good} of {len(played)} posts went out once and were read back.")

    answer({"ok": ok, "posts": played}, as_json=as_json, show=show)
    if not ok:
        raise typer.Exit(1)
