"""The rehearsal in a process of its own: `bot preflight --tell`.

So it tries what the next start would load, from the disk, not what this process has had for weeks;
and the memory that cards, desk and accounts take (100 MB) is given back.
"""

import json
import subprocess
import sys
from collections.abc import Callable

import structlog

from bot.app import App
from bot.domain.errors import WorkerError
from bot.domain.message import Message, Urgency
from bot.health.alarms import delivered
from bot.health.preflight import claim

log = structlog.get_logger(__name__)

#: Seconds it may take; it asks every source and platform, each of which may let it wait.
PATIENCE = 600

_COMMAND = (sys.executable, "-m", "bot", "preflight", "--tell", "--json")


def rehearse(app: App, stopping: Callable[[], bool], command: tuple[str, ...] = _COMMAND) -> None:
    """Make the rehearsal whose time has come, once; it tells the operators itself.

    Args:
        app: everything, wired.
        stopping: whether the bot is to stop; the rehearsal then ends, too.
        command: what makes it, in this folder and with these variables.

    Raises:
        WorkerError: it could not be made; the operators are told.
    """
    if not claim(app):
        return
    said = _made(command, stopping)
    if said is None or stopping():
        return
    try:
        checks = json.loads(said)["checks"]
    except (ValueError, KeyError, TypeError):
        why = "The rehearsal could not be made; nothing was tried. Run `bot preflight` to see why."
        _tell(app, why)
        raise WorkerError(why) from None
    failed = [check["name"] for check in checks if not check["ok"]]
    log.log(40 if failed else 20, "preflight.done", failed=failed, checks=len(checks))


def _made(command: tuple[str, ...], stopping: Callable[[], bool]) -> str | None:
    """Return what the process said; None where it was ended before."""
    with subprocess.Popen(  # noqa: S603 -- our own command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        for _ in range(PATIENCE * 2):
            try:
                return process.communicate(timeout=0.5)[0]
            except subprocess.TimeoutExpired:
                if stopping():
                    process.kill()
                    return None
        process.kill()
        return ""


def _tell(app: App, why: str) -> None:
    title = f"{app.settings.site.name}: no rehearsal of the next edition"
    delivered(app.messages.operators, Message(title=title, text=why, urgency=Urgency.ALARM))
