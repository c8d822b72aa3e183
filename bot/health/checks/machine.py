"""Is the machine in order: database, disk, clock, time zones, backup."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import requests

from bot.app import App
from bot.domain.errors import ConfigError, StoreError
from bot.domain.health import Check
from bot.http.client import Session, date_of

#: A zone, two days, and what its clocks then differ from UTC: old data or none is found by it.
_KNOWN = (
    ("Asia/Kolkata", datetime(2026, 1, 15, tzinfo=UTC), timedelta(hours=5, minutes=30)),
    ("Europe/London", datetime(2026, 7, 15, tzinfo=UTC), timedelta(hours=1)),
    ("America/New_York", datetime(2026, 3, 9, tzinfo=UTC), timedelta(hours=-4)),
)


def database(app: App) -> Iterator[Check]:
    """Write to the database, durably."""
    try:
        schema = app.store.vitals.writable()
    except StoreError as exc:
        yield Check(name="database", ok=False, detail=str(exc), fix="Do what it says.")
    else:
        yield Check(name="database", ok=True, detail=f"writable, schema {schema}")


def disk(app: App) -> Iterator[Check]:
    """Look for space where the database and the cards are."""
    least = app.settings.preflight.free_megabytes
    free = shutil.disk_usage(app.settings.data_dir).free / 1e6
    yield Check(
        name="disk",
        ok=free >= least,
        detail=f"{free:,.0f} MB free in {app.settings.data_dir}",
        fix="" if free >= least else f"Free some: less than {least:,.0f} MB are left.",
    )


def clock(app: App) -> Iterator[Check]:
    """Compare the time of day with a web server's (HTTP Date, whole seconds)."""
    url, most = _server(app), app.settings.preflight.clock_seconds
    if not url:
        fix = "Set up an account, or BOT_PREFLIGHT__CLOCK_URL."
        yield Check(name="clock", ok=False, detail="there is nobody to ask", fix=fix)
        return
    try:
        with Session((5, 5)) as session:
            theirs = date_of(session.head(url, allow_redirects=False))
    except requests.RequestException as exc:
        detail = f"{url} does not answer ({type(exc).__name__})"
        fix = "Is this machine online? Else set BOT_PREFLIGHT__CLOCK_URL to another web server."
        yield Check(name="clock", ok=False, detail=detail, fix=fix)
        return
    if theirs is None:
        fix = "Set BOT_PREFLIGHT__CLOCK_URL to another web server."
        yield Check(name="clock", ok=False, detail=f"{url} does not say the time", fix=fix)
        return
    off = (app.clock.now() - theirs).total_seconds()
    fix = "" if abs(off) <= most else "Set the clock; let systemd-timesyncd or chrony keep it."
    detail = f"{abs(off):.0f} s {'ahead' if off > 0 else 'behind'}"
    yield Check(name="clock", ok=abs(off) <= most, detail=detail, fix=fix)


def zones(app: App) -> Iterator[Check]:
    """Look every zone up, and see that the data know this year's rules."""
    wanted = {app.house.zone.key, *(table.zone.key for table in app.timing.tables.values())}
    try:
        found = [ZoneInfo.no_cache(name) for name in sorted(wanted)]
        wrong = [
            n for n, at, off in _KNOWN if at.astimezone(ZoneInfo.no_cache(n)).utcoffset() != off
        ]
    except ZoneInfoNotFoundError as exc:
        wrong, found = [str(exc.args[0])], []
    ok = not wrong
    detail = ", ".join(zone.key for zone in found) if ok else "; ".join(wrong)
    fix = "" if ok else "Install the newest zone data: pip install -U tzdata."
    yield Check(name="time zones", ok=ok, detail=detail, fix=fix)


def backup(app: App) -> Iterator[Check]:
    """Look how old the newest backup is."""
    most = app.settings.preflight.backup_hours
    newest = max(
        (path.stat().st_mtime for path in app.settings.data_dir.glob("backups/*.tar")), default=None
    )
    now = app.clock.now()
    age = (now.timestamp() - newest) / 3600 if newest is not None else None
    said = "there is none" if age is None else f"{age:.0f} h old"
    if not most:
        yield Check(name="backup", ok=True, detail=f"{said}; none is asked for")
        return
    ok = age is not None and age <= most
    fix = "" if ok else "Run `bot db backup`, every night, and copy it to another machine."
    yield Check(name="backup", ok=ok, detail=said, fix=fix)


def _server(app: App) -> str:
    """Return whom to ask: never a platform at which the bot has no account."""
    if app.settings.preflight.clock_url:
        return app.settings.preflight.clock_url
    for channel in app.settings.channels:
        try:
            app.connect(channel)
        except ConfigError:
            continue
        return str(getattr(app.settings.platform(channel), "base_url", ""))
    return ""
