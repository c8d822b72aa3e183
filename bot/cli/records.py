"""Commands that look back: trace, report, stats."""

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.base import Json, answer, local, opened
from bot.domain.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

#: Columns of `bot report --csv`, each a field of a receipt.
COLUMNS = (
    "published_at",
    "channel",
    "title",
    "permalink",
    "approved_by",
    "approved_via",
    "approved_at",
    "state",
    "tries",
    "verification",
    "taken_down_at",
    "content_hash",
    "card_sha256",
    "estimated_cost_usd",
    "article_id",
    "post_id",
)


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(trace)
    cli.command()(report)
    cli.command()(stats)


def trace(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="Its id or address, or a post's number.")
    ],
    as_json: Json = False,
) -> None:
    """Tell the whole story of an article in order, from first sight to the proof it is live."""
    from bot.health.story import find, story

    with opened() as app:
        key = find(app, article)
        lines = story(app, key)
        zone = app.house.zone

    def show(console: "Console") -> None:
        console.print(f"{key}   (in the log: article={key})")
        for line in lines:
            where = f"{line.channel:<9}" if line.channel else " " * 9
            who = f"  by {line.who}" if line.who not in ("", "bot") else ""
            console.print(
                f"{line.at.astimezone(zone):%d %b %H:%M:%S}  {where} {line.name:<20}"
                f"{who}  {line.detail}".rstrip(),
                soft_wrap=True,
            )

    answer({"article": key, "story": lines}, as_json=as_json, show=show)


def report(
    day: Annotated[str, typer.Option("--day", help="2026-11-23; today when left out.")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="One line per post.")] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write a page that needs no server.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give the receipts of one day: what went out, where, on whose yes, and the proof."""
    from bot.web.areas.record import day_of, receipts_of

    with opened() as app:
        chosen = day_of(app, day)
        found = receipts_of(app, chosen)
        zone = app.house.zone
    rows: list[dict[str, Any]] = found["receipts"]
    if page is not None:
        _write_page(page, found)
    if as_csv:
        _write_csv(rows)
        return

    def show(console: "Console") -> None:
        console.print(f"{chosen:%A, %d %B %Y}: {len(rows)} posts went out.")
        for row in rows:
            at = local(datetime.fromisoformat(row["published_at"]), zone)
            console.print(f"{at}  {row['channel']:<9} {row['title']}", soft_wrap=True)
            console.print(
                f"    {' '.join(row['permalinks'])}  approved by {row['approved_by'] or '–'}. "
                f"{row['verification']}",
                soft_wrap=True,
            )
        for one in found["by_policy"]:
            at = local(datetime.fromisoformat(one["at"]), zone)
            console.print(
                f"{at}  {one['channel']:<9} {one['title']}: {one['to'].replace('_', ' ')} by the "
                f"policy {one['by']}. {one['reason']}".rstrip(),
                soft_wrap=True,
            )
        for one in found["taken_down"]:
            at = local(datetime.fromisoformat(one["at"]), zone)
            console.print(
                f"{at}  {one['channel']:<9} {one['title']}: {one['text']}", soft_wrap=True
            )

    answer(found, as_json=as_json, show=show)


def stats(
    days: Annotated[int, typer.Option("--days", min=2, max=400, help="How far back.")] = 30,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", help="Draw into a .png or .svg file (shiftmaker-bot[charts])."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show posts a day, how late they were, and what they cost, as small plots."""
    from bot.health.figures import draw, figures, plots

    if chart is not None and chart.suffix.lower() not in (".png", ".svg"):
        raise UsageError(f"{chart}: name a .png or .svg file.")
    with opened() as app:
        found = figures(app, days)
    if chart is not None:
        draw(found, chart)

    def show(console: "Console") -> None:
        if not any(found.posts.values()):
            console.print(f"Nothing went out in the last {days} days.")
            return
        console.print(plots(found, width=min(console.width, 100)), markup=False)
        for channel in found.posts:
            late = found.delay(channel)
            console.print(
                f"{channel:<9} {sum(found.posts[channel]):4} posts, half of them live within "
                f"{late[0]:.0f} s of their time, 95 of 100 within {late[1]:.0f} s."
            )
        console.print(f"Estimated cost: ${found.cost:.2f}.")

    answer(found.as_json(), as_json=as_json, show=show)


def _write_csv(rows: Sequence[dict[str, Any]]) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({**_tamed(row), "permalink": " ".join(row["permalinks"])})


def _tamed(row: dict[str, Any]) -> dict[str, Any]:
    """Keep spreadsheets from taking a title for a formula (OWASP, CSV injection)."""
    return {
        name: f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
        for name, value in row.items()
    }


def _write_page(path: Path, found: dict[str, Any]) -> None:
    from jinja2 import Environment, FileSystemLoader

    from bot.templates import shipped

    pages = Environment(loader=FileSystemLoader(shipped() / "report"), autoescape=True)
    text = pages.get_template("day.html").render(**found)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"{path} cannot be written ({exc.strerror}). Name another file.") from exc
