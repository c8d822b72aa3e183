"""Addresses as sources write them to addresses a reader can open."""

from urllib.parse import urljoin

from w3lib.url import safe_url_string

from bot.domain.errors import ContentError
from bot.domain.links import canonical


def absolute(address: str | None, base: str = "") -> str:
    """Return an address of the web, absolute and readable; "" where it is none."""
    if not address or not address.strip():
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
