"""When something happens next by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.settings import Base


def next_run(settings: Base, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the next daily edition is read."""
    local = now.astimezone(zone)
    edition = settings.schedule.edition
    at = local.replace(hour=edition.hour, minute=edition.minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)
