"""The `bot` command.

Exit codes: 0 fine, 1 the answer is no, 2 wrong usage or configuration, 3 a platform or source
failed.
"""

import sys

from bot.cli.base import cli
from bot.domain.errors import BotError

__all__ = ["MODULES", "main"]

#: Modules with commands, in the order of `bot --help`. After a change here, or of a command's
#: name or first sentence: python -m tests.architecture.documents
MODULES = (
    "running",
    "articles",
    "sources",
    "corrections",
    "queue",
    "pausing",
    "words",
    "card",
    "people",
    "programs",
    "assistants",
    "audit",
    "db",
    "times",
    "choices",
    "notify",
    "records",
    "care",
    "accounts",
    "spend",
    "manual",
    "pictures",
    "rehearse",
)


def main() -> None:
    """Run the command; a failure a user can meet is one line on standard error."""
    try:
        cli()
    except BotError as exc:
        sys.stderr.write(f"bot: {exc}\n")
        sys.exit(exc.exit_code)
    except BrokenPipeError:
        # `bot log | head`: the reader has seen enough.
        sys.stderr.close()
        sys.exit(0)
