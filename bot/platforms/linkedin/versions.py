"""LinkedIn's API versions: one a month, each alive for about a year.

Source: LinkedIn Marketing, "Versioning" and "Migrations" (as of November 2026). There is no
header that announces a sunset; it comes by e-mail. Dates not announced yet are the policy's year.
"""

from datetime import UTC, date, datetime, timedelta

#: Version → the day on which it stops answering. 202512 was never usable.
SUNSETS = {
    "202601": date(2027, 1, 15),
    "202602": date(2027, 2, 15),
    "202603": date(2027, 3, 16),
    "202604": date(2027, 4, 15),
    "202605": date(2027, 5, 15),
    "202606": date(2027, 6, 15),
    "202607": date(2027, 7, 15),
    "202608": date(2027, 8, 15),
    "202609": date(2027, 9, 15),
    "202610": date(2027, 10, 15),
}

#: How long before its sunset a version should be replaced.
AHEAD = timedelta(days=60)


def after(version: str, now: datetime) -> str | None:
    """Return the next known version that still answers, None where there is none."""
    today = now.astimezone(UTC).date()
    later = [one for one, sunset in SUNSETS.items() if one > version and sunset > today]
    return min(later, default=None)


def notice(version: str, now: datetime) -> str:
    """Return what an operator should know about a version; "" where there is time."""
    sunset, today = SUNSETS.get(version), now.astimezone(UTC).date()
    if sunset is None:
        known = f"{min(SUNSETS)} to {max(SUNSETS)}"
        return f"LinkedIn's API version {version} is not one this bot knows ({known})."
    if sunset - today > AHEAD:
        return ""
    newer = after(version, now) or "a newer one"
    when = "has ended" if sunset <= today else "ends"
    return (
        f"LinkedIn's API version {version} {when} on {sunset:%d %B %Y}. Set "
        f"BOT_LINKEDIN__VERSION={newer} and look at the next post."
    )
