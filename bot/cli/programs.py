"""Commands about other programs: bot token and bot webhook."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app.keys import new_secret
from bot.cli.base import By, Json, answer, local, me, opened
from bot.domain.access import Scope, Token, Webhook, read_scopes
from bot.domain.errors import UsageError
from bot.hooks import check_address, secret
from bot.tokens import issue

tokens = typer.Typer(help="Programs that may use the desk's API.", no_args_is_help=True)
webhooks = typer.Typer(help="Programs that are told what happens.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As in the list.")]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.add_typer(tokens, name="token")
    cli.add_typer(webhooks, name="webhook")


@tokens.command("add")
def add_token(
    user: Annotated[str, typer.Argument(help="On whose behalf: see `bot user list`.")],
    name: Annotated[str, typer.Option("--name", help="What you call it.")] = "token",
    scopes: Annotated[
        str, typer.Option("--scopes", help="Of read, edit, approve, manage; with commas.")
    ] = "read",
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long it works.")] = 90,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a token; its secret is shown once."""
    wanted = read_scopes(scopes)
    with opened() as app:
        owner = app.store.people.find(user)
        if owner is None:
            raise UsageError(f"There is nobody called {user}. bot user list shows everybody.")
        made, key = issue(app, owner, wanted, name=name, days=days, by=by or me())
    answer(
        _token(made) | {"secret": key},
        as_json=as_json,
        show=lambda console: console.print(
            f"Token {made.id} for {owner.name}; it is shown this once:\n{key}", soft_wrap=True
        ),
    )


@tokens.command("list")
def list_tokens(as_json: Json = False) -> None:
    """List the tokens that are not revoked."""
    with opened() as app:
        found, zone = app.store.tokens.all(), app.house.zone

    def show(console: Console) -> None:
        if not found:
            console.print("No token yet. bot token add USER --scopes read")
            return
        table = Table("token", "name", "user", "scopes", "until", "last used", box=None)
        for one in found:
            scopes = ",".join(_token(one)["scopes"])
            until, used = local(one.expires_at, zone), local(one.used_at, zone)
            table.add_row(str(one.id), one.name, one.user.name, scopes, until, used)
        console.print(table)

    answer({"tokens": [_token(one) for one in found]}, as_json=as_json, show=show)


@tokens.command("revoke")
def revoke(number: Number, by: By = "", as_json: Json = False) -> None:
    """Make a token worthless, at once."""
    with opened() as app:
        app.store.tokens.revoke(number, by=by or me(), now=app.clock.now())
    answer({"revoked": number}, as_json=as_json, show=lambda c: c.print(f"Token {number} is dead."))


@webhooks.command("add")
def add_webhook(
    url: Annotated[str, typer.Argument(help="Where it is told, https://…")],
    events: Annotated[
        str, typer.Option("--events", help='Such as "post.published,post.failed"; * for all.')
    ] = "*",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Tell an address what happens from now on; prints what messages are signed with, once."""
    names = [name.strip() for name in events.split(",") if name.strip()]
    with opened() as app:
        check_address(app, url)
        now = app.clock.now()
        made = app.store.webhooks.add(url, names, new_secret(), by=by or me(), now=now)
        key = secret(app, made)
    answer(
        _webhook(made) | {"secret": key},
        as_json=as_json,
        show=lambda console: console.print(
            f"Webhook {made.id}. Check its messages (standardwebhooks.com) with:\n{key}",
            soft_wrap=True,
        ),
    )


@webhooks.command("list")
def list_webhooks(as_json: Json = False) -> None:
    """List the addresses that are told what happens."""
    with opened() as app:
        found = app.store.webhooks.all()

    def show(console: Console) -> None:
        table = Table("webhook", "address", "events", "", box=None)
        for one in found:
            failing = f"failed {one.failures} times" if one.failures else ""
            table.add_row(str(one.id), one.url, ",".join(one.events), one.disabled or failing)
        console.print(table if found else "No webhook yet. bot webhook add https://…")

    answer({"webhooks": [_webhook(one) for one in found]}, as_json=as_json, show=show)


@webhooks.command("remove")
def remove(number: Number, by: By = "", as_json: Json = False) -> None:
    """Tell an address nothing any more."""
    with opened() as app:
        app.store.webhooks.remove(number, by=by or me(), now=app.clock.now())
    answer(
        {"removed": number}, as_json=as_json, show=lambda c: c.print(f"Webhook {number} is gone.")
    )


@webhooks.command("enable")
def enable(number: Number, as_json: Json = False) -> None:
    """Tell an address again, from where it stopped taking messages."""
    with opened() as app:
        app.store.webhooks.enable(app.store.webhooks.get(number))
    answer(
        {"enabled": number},
        as_json=as_json,
        show=lambda c: c.print(f"Webhook {number} is told again."),
    )


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "user": token.user.name,
        "scopes": [scope for scope in Scope if scope in token.scopes],
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "failures": webhook.failures,
        "disabled": webhook.disabled,
    }
