"""Addresses as sources write them to addresses a reader can open."""

import re
from datetime import date
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

from bot.domain.errors import ContentError
from bot.domain.links import canonical

#: Days as systems write them into addresses: /2026/6/26/, /2026-06-26-rates-held, /20260626/.
#: /2026/6/26-dead-in-ruritania is a month, and a headline that counts.
_DAY = re.compile(
    r"/((?:19|20)\d\d)"
    r"(?:/(\d{1,2})/(\d{1,2})(?=/|$)|-(\d{1,2})-(\d{1,2})(?=[/_-]|$)|(\d\d)(\d\d)(?=[/_-]|$))"
)

#: Characters beyond which nobody means an address; browsers and sitemaps stop at half of it, and
#: quoting a million takes 230 MB.
LONGEST = 4_096


def absolute(address: str | None, base: str = "") -> str:
    """Return an address of the web, absolute and readable; "" where it is none."""
    if not address or len(address) > LONGEST or not address.strip():
        return ""
    try:
        joined = urljoin(base, "".join(address.split("\n")).strip())
        if not joined.lower().startswith(("http://", "https://")):
            return ""
        return safe_url_string(joined)
    except (ValueError, UnicodeError):
        return ""


def article(address: str | None, base: str = "") -> str:
    """Return the canonical address of an article, without tracking parameters; "" if it is none."""
    try:
        found = absolute(address, base)
        return canonical(found) if found else ""
    except ContentError:
        return ""


def day(address: str) -> date | None:
    """Return the day in the path of an address, None where it names none."""
    try:
        named = _DAY.search(urlsplit(address).path)
        year, *parts = named.groups() if named else ("",)
        return date(int(year), *(int(part) for part in parts if part))
    except ValueError:
        return None
