"""The command of the money: spend."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app.money import reports
from bot.cli.base import Json, answer, local, opened


def register(cli: typer.Typer) -> None:
    """Add this module's command."""
    cli.command()(spend)


def spend(
    last: Annotated[int, typer.Option("--last", min=0, help="Also the newest expenses.")] = 0,
    as_json: Json = False,
) -> None:
    """Show what each account has spent, may spend, and will have spent this month."""
    with opened() as app:
        rows = reports(app)
        expenses = app.store.spending.last(last)
        zone = app.house.zone

    def show(console: Console) -> None:
        table = Table("channel", "today", "this month", "forecast", "caps", box=None)
        for row in rows:
            table.add_row(
                row["channel"],
                f"${row['today_usd']:.3f}",
                f"${row['month_usd']:.3f}",
                f"${row['forecast_usd']:.2f}",
                _caps(row),
            )
        console.print(table)
        for row in rows:
            for item in row["by_item"]:
                console.print(
                    f"{row['channel']}: {item['count']} × {item['item']} = ${item['usd']:.3f}"
                )
        for one in expenses:
            back = " (taken back: nothing was posted)" if one["taken_back"] else ""
            post = f" post {one['post']}" if one["post"] else ""
            console.print(
                f"{local(one['at'], zone)} {one['channel']}{post} {one['item']} "
                f"${one['usd']:.3f}{back}"
            )

    answer({"accounts": rows, "expenses": expenses}, as_json=as_json, show=show)


def _caps(row: dict[str, Any]) -> str:
    named = (("day", row["day_cap_usd"]), ("month", row["month_cap_usd"]))
    caps = [f"${cap:.2f} a {name}" for name, cap in named if cap is not None]
    return f"{', '.join(caps)}, then {row['at_cap']}" if caps else "none"
