"""Times: when something happens next by itself, and those people write into forms."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import UsageError
from bot.settings import Base


def next_run(settings: Base, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the next daily edition is read."""
    local = now.astimezone(zone)
    edition = settings.schedule.edition
    at = local.replace(hour=edition.hour, minute=edition.minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)


def local_time(written: str, zone: ZoneInfo) -> datetime:
    """Return a time of a form, which is the newsroom's and has no zone. Raises UsageError."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    except ValueError as exc:
        raise UsageError(
            "Write the time as 2026-11-23T07:00, or choose it; nothing was changed."
        ) from exc
