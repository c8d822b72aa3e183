"""Commands of the accounts: auth x, auth linkedin, auth revoke, accounts."""

import secrets
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import click
import typer
from rich.console import Console
from rich.table import Table

from bot import platforms
from bot.app import App
from bot.cli.base import By, Json, answer, console, local, me, opened
from bot.domain.accounts import AccessToken, Connection, SignIn
from bot.domain.delivery import Account
from bot.domain.errors import BotError, DeliveryError, UsageError
from bot.http.callback import PATH, Callback

auth = typer.Typer(help="Let the bot post as an account.", no_args_is_help=True)

#: How long a person may take to agree, in seconds.
PATIENCE = 600.0

Paste = Annotated[
    bool,
    typer.Option("--paste", help="No browser here: paste the address where yours ended instead."),
]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.add_typer(auth, name="auth")
    cli.command()(accounts)


@auth.command("x")
def x(paste: Paste = False, by: By = "", as_json: Json = False) -> None:
    """Sign in to X: prints an address, open it, agree.

    Needs BOT_X__CLIENT_ID. The four keys of OAuth 1.0a work without signing in, and never end.
    """
    with opened() as app:
        _sign_in(app, "x", app.accounts.sign_in("x"), "", paste=paste, by=by, as_json=as_json)


@auth.command("linkedin")
def linkedin(
    page: Annotated[
        str | None,
        typer.Option("--page", help="Post as this page: its number or address name; ? lists them."),
    ] = None,
    member: Annotated[bool, typer.Option("--member", help="Post as yourself.")] = False,
    paste: Paste = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Sign in to LinkedIn, as a page or as yourself; LinkedIn wants an app for each.

    A page's app has the Community Management API as its only product (BOT_LINKEDIN__PAGE_CLIENT_ID).
    Your own has Share on LinkedIn and Sign In with LinkedIn (BOT_LINKEDIN__CLIENT_ID).
    """
    if member and page is not None:
        raise UsageError("Say either --member or --page.")
    kind = "member" if member else "page" if page is not None else ""
    with opened() as app:
        how = app.accounts.sign_in("linkedin", kind)
        wanted = page or ""
        _sign_in(app, "linkedin", how, wanted, paste=paste, by=by, as_json=as_json)


@auth.command("revoke")
def revoke(
    channel: Annotated[str, typer.Argument(help="x or linkedin.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Sign an account out: forget its token, and tell the platform."""
    with opened() as app:
        note = ""
        try:
            gone = app.accounts.revoke(channel, by=by or me())
        except DeliveryError as exc:
            gone, note = None, f"It is forgotten here. {exc} Take the app's access back there."
    if gone is None and not note:
        raise UsageError(f"Nobody has signed in for {channel}: bot accounts.")
    text = note or f"{channel}: signed out; its posts wait."
    answer(
        {"channel": channel, "taken_back": not note, "note": note},
        as_json=as_json,
        show=lambda out: out.print(text),
    )


def accounts(as_json: Json = False) -> None:
    """Show who posts on each channel, by what right, and until when."""
    with opened() as app:
        known = {one.channel: one for one in app.accounts.all()}
        warned = {one.channel: one.message for one in app.accounts.warnings()}
        rows = [_row(app, channel, known.get(channel), warned) for channel in _channels(app, known)]
        zone = app.house.zone

    def show(out: Console) -> None:
        table = Table("channel", "account", "by", "until", box=None)
        for row in rows:
            who = f"{row['name']} ({row['id']})" if row["id"] else row["name"]
            until = local(row["ends_at"], zone) if row["ends_at"] else "no end known"
            table.add_row(row["channel"], who, row["by"], until)
        out.print(table)
        for row in rows:
            if row["warning"]:
                out.print(f"! {row['warning']}")
            if row["scopes"]:
                out.print(f"{row['channel']} may: {', '.join(row['scopes'])}")

    answer({"accounts": rows}, as_json=as_json, show=show)


def _channels(app: App, known: dict[str, Connection]) -> list[str]:
    return sorted({*app.settings.channels, *known})


def _row(
    app: App, channel: str, found: Connection | None, warned: dict[str, str]
) -> dict[str, Any]:
    if found is None:
        by = "keys in .env"
        try:
            platforms.connect(channel, app.settings.platform(channel), app.clock)
        except BotError:
            by = "nobody: bot auth" if channel in platforms.signable() else "nobody"
        empty: dict[str, Any] = {"id": "", "name": "", "handle": "", "scopes": [], "app": ""}
        return {"channel": channel, "by": by, "ends_at": None, "warning": "", **empty}
    return {
        "channel": channel,
        "id": found.account.id,
        "name": found.account.name,
        "handle": found.account.handle,
        "app": found.app,
        "by": f"bot auth, {found.connected_by}",
        "scopes": list(found.scopes),
        "renewable": found.renewable,
        "ends_at": found.ends_at,
        "connected_at": found.connected_at,
        "warning": warned.get(channel, ""),
    }


def _sign_in(  # noqa: PLR0913 -- one for each option
    app: App, channel: str, how: SignIn, wanted: str, *, paste: bool, by: str, as_json: bool
) -> None:
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    port = app.settings.accounts.callback_port
    redirect = app.settings.accounts.callback_url or f"http://127.0.0.1:{port}{PATH}"
    out = console() if not as_json else Console(file=sys.stderr, highlight=False, markup=False)
    address = how.address(redirect, state, verifier)
    out.print(f"Open this address and agree:\n{address}", soft_wrap=True)
    if paste:
        out.print("Your browser ends at an address it cannot open. Paste that address here:")
        token = how.redeem(sys.stdin.readline().strip(), redirect, state, verifier)
    else:
        with Callback(port, state) as waiting:
            token = how.redeem(waiting.wait(PATIENCE), redirect, state, verifier)
    account = _chosen(how.accounts(token), wanted, channel)
    kept = app.accounts.keep(channel, how.app, account, token, by=by or me())
    _say(kept, app, token, as_json)


def _chosen(found: Sequence[Account], wanted: str, channel: str) -> Account:
    """Return whom the editor wants to post as. Raises UsageError with the choice there is."""
    fits = [
        one
        for one in found
        if not wanted or wanted in (one.id, one.id.rpartition(":")[2], one.handle)
    ]
    if len(fits) == 1:
        return fits[0]
    if not found:
        raise UsageError(f"Whoever agreed may post as nobody on {channel}; nothing was kept.")
    if sys.stdin.isatty():
        return _asked(found)
    names = "; ".join(
        f"{one.name}: --page {one.handle or one.id.rpartition(':')[2]}" for one in found
    )
    raise UsageError(f"Choose whom to post as, nothing was kept yet: {names}.")


def _asked(found: Sequence[Account]) -> Account:
    for at, one in enumerate(found, 1):
        sys.stderr.write(f"{at}  {one.name}  {one.handle}\n")
    chosen: int = typer.prompt("Post as", type=click.IntRange(1, len(found)), err=True)
    return found[chosen - 1]


def _say(kept: Connection, app: App, token: AccessToken, as_json: bool) -> None:
    handle = f" (@{kept.account.handle})" if kept.account.handle else ""
    ends = kept.ends_at
    until = f" until {local(ends, app.house.zone)}" if ends else ""
    renews = ", renewed by itself" if kept.renewable else ""
    text = f"{kept.channel}: signed in as {kept.account.name}{handle}{until}{renews}."
    value = {
        "channel": kept.channel,
        "id": kept.account.id,
        "name": kept.account.name,
        "handle": kept.account.handle,
        "scopes": list(token.scopes),
        "ends_at": ends,
        "renewable": kept.renewable,
    }
    answer(value, as_json=as_json, show=lambda out: out.print(text, soft_wrap=True))
