"""Times, money and names as editors read them."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.domain.policy import BY_POLICY

#: Every key, what it does, and where it works.
KEYS = (
    ("j", "next article", ""),
    ("k", "previous article", ""),
    ("Enter", "open the article", "in a list"),
    ("x", "tick the article", "in a list"),
    ("A", "approve both posts", ""),
    ("a", "approve the post that is marked", ""),
    ("← →", "mark the other post", "on an article"),
    ("e", "edit the post that is marked", ""),
    ("r", "reject, with a reason", ""),
    ("h", "hold, with a reason", ""),
    ("s", "not now: show it again later", "on an article"),
    ("u", "undo the last approval", ""),
    ("c", "comment", "on an article"),
    ("/", "search", ""),
    ("Ctrl Enter", "save", "while editing"),
    ("Esc", "back", ""),
    ("?", "these keys", ""),
)

_PLATFORMS = {"x": "X", "linkedin": "LinkedIn"}


def platform(name: str) -> str:
    """Return a platform's name for people."""
    return _PLATFORMS.get(name, name.capitalize())


def who(name: str) -> str:
    """Return who decided, for people: a name, or the house's policy."""
    if not name.startswith(BY_POLICY):
        return name
    return f"the policy {name.removeprefix(BY_POLICY).replace('_', ' ')}"


def at(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time with its day and zone."""
    return f"{moment.astimezone(zone):%a %d %b, %H:%M %Z}" if moment else "–"


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time of day with its zone."""
    return f"{moment.astimezone(zone):%H:%M %Z}" if moment else "–"


def day(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a day."""
    return f"{moment.astimezone(zone):%A, %d %B}" if moment else "–"


def until(moment: datetime | None, now: datetime) -> str:
    """Return how far off a time is: "in 19 min", "2 h ago"."""
    if moment is None:
        return ""
    gap = moment - now
    length = _length(abs(gap))
    if length == "now":
        return "now"
    return f"in {length}" if gap > timedelta(0) else f"{length} ago"


def _length(gap: timedelta) -> str:
    seconds = int(gap.total_seconds())
    if seconds < 60:
        return f"{seconds} s" if seconds else "now"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86_400:
        hours, rest = divmod(seconds // 60, 60)
        return f"{hours} h {rest:02} min" if hours < 6 and rest else f"{hours} h"
    return f"{seconds // 86_400} days"


def money(amount: Decimal) -> str:
    """Return US dollars, to the tenth of a cent where there is one."""
    return f"${amount:.3f}".removesuffix("0") if amount else "free"


def web_address(href: str | None) -> str:
    """Return `href` where it is an ordinary web address, "" otherwise."""
    try:
        parts = urlsplit(href or "")
    except ValueError:
        return ""
    return href or "" if parts.scheme in {"http", "https"} and parts.netloc else ""


def short_day(moment: date, zone: ZoneInfo) -> str:
    """Return a day in short: "Mon 23 Nov"."""
    day = moment.astimezone(zone) if isinstance(moment, datetime) else moment
    return f"{day:%a} {day.day} {day:%b}"


def named(text: str, names: Iterable[str]) -> Markup:
    """Return a comment with the colleagues it names (@name) marked, all else escaped."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if not known:
        return escape(text)
    marked = re.sub(
        rf"(?<![\w@])@(?:{known})(?![\w-])",
        lambda found: f'<b class="named">{found[0]}</b>',
        str(escape(text)),
        flags=re.IGNORECASE,
    )
    return Markup(marked)  # noqa: S704 -- escaped above
