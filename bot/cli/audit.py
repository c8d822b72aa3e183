"""Commands about the audit log: verify, export."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.base import Json, answer, opened
from bot.domain.errors import UsageError


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True, help="The audit log: prove that nothing in it was changed."
    )
    group.command()(verify)
    group.command()(export)
    cli.add_typer(group, name="audit")


def verify(
    expect: Annotated[
        str,
        typer.Option(
            "--expect", metavar="HASH", help="A hash noted earlier: the log must still hold it."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Follow the chain of hashes and compare every post with its last row.

    Note the hash it prints somewhere else: only with --expect can it tell that rows were cut off
    the end, or that the whole log was written anew.
    """
    with opened() as app:
        verdict = app.store.audit.verify(expect.strip().lower())

    def show(console: Console) -> None:
        for finding in verdict.findings:
            console.print(f"NO  {finding}")
        if not verdict.findings:
            console.print(f"ok  {verdict.rows} rows, each follows from the one before it.")
            console.print(f"    {verdict.head}", soft_wrap=True)

    value = {
        "ok": not verdict.findings,
        "rows": verdict.rows,
        "head": verdict.head,
        "findings": verdict.findings,
    }
    answer(value, as_json=as_json, show=show)
    if verdict.findings:
        raise typer.Exit(1)


def export(
    target: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; none: standard output.")
    ] = None,
) -> None:
    """Write every row as one line of JSON, oldest first."""
    with opened() as app:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in app.store.audit.export())
        if target is None:
            sys.stdout.writelines(lines)
            return
        try:
            with target.open("x", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError as exc:
            raise UsageError(
                f"{target} cannot be written ({exc.strerror}); name a file that is not there yet."
            ) from exc
