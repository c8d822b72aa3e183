"""Commands about what is kept of whom: db prune, user export, user erase."""

from typing import Annotated

import typer
from rich.console import Console

from bot.app.tidying import tidy
from bot.cli.base import By, Json, answer, me, opened
from bot.domain.errors import UsageError

Name = Annotated[str, typer.Argument(help="What they sign in with.")]


def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Remove what is past its time; `bot run` does it every night. docs/operations.md lists it."""
    with opened() as app:
        gone = tidy(app, dry=dry_run)

    def show(console: Console) -> None:
        for name, count in gone.items():
            console.print(f"{count:7} {name}")
        console.print("would be removed." if dry_run else "removed.")

    answer({"removed": not dry_run, "rows": gone}, as_json=as_json, show=show)


def export(name: Name) -> None:
    """Print, as JSON, everything that is kept about somebody."""
    with opened() as app:
        user = app.store.people.find(name)
        if user is None:
            raise UsageError(f"There is nobody called {name!r}. `bot user list` names them.")
        answer(app.store.retention.of_person(user), as_json=True, show=lambda _: None)


def erase(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Remove somebody's account, sessions, programs and words; their decisions stay on record."""
    with opened() as app:
        user = app.store.people.find(name)
        if user is None:
            raise UsageError(f"There is nobody called {name!r}. `bot user list` names them.")
        if not yes:
            raise UsageError(f"This cannot be undone: bot user erase {name} --yes.")
        gone = app.store.retention.erase(user, by=by or me(), now=app.clock.now())
    text = (
        f"{name} is gone: {sum(gone.values())} rows. The audit log and approvals still name who "
        "let what be published: they are the proof of it, and cannot be changed."
    )
    answer({"erased": name, "rows": gone}, as_json=as_json, show=lambda out: out.print(text))
