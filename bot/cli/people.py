"""Commands of the desk in the browser: web, and user add, list, role, link, disable, enable."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.cli import retention
from bot.cli.base import By, Json, answer, console, local, me, opened, settings
from bot.domain.errors import UsageError
from bot.domain.people import Role, User

if TYPE_CHECKING:
    from bot.web.server import DeskServer

users = typer.Typer(help="Who may sign in at the desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What they sign in with.")]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(web)
    users.command()(retention.export)
    users.command()(retention.erase)
    cli.add_typer(users, name="user")


def web(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Instead of BOT_DESK__PORT.")
    ] = None,
) -> None:
    """Serve the editors' desk until stopped; `bot run` serves it too."""
    from bot.web.server import DeskServer

    found = settings()
    with opened(found, quiet=True) as app, DeskServer(app, port=port) as server:
        greet(server)
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        stopping.wait()


def greet(server: "DeskServer") -> None:
    """Say where the desk is, and let the first admin in."""
    out = console()
    out.print(f"Desk: {server.url}/   (Ctrl-C stops)", soft_wrap=True)
    link = server.first_link()
    if link:
        out.print(f"First sign-in, once, within two days: {link}", soft_wrap=True)


@users.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What they may do.")] = Role.EDITOR,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Let somebody in; prints a one-time link by which they set their password."""
    with opened() as app:
        user = app.store.people.add(name, role, by=by or me(), now=app.clock.now())
        _link(app, user, by or me(), as_json)


@users.command("link")
def link(name: Name, by: By = "", as_json: Json = False) -> None:
    """Print a one-time link for a new password; it works even while guessing is braked."""
    with opened() as app:
        _link(app, _find(app, name), by or me(), as_json)


@users.command("list")
def list_all(as_json: Json = False) -> None:
    """List everybody."""
    with opened() as app:
        people = app.store.people.all()
        zone = app.house.zone

    def show(console: Console) -> None:
        if not people:
            console.print("Nobody yet. bot user add NAME --role admin")
            return
        table = Table("name", "role", "since", "", box=None)
        for user in people:
            closed = "disabled" if user.disabled_at else ""
            table.add_row(user.name, user.role, local(user.created_at, zone), closed)
        console.print(table)

    answer({"users": [_value(user) for user in people]}, as_json=as_json, show=show)


@users.command("role")
def role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="viewer, editor, approver or admin.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give somebody another role; they sign in again."""
    with opened() as app:
        user = _find(app, name)
        changed = app.store.people.change(user, by=by or me(), now=app.clock.now(), role=role)
    _said(changed, as_json)


@users.command("disable")
def disable(name: Name, by: By = "", as_json: Json = False) -> None:
    """Close an account; whoever uses it just now is signed out."""
    _set(name, by, as_json, disabled=True)


@users.command("enable")
def enable(name: Name, by: By = "", as_json: Json = False) -> None:
    """Open a closed account again."""
    _set(name, by, as_json, disabled=False)


@users.command("no-code")
def no_code(name: Name, by: By = "", as_json: Json = False) -> None:
    """Ask somebody for no code at sign-in any more, such as when their phone is lost."""
    with opened() as app:
        user = _find(app, name)
        now = app.clock.now()
        was = app.store.people.second(name)
        app.store.people.set_second(
            user, "", was=was, event="user.code_off", by=by or me(), now=now
        )
    _said(user, as_json)


@users.command("no-passkeys")
def no_passkeys(name: Name, by: By = "", as_json: Json = False) -> None:
    """Let nobody sign in with somebody's passkeys any more, such as when a device is lost."""
    with opened() as app:
        user = _find(app, name)
        app.store.passkeys.remove(user, by=by or me(), now=app.clock.now())
    _said(user, as_json)


def _set(name: str, by: str, as_json: bool, *, disabled: bool) -> None:
    with opened() as app:
        user = _find(app, name)
        now = app.clock.now()
        changed = app.store.people.change(user, by=by or me(), now=now, disabled=disabled)
    _said(changed, as_json)


def _find(app: App, name: str) -> User:
    user = app.store.people.find(name)
    if user is None:
        raise UsageError(f"There is nobody called {name}. bot user list shows everybody.")
    return user


def _link(app: App, user: User, by: str, as_json: bool) -> None:
    from bot.web.links import one_time

    url = one_time(app, user, app.settings.desk.address, by=by)
    answer(
        _value(user) | {"link": url},
        as_json=as_json,
        show=lambda console: console.print(
            f"{user.name} ({user.role}) sets a password here, once, within two days:\n{url}",
            soft_wrap=True,
        ),
    )


def _said(user: User, as_json: bool) -> None:
    state = "disabled" if user.disabled_at else user.role
    answer(
        _value(user), as_json=as_json, show=lambda console: console.print(f"{user.name}: {state}")
    )


def _value(user: User) -> dict[str, Any]:
    return {"name": user.name, "role": user.role, "disabled": user.disabled_at is not None}
