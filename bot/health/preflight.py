"""Will the next edition go out? Everything it needs is tried, without posting."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from functools import partial

import structlog

from bot.app import App
from bot.domain.errors import BotError, NotTold
from bot.domain.health import Check, Look
from bot.domain.message import Message, Urgency
from bot.domain.schedule import latest
from bot.health.checks import accounts, machine, making, people, reading

log = structlog.get_logger(__name__)

CHECKS: tuple[Callable[[App], Iterator[Check]], ...] = (
    machine.database,
    machine.disk,
    machine.clock,
    machine.zones,
    machine.backup,
    accounts.accounts,
    accounts.lasting,
    accounts.spending,
    reading.sources,
    making.templates,
    making.cards,
    people.approver,
)


def preflight(app: App, more: Sequence[Look] = ()) -> list[Check]:
    """Return what was tried; one check that cannot even be made stops none of the others.

    Args:
        app: everything, wired.
        more: looks at what only the caller knows, such as the desk.
    """
    found: list[Check] = []
    looks: list[Look] = [*(partial(check, app) for check in CHECKS), *more]
    for look in looks:
        try:
            found.extend(look())
        except BotError as exc:
            name = str(getattr(look, "func", look).__name__)
            found.append(Check(name=name, ok=False, detail=str(exc), fix="See above."))
    return found


def report(app: App, checks: list[Check]) -> Message:
    """Return the one message about a rehearsal."""
    failed = [check for check in checks if not check.ok]
    site = app.settings.site.name
    if not failed:
        return Message(
            title=f"{site}: the next edition will go out",
            text=f"All {len(checks)} checks are fine.",
            urgency=Urgency.GOOD,
        )
    lines = [
        f"{one.name}: {one.detail}" + (f"\n  → {one.fix}" if one.fix else "") for one in failed
    ]
    return Message(
        title=f"{site}: {len(failed)} of {len(checks)} checks failed before the next edition",
        text="\n".join(lines),
        urgency=Urgency.ALARM,
    )


def told(app: App, checks: list[Check]) -> Check:
    """Tell the operators, which is the last check: does a message arrive?"""
    nobody = not (app.settings.messages.operators or app.settings.messages.editors)
    if nobody:
        fix = "Set BOT_MESSAGES__OPERATORS, and try it with `bot notify test`."
        return Check(name="message", ok=False, detail="nobody would be told of an alarm", fix=fix)
    try:
        app.messages.operators.send(report(app, checks))
    except (NotTold, BotError) as exc:
        return Check(name="message", ok=False, detail=str(exc), fix="Try `bot notify test`.")
    return Check(name="message", ok=True, detail="the operators have the result")


def due(app: App, now: datetime) -> datetime | None:
    """Return the time of the latest rehearsal that should have been, None where there is none."""
    times = [time.fromisoformat(at) for at in app.settings.preflight.times]
    return max((latest(at, app.house.zone, now) for at in times), default=None)


def claim(app: App) -> bool:
    """Tell whether a rehearsal is due now; True once for each of its times, whoever asks."""
    at = due(app, app.clock.now())
    return at is not None and app.store.alarms.first("preflight", at)


def rehearse(app: App) -> None:
    """Make the rehearsal whose time has come, once, and tell the operators."""
    if not claim(app):
        return
    checks = preflight(app)
    checks.append(told(app, checks))
    failed = [check.name for check in checks if not check.ok]
    log.log(40 if failed else 20, "preflight.done", failed=failed, checks=len(checks))
