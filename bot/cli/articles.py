"""Commands about articles and what went out: ingest, article, log."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.base import Json, answer, local, opened
from bot.domain.article import Article
from bot.domain.errors import UsageError


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(ingest)
    cli.command("log")(published)
    article = typer.Typer(help="What the bot knows about an article.", no_args_is_help=True)
    article.command("show")(show_article)
    cli.add_typer(article, name="article")


def ingest(
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARTICLE...",
            help="Addresses or files; none: BOT_INBOX_DIR and every watched source.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read new articles and put their posts into the queue."""
    from bot.edition import ingest as read_articles
    from bot.watching.pushed import everything

    with opened() as app:
        result = read_articles(app, articles) if articles else everything(app)
    value = {
        "sources": [
            {
                "name": one.name,
                "kind": one.kind,
                "status": one.status,
                "fetched": one.fetched,
                "not_modified": one.not_modified,
            }
            for one in result.sources
        ],
        "new": result.new,
        "updated": result.updated,
        "skipped": [{"id": one.id, "reason": one.reason} for one in result.skipped],
        "held": result.held,
        "posts": [
            {"id": post.id, "article_id": post.article_key, "channel": post.channel}
            for post in result.posts
        ],
    }

    def show(console: Console) -> None:
        for source in result.sources:
            console.print(
                f"{source.name} ({source.kind}): {source.status}, {source.fetched} articles"
            )
        for key in result.new:
            console.print(f"new      {key}")
        for key in result.updated:
            console.print(f"changed  {key}")
        for one in result.skipped:
            console.print(f"skipped  {one.id + ': ' if one.id else ''}{one.reason}")
        for key in result.held:
            console.print(f"asks     {key}: see bot held list")
        waiting = len(result.posts)
        console.print(f"{waiting} posts made." + (" Next: bot queue" if waiting else ""))

    answer(value, as_json=as_json, show=show)
    code = max((one.code for one in result.skipped), default=0) if articles else 0
    if code:
        raise typer.Exit(code)


def show_article(
    key: Annotated[str, typer.Argument(metavar="ID", help="Id or address of the article.")],
    as_json: Json = False,
) -> None:
    """Show an article as the bot understands it, what was found, and its posts."""
    with opened() as app:
        article = app.store.archive.find(key) or app.store.archive.at(key)
        if article is None:
            raise UsageError(f"There is no article {key!r}. `bot log` and `bot queue` name them.")
        posts = app.store.desk.of_article(article.key)
        earlier = app.store.archive.revisions(article.key)
        zone = app.house.zone
    value = {
        "article": {"id": article.key, **asdict(article)},
        "revisions": [
            {"revision": a.revision, "title": a.title, "hash": a.content_hash} for a in earlier
        ],
        "posts": [{"id": p.id, "channel": p.channel, "state": p.state} for p in posts],
    }

    def show(console: Console) -> None:
        _show_article(console, article, local(article.published_at, zone))
        for post in posts:
            console.print(f"post {post.id} on {post.channel}: {post.state}")

    answer(value, as_json=as_json, show=show)


def _show_article(console: Console, article: Article, published: str) -> None:
    console.print(f"{article.key}  (revision {article.revision}, from {article.source})")
    console.print(article.url)
    console.print(f"{article.section or 'no section'} · {published} · {article.language}")
    console.print(f"\n{article.title}\n{article.dek}\n")
    for paragraph in article.body:
        console.print(paragraph)
        console.print()
    for link in article.sources:
        console.print(f"source: {link.title}  {link.url}")
    if article.image:
        size = f"{article.image.width or '?'}×{article.image.height or '?'}"
        console.print(f"image: {article.image.url} ({size}) {article.image.alt or 'no alt text'}")
    for part in article.missing:
        console.print(f"! It has no {part}.")
    for finding in article.findings:
        console.print(f"! {finding}")


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
    state = "taken down" if row["taken_down_at"] else row["state"]
    state = f"{state} (asks)" if row["asks"] else state
    return [when, row["platform"], row["title"], who, state, row["permalink"]]
