"""The usual troubles of an installation, each with the way to mend it."""

import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.domain.errors import BotError, ConfigError
from bot.domain.health import Check
from bot.health.absence import causes
from bot.health.checks import machine, making, people

#: Settings are read from here, see `bot.settings.load`.
ENV_FILE = Path(".env")


def examine(app: App) -> list[Check]:
    """Return everything that was looked at; nothing is sent, and no platform is asked."""
    found: list[Check] = []
    for look in LOOKS:
        try:
            found.extend(look(app))
        except BotError as exc:
            found.append(
                Check(name=look.__name__, ok=False, detail=str(exc), fix="Do what it says.")
            )
    return found


def files(app: App) -> Iterator[Check]:
    """Look who else may read the keys and the database."""
    for path, name in ((ENV_FILE, "keys"), (app.settings.data_dir, "data folder")):
        if not path.exists():
            continue
        open_to = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        fix = f"chmod {'600' if path.is_file() else '700'} {path}" if open_to else ""
        detail = f"{path} can be read by others" if open_to else f"{path} is yours alone"
        yield Check(name=name, ok=not open_to, detail=detail, fix=fix)


def consistency(app: App) -> Iterator[Check]:
    """Have the database check itself, and follow the audit log."""
    damage = app.store.vitals.damage()
    fix = "Stop the bot and restore the newest backup: `bot db restore`." if damage else ""
    yield Check(name="integrity", ok=not damage, detail=damage or "sound", fix=fix)
    verdict = app.store.audit.verify()
    detail = "; ".join(verdict.findings[:3]) or f"{verdict.rows} rows hold together"
    fix = "Somebody changed it: compare with a backup." if verdict.findings else ""
    yield Check(name="audit log", ok=not verdict.findings, detail=detail, fix=fix)


def running(app: App) -> Iterator[Check]:
    """Look whether anybody publishes."""
    try:
        with app.publishing():
            pass
    except ConfigError:
        yield Check(name="publisher", ok=True, detail="runs")
        return
    if app.store.leases is not None:
        yield Check(name="publisher", ok=True, detail="several may; /readyz of each tells")
        return
    fix = "Start it: `bot run`, or the service (docs/operations.md)."
    yield Check(name="publisher", ok=False, detail="nobody publishes from this database", fix=fix)


def accounts(app: App) -> Iterator[Check]:
    """Look whether every account has its keys; none is tried."""
    for channel in app.settings.channels:
        try:
            app.connect(channel)
        except ConfigError as exc:
            fix = "See README, “Your first real post”."
            yield Check(name=f"{channel} keys", ok=False, detail=str(exc), fix=fix)
        else:
            yield Check(name=f"{channel} keys", ok=True, detail="are set")


def troubles(app: App) -> Iterator[Check]:
    """Say what alarms say."""
    for trouble in causes(app):
        yield Check(name=trouble.title, ok=False, detail=trouble.text, fix="As it says.")


def overdue(app: App) -> Iterator[Check]:
    """Find posts that are where they are for too long, and of which nobody was told."""
    clock, box = app.clock, app.outbox
    found = app.store.lookout.overdue(
        now=clock.now(), uptime=clock.uptime(), boot=clock.boot(), patience=box.rules.patience
    )
    late = [post for post in found if app.timing.ruling(post) == "send" or post.asks]
    named = ", ".join(f"{post.id} ({post.channel}, {post.state})" for post in late[:10])
    fix = "`bot queue` says why; is `bot run` running with its publisher?" if late else ""
    yield Check(name="overdue posts", ok=not late, detail=named or "none", fix=fix)


def waiting(app: App) -> Iterator[Check]:
    """Look for articles that wait for an editor's word, and for a backlog of drafts."""
    held = app.store.sightings.waiting()
    fix = "`bot held` shows them and lets them in." if held else ""
    yield Check(name="held articles", ok=not held, detail=f"{held} wait", fix=fix)
    old = app.clock.now() - timedelta(hours=app.settings.schedule.expire_hours)
    late = app.store.vitals.stuck(due_before=old)
    fix = "`bot queue` shows them; hold, reject or release them." if late else ""
    yield Check(name="old posts", ok=not late, detail=f"{len(late)} are long past", fix=fix)


LOOKS: tuple[Callable[[App], Iterator[Check]], ...] = (
    files,
    machine.database,
    consistency,
    machine.disk,
    machine.zones,
    machine.backup,
    running,
    accounts,
    making.templates,
    making.cards,
    people.approver,
    overdue,
    waiting,
    troubles,
)
