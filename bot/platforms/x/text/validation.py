"""Whether a whole string is a link, a user name, a list or a hashtag (twitter-text isValid…)."""

import re

from bot.platforms.x.text.characters import CYRILLIC
from bot.platforms.x.text.entities import extract_hashtags, extract_mentions, mentions_or_lists

_UNRESERVED = rf"a-zA-Z{CYRILLIC}0-9\-._~"
_SUB_DELIMITERS = "!$&'()*+,;="
_ENCODED = "%[0-9a-fA-F]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:|@]|{_ENCODED})"
_USER = rf"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:]|{_ENCODED})*+@"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])"
_EDGE = r"[^\x00-/:-@\[-`{-\x7f]"  # ASCII letters, digits and all beyond ASCII
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_INNER = r"[^\x00-,./:-@\[-`{-\x7f]"  # the same and "-"
_INNER_SUBDOMAIN = r"[^\x00-,./:-@\[-^`{-\x7f]"  # the same, "-" and "_"
_DOMAIN = (
    rf"(?:{_EDGE}(?:{_INNER_SUBDOMAIN}*{_EDGE})?\.)*"
    rf"{_EDGE}(?:{_INNER}*{_EDGE})?\."
    rf"{_LETTER}(?:{_INNER}*{_EDGE})?"
)
_HOST = rf"(?:{_OCTET}(?:\.{_OCTET}){{3}}|\[[a-fA-F0-9:.]+\]|{_DOMAIN})"
_AUTHORITY = re.compile(rf"(?:{_USER})?{_HOST}(?::[0-9]{{1,5}})?")
_PARTS = re.compile(r"(?:([^:/?#]+)://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?")
_PATH = re.compile(rf"(?:/{_PCHAR}*+)*+")
_QUERY = re.compile(rf"(?:{_PCHAR}|[/?])*+")


def is_valid_url(url: str, *, scheme_required: bool = True) -> bool:
    """Whether the whole string is an address that X accepts as a link (isValidUrl)."""
    parts = _PARTS.fullmatch(url)
    if not url or not parts:
        return False
    scheme, authority, path, query, fragment = parts.groups(default="")
    if scheme_required and scheme.lower() not in {"http", "https"}:
        return False
    return bool(
        _AUTHORITY.fullmatch(authority)
        and _PATH.fullmatch(path)
        and _QUERY.fullmatch(query)
        and _QUERY.fullmatch(fragment)
    )


def is_valid_username(name: str) -> bool:
    """Whether the whole string is one user name with its "@" (isValidUsername)."""
    return bool(name) and extract_mentions(name) == [name[1:]]


def is_valid_list(name: str) -> bool:
    """Whether the whole string is one list with its "@" (isValidList)."""
    found = mentions_or_lists(name)
    return [(who.start, who.end, bool(who.list_slug)) for who in found] == [(0, len(name), True)]


def is_valid_hashtag(tag: str) -> bool:
    """Whether the whole string is one hashtag with its sign (isValidHashtag)."""
    return bool(tag) and extract_hashtags(tag) == [tag[1:]]
