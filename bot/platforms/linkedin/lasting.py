"""What runs out: LinkedIn's API versions live about a year."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from bot.domain.health import Lasting
from bot.platforms.linkedin.settings import Settings
from bot.platforms.linkedin.versions import AHEAD, SUNSETS


def lasting(settings: Settings) -> Iterator[Lasting]:
    """Yield the API version; one that is not known is reckoned by the policy's year."""
    year, month = int(settings.version[:4]), int(settings.version[4:])
    sunset = SUNSETS.get(settings.version, date(year + 1, month, 15))
    yield Lasting(
        what="API version",
        until=datetime.combine(sunset, time(0), tzinfo=UTC),
        fix=f"Set BOT_LINKEDIN__VERSION to a newer one, up to {max(SUNSETS)}, and look at the next "
        "post.",
        least_days=AHEAD.days / 2,
    )
