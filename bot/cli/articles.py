"""Commands about articles and what went out: ingest, log."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.base import Json, answer, local, opened
from bot.edition import ingest as read_articles


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(ingest)
    cli.command("log")(published)


def ingest(
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARTICLE...", help="Addresses or files; none: the folder BOT_INBOX_DIR."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read new articles and put their posts into the queue."""
    with opened() as app:
        result = read_articles(app, articles or [])
    value = {
        "new": result.new,
        "updated": result.updated,
        "skipped": [{"id": one.id, "reason": one.reason} for one in result.skipped],
        "posts": [
            {"id": post.id, "article_id": post.article_key, "channel": post.channel}
            for post in result.posts
        ],
    }

    def show(console: Console) -> None:
        for key in result.new:
            console.print(f"new      {key}")
        for key in result.updated:
            console.print(f"changed  {key}")
        for one in result.skipped:
            console.print(f"skipped  {one.id + ': ' if one.id else ''}{one.reason}")
        waiting = len(result.posts)
        console.print(f"{waiting} posts made." + (" Next: bot queue" if waiting else ""))

    answer(value, as_json=as_json, show=show)
    code = max((one.code for one in result.skipped), default=0) if articles else 0
    if code:
        raise typer.Exit(code)


def published(
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many, newest first.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Show what was published: when, where, by whose approval, and the permalink."""
    with opened() as app:
        rows = app.store.history.published(limit)
        zone = app.house.zone

    def show(console: Console) -> None:
        if not rows:
            console.print("Nothing has been published yet. What waits: bot queue")
            return
        table = Table("when", "platform", "article", "approved by", "state", "permalink", box=None)
        for row in rows:
            table.add_row(*_cells(row, local(row["published_at"], zone)))
        console.print(table)

    answer({"published": rows}, as_json=as_json, show=show)


def _cells(row: dict[str, Any], when: str) -> list[str]:
    who = f"{row['approved_by']} ({row['approved_via']})" if row["approved_by"] else "–"
    state = f"{row['state']} (asks)" if row["asks"] else row["state"]
    return [when, row["platform"], row["title"], who, state, row["permalink"]]
