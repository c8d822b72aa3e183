"""Commands for whoever looks after the bot: doctor, once, health."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import Json, answer, opened, settings

if TYPE_CHECKING:
    from rich.console import Console


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(doctor)
    cli.command()(once)
    cli.command()(health)


def doctor(as_json: Json = False) -> None:
    """Find the usual troubles of an installation, and say how each is mended."""
    from bot.health.doctor import examine

    with opened() as app:
        checks = examine(app)
    ok = all(check.ok for check in checks)

    def show(console: "Console") -> None:
        for check in checks:
            if not check.ok:
                console.print(f"NO  {check.name}: {check.detail}", soft_wrap=True)
                console.print(f"    {check.fix}", soft_wrap=True)
        fine = [check.name for check in checks if check.ok]
        console.print(f"ok  {', '.join(fine)}", soft_wrap=True)

    answer({"ok": ok, "checks": checks}, as_json=as_json, show=show)
    if not ok:
        raise typer.Exit(1)


def once(
    wait: Annotated[
        float,
        typer.Option(
            "--wait", min=0, max=3600, help="Most seconds to go on for posts on their way."
        ),
    ] = 120,
    as_json: Json = False,
) -> None:
    """Do one complete morning and exit: read, make posts, send what is due, look at it, alarm.

    For hosts with nothing but cron. Safe to call as often as you like: what is done is done once.
    """
    from bot.health.once import morning

    with opened() as app:
        done = morning(app, wait=wait)

    def show(console: "Console") -> None:
        console.print(
            f"{len(done.new)} new articles, {done.drafted} new posts, {done.live} went live, "
            f"{done.waiting} wait for somebody, {done.underway} are still on their way."
        )
        for line in done.wrong:
            console.print(line, soft_wrap=True)

    answer(done, as_json=as_json, show=show)
    if done.wrong:
        raise typer.Exit(1)


def health() -> None:
    """Ask the running `bot run` of these settings whether it lives and does its work."""
    import requests

    from bot.http.client import Session

    choices = settings().health
    address = f"http://{choices.host}:{choices.port}/readyz"
    try:
        with Session((2, 5)) as session:
            said = session.get(address)
        reason = "" if said.ok else str(said.json().get("reason", said.status_code))
    except (requests.RequestException, ValueError) as exc:
        reason = f"Nobody answers at {address} ({type(exc).__name__}). Is `bot run` running?"
    typer.echo(reason or "well")
    if reason:
        raise typer.Exit(1)
