"""The command by which assistants use the desk: bot mcp."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import settings
from bot.domain.errors import ConfigError, UsageError


def register(cli: typer.Typer) -> None:
    """Add this module's command."""
    cli.command()(mcp)


def mcp(
    token_file: Annotated[
        Path, typer.Option("--token-file", help="File with a token made by `bot token add`.")
    ],
    url: Annotated[
        str, typer.Option("--url", help="The desk's address; empty: that of the settings.")
    ] = "",
) -> None:
    """Let an assistant use the desk: MCP tools on standard input and output, by a token."""
    try:
        from bot.mcp import serve
    except ImportError as exc:
        raise ConfigError(
            'The tools of MCP are not installed: pip install "shiftmaker-bot[mcp]".'
        ) from exc
    try:
        token = token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{token_file} cannot be read: {exc}. Nothing was served.") from None
    if not url:
        url = settings().desk.address
    serve(url, token)
