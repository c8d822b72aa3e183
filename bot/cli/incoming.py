"""Commands about sources that push to us."""

import secrets
from typing import Annotated

import typer

from bot.cli.base import By, Json, answer, me, opened
from bot.domain.errors import UsageError
from bot.domain.intake import Source
from bot.sources import webhook
from bot.watching import pushed
from bot.watching.adding import checked_name


def register(source: typer.Typer) -> None:
    """Add this module's commands to `bot source`."""
    source.command("webhook")(make)
    source.command("secret")(show)


def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    as_json: Json = False,
) -> None:
    """Let another program push articles, signed after Standard Webhooks."""
    with opened() as app:
        made = Source(
            name=checked_name(name),
            url=f"webhook:{name}",
            kind=webhook.KIND,
            primed=True,
            key=secrets.token_hex(16),
            paused="",
        )
        source = app.store.sources.add(made, now=app.clock.now())
        value = {
            "name": name,
            "address": pushed.address(app, source),
            "secret": pushed.secret(app, source),
        }
    answer(value, as_json=as_json, show=lambda out: out.print(_explained(value)))


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="See `bot source list`.")],
    renew: Annotated[
        bool, typer.Option("--new", help="Make a new address and secret; the old ones end now.")
    ] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Show where a webhook's messages go and what they are signed with."""
    with opened() as app:
        source = app.store.sources.named(name)
        if source.kind != webhook.KIND:
            raise UsageError(f"{name} is a {source.kind}, which needs no secret of yours.")
        if renew:
            key = {"key": secrets.token_hex(16)}
            app.store.sources.change(
                source, "source.rekeyed", key, by=by or me(), now=app.clock.now()
            )
            source = app.store.sources.named(name)
        value = {
            "name": source.name,
            "address": pushed.address(app, source),
            "secret": pushed.secret(app, source),
        }
    answer(value, as_json=as_json, show=lambda out: out.print(_explained(value)))


def _explained(value: dict[str, str]) -> str:
    return (
        f"POST to {value['address']}\n"
        f"signed with {value['secret']}\n"
        '{"type": "article.published", "data": {"id", "url", "title", "body": […], …}}, or its '
        '"url" alone; article.updated and article.deleted likewise.'
    )
