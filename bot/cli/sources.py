"""Commands about watched sources, and what waits there for an editor's word."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.cli import incoming
from bot.cli.base import By, Json, answer, console, local, me, opened
from bot.domain.article import Article
from bot.domain.errors import BotError, UsageError
from bot.domain.intake import Held, Source
from bot.edition import Ingested
from bot.watching import adding, minding
from bot.watching import waiting as letting

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Name or address: see `bot source list`.")
]
Keys = Annotated[
    list[str] | None, typer.Argument(metavar="ARTICLE...", help="See `bot held list`.")
]
All = Annotated[bool, typer.Option("--all", help="All that wait.")]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    source = typer.Typer(help="Watch feeds, pages, sitemaps and folders.", no_args_is_help=True)
    source.command()(add)
    source.command("list")(all_of_them)
    source.command()(remove)
    source.command()(pause)
    source.command()(resume)
    incoming.register(source)
    cli.add_typer(source, name="source")
    held = typer.Typer(help="New articles that wait for an editor's word.", no_args_is_help=True)
    held.command("list")(waiting)
    held.command()(post)
    held.command()(drop)
    cli.add_typer(held, name="held")


def add(
    where: Annotated[str, typer.Argument(metavar="URL", help="Its address, or a folder.")],
    name: Annotated[str, typer.Option("--name", help="What to call it.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="What it must be, instead of finding out.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Find out what is at an address, show its newest articles, and watch it."""
    with opened() as app:
        found = adding.find(app, where, name=name, kind=kind)
        if not as_json:
            _show_found(found, app)
        if not yes and not typer.confirm("Watch it?", default=True, err=as_json):
            raise typer.Exit(1)
        source, result, asked = adding.add(app, found)
        posts = Ingested()
        if asked and not yes and typer.confirm(f"Post {asked.article.title!r}?", err=as_json):
            letting.post(app, asked, posts, by=me())
            asked = None
        value = {
            "source": _source(source),
            "newest": [_article(one) for one in found.articles[:3]],
            "seen": len(found.articles),
            "held": [asked.article.key] if asked else [],
            "new": posts.new,
        }
    del result
    answer(value, as_json=as_json, show=lambda out: _show_added(out, value, posts))


def all_of_them(as_json: Json = False) -> None:
    """List the sources: what they are, when they are read next, what is wrong."""
    with opened() as app:
        found = app.store.sources.all()
        zone = app.house.zone

    def show(out: Console) -> None:
        if not found:
            out.print("No source is watched. Add one: bot source add URL")
            return
        table = Table("name", "kind", "last read", "next", "state", "address", box=None)
        for one in found:
            state = one.paused and f"paused: {one.paused}"
            state = state or (f"{one.failures} failures: {one.trouble}" if one.failures else "fine")
            when = "–" if one.paused else local(one.next_poll_at, zone)
            table.add_row(one.name, one.kind, local(one.last_read_at, zone), when, state, one.url)
        out.print(table)

    answer({"sources": [_source(one) for one in found]}, as_json=as_json, show=show)


def remove(name: Name, by: By = "", as_json: Json = False) -> None:
    """Watch a source no more. What was seen there stays remembered."""
    with opened() as app:
        source = minding.remove(app, name, by=by or me())
    text = f"{source.name} is not watched any more; its articles and posts stay."
    answer({"removed": source.name}, as_json=as_json, show=lambda out: out.print(text))


def pause(
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the others.")] = "by hand",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Do not read a source for now."""
    with opened() as app:
        source = minding.pause(app, name, reason, by=by or me())
    _said(source, as_json)


def resume(name: Name, by: By = "", as_json: Json = False) -> None:
    """Read a source again, at once."""
    with opened() as app:
        source = minding.resume(app, name, by=by or me())
    _said(source, as_json)


def waiting(as_json: Json = False) -> None:
    """List the articles that get no posts before an editor says so."""
    with opened() as app:
        found = app.store.sightings.held()
        zone = app.house.zone

    def show(out: Console) -> None:
        if not found:
            out.print("Nothing waits.")
        reason = ""
        for one in found:
            if one.reason != reason:
                reason = one.reason
                out.print(f"{one.source}: {reason}")
            out.print(f"  {one.article.key}  {local(one.article.published_at, zone)}")
            out.print(f"    {one.article.title}")
        if found:
            out.print("bot held post ARTICLE… | --all   ·   bot held drop ARTICLE… | --all")

    answer({"held": [_held(one) for one in found]}, as_json=as_json, show=show)


def post(keys: Keys = None, every: All = False, as_json: Json = False) -> None:
    """Make the posts of articles that waited."""
    result = Ingested()
    failed: list[tuple[str, BotError]] = []
    with opened() as app:
        for one in _chosen(app, keys or [], every):
            try:
                letting.post(app, one, result, by=me())
            except BotError as exc:
                failed.append((one.article.key, exc))
    value = {
        "new": result.new,
        "posts": [
            {"id": p.id, "article_id": p.article_key, "channel": p.channel} for p in result.posts
        ],
        "failed": [{"id": key, "reason": str(exc)} for key, exc in failed],
    }

    def show(out: Console) -> None:
        for key, exc in failed:
            out.print(f"waits on  {key}: {exc}")
        out.print(f"{len(result.posts)} posts made. Next: bot queue")

    answer(value, as_json=as_json, show=show)
    if failed:
        raise typer.Exit(failed[0][1].exit_code)


def drop(keys: Keys = None, every: All = False, as_json: Json = False) -> None:
    """Let articles that waited go; they get no posts."""
    with opened() as app:
        chosen = _chosen(app, keys or [], every)
        for one in chosen:
            letting.drop(app, one, by=me())
    value = {"dropped": [one.article.key for one in chosen]}
    answer(value, as_json=as_json, show=lambda out: out.print(f"{len(chosen)} let go."))


def _chosen(app: App, keys: Sequence[str], every: bool) -> list[Held]:
    held = {one.article.key: one for one in app.store.sightings.held()}
    unknown = [key for key in keys if key not in held]
    if unknown:
        raise UsageError(f"{unknown[0]} does not wait. `bot held list` shows what does.")
    if not keys and not every:
        raise UsageError("Name the articles, or say --all. `bot held list` shows them.")
    return list(held.values()) if every else [held[key] for key in keys]


def _said(source: Source, as_json: bool) -> None:
    text = f"{source.name}: {(source.paused and 'paused') or 'read at the next round'}."
    answer({"source": _source(source)}, as_json=as_json, show=lambda out: out.print(text))


def _show_found(found: adding.Found, app: App) -> None:
    out = console()
    how = f" ({found.how})" if found.how else ""
    out.print(f"{found.source.kind}: {found.source.url}{how}, {len(found.articles)} articles.")
    for finding in found.findings:
        out.print(f"  {finding}")
    for one in found.articles[:3]:
        out.print(f"  {one.title}")
        when = local(one.published_at, app.house.zone)
        out.print(f"    {when} · {one.section or 'no section'} · {one.url}")
        if one.dek:
            out.print(f"    {one.dek[:160]}")
        for finding in one.findings:
            out.print(f"    ! {finding}")


def _show_added(out: Console, value: dict[str, Any], posts: Ingested) -> None:
    name, seen = value["source"]["name"], value["seen"]
    out.print(f"{name} is watched. {seen} articles that are there now are marked as seen.")
    if posts.posts:
        out.print(f"{len(posts.posts)} posts made. Next: bot queue")
    for key in value["held"]:
        out.print(f"Whether its newest should be posted is asked in `bot held list` ({key}).")


def _source(one: Source) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "url": one.url,
        "paused": one.paused,
        "last_read_at": one.last_read_at,
        "next_poll_at": one.next_poll_at,
        "failures": one.failures,
        "trouble": one.trouble,
        "hub": one.hub,
    }


def _article(one: Article) -> dict[str, Any]:
    return {
        "id": one.key,
        "title": one.title,
        "dek": one.dek,
        "section": one.section,
        "published_at": one.published_at,
        "url": one.url,
        "findings": list(one.findings),
    }


def _held(one: Held) -> dict[str, Any]:
    return {**_article(one.article), "source": one.source, "reason": one.reason, "held_at": one.at}
