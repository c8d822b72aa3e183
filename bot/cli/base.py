"""What every command shares: the settings, the app, and two ways to answer."""

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot import __version__
from bot.cli.lazy import LazyGroup
from bot.domain.errors import UsageError

if TYPE_CHECKING:  # each command loads what it needs, when it needs it
    from rich.console import Console

    from bot.app import App
    from bot.settings import Base

cli = typer.Typer(
    name="bot",
    cls=LazyGroup,
    help="Turns new articles into approved posts on X and LinkedIn. Once, exactly once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, on standard output.")]
By = Annotated[str, typer.Option("--by", help="Your name, for the record.", show_default="you")]
PostId = Annotated[int, typer.Argument(metavar="POST", help="Number of the post: see `bot queue`.")]


@cli.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"{__version__}\n")
        raise typer.Exit


def settings() -> "Base":
    """Read the settings and set the log up. Raises ConfigError."""
    from bot import log
    from bot.settings import load, secrets

    found = load()
    log.set_up(style=found.log.style, level=found.log.level, secrets=secrets(found))
    return found


@contextmanager
def opened(found: "Base | None" = None, *, quiet: bool = True) -> Iterator["App"]:
    """Open the bot for one command; `quiet` keeps all but warnings out of an editor's way."""
    from bot import log
    from bot.app import build
    from bot.settings import secrets
    from bot.telemetry import reporting

    found = found or settings()
    if quiet and found.log.level == "info":
        log.set_up(style=found.log.style, level="warning", secrets=secrets(found))
    with reporting(found):
        app = build(found)
        try:
            yield app
        finally:
            app.close()


def me() -> str:
    """Return who runs this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def answer(value: Any, *, as_json: bool, show: Callable[["Console"], None]) -> None:
    """Print `value` as JSON, or `show` it to a person."""
    if as_json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")
    else:
        show(console())


def console() -> "Console":
    """Return the terminal; plain and wide where standard output is not one."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 200
    return Console(width=wide, highlight=False, emoji=False, markup=False)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time as the newsroom reads it."""
    return f"{moment.astimezone(zone):%a %d %b %H:%M %Z}" if moment else "–"


def read_text(name: str) -> str:
    """Return a file's text, or standard input's for "-". Raises UsageError."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8").removesuffix("\n")
    except OSError as exc:
        raise UsageError(
            f"{name}: {exc.strerror}. Name a text file, or - for standard input."
        ) from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"{name}: not text in UTF-8.") from exc


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value).__name__)
