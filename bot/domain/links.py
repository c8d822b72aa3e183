"""Addresses: one canonical form for an article, and the same address tagged for a platform."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from bot.domain.errors import ContentError

#: Parameters that say where a reader came from, never what the page is.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|li_fat_id|igshid|igsh"
    r"|mc_[ce]id|_hs(?:enc|mi)|ref_src|ref_url|s_cid|cmpid|at_\w+|amp",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """Return the one form of an article's address, without fragment or tracking parameters.

    Characters that end a link early on a platform or are reserved in LinkedIn's little text
    (space, parentheses, `~`, quotes) come out percent-encoded; an international domain name
    comes out in its ASCII form. Applying it twice changes nothing.

    Raises:
        ContentError: not a web address a reader could open.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError as error:
        raise ContentError(f"The article's address {url!r} cannot be read: {error}.") from error
    if parts.scheme.lower() not in _PORTS or not host:
        raise ContentError(f"The article's address {url!r} is not a web address (https://…).")
    if parts.username or parts.password:
        raise ContentError("The article's address carries a user name; it must be a public one.")
    scheme = parts.scheme.lower()
    netloc = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    kept = [pair for pair in _query(parts.query) if not _TRACKING.fullmatch(pair[0])]
    return urlunsplit((scheme, netloc, _path(parts.path) or "/", _encode(kept), ""))


def tagged(url: str, *, source: str, campaign: str = "", content: str = "") -> str:
    """Return the canonical address with each UTM parameter exactly once, lower case.

    Args:
        url: any form of the article's address; tags already in it are replaced.
        source: utm_source, the platform's name.
        campaign: utm_campaign, the house uses the day as YYYY-MM-DD; "" leaves it out.
        content: utm_content, the post's own short code, by which it can be found again.

    Raises:
        ContentError: as `canonical`.
    """
    clean = urlsplit(canonical(url))
    tags = {"source": source, "medium": "social", "campaign": campaign, "content": content}
    utm = [(f"utm_{name}", value.strip().lower()) for name, value in tags.items() if value.strip()]
    return urlunsplit(clean._replace(query=_encode([*_query(clean.query), *utm])))


def tags(url: str) -> dict[str, list[str]]:
    """Return the UTM parameters of an address, each with every value it has."""
    found: dict[str, list[str]] = {}
    for name, value in _query(urlsplit(url).query):
        if name.lower().startswith("utm_"):
            found.setdefault(name.lower(), []).append(value)
    return found


def _query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _encode(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, quote_via=quote, safe="").replace("~", "%7E")


def _path(path: str) -> str:
    # unquote first, so that an address that is already encoded is not encoded twice
    pieces = [
        quote(unquote(piece), safe="!$&+,;=:@").replace("~", "%7E") for piece in path.split("/")
    ]
    return "/".join(pieces)
