"""Links in a text: what X wraps in t.co and counts as 23, with a scheme or without.

Source: twitter-text 3.1, `js/src/extractUrlsWithIndices.js`.
"""

import re

from bot.domain.ports import Entity
from bot.platforms.x.text.characters import CYRILLIC, LATIN
from bot.platforms.x.text.domains import Domain, Run, next_dot, plain_domain
from bot.platforms.x.text.tlds import tld_end

#: The longest link X takes, and the longest name behind t.co/ (extractUrlsWithIndices).
MAX_URL_LENGTH = 4096
MAX_TCO_SLUG_LENGTH = 40
#: The longest label of a domain, in punycode (lib/idna, after RFC 3490).
MAX_LABEL_LENGTH = 63

_IN_PATH = rf"a-zA-Z{CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN}"
# Parentheses with one more pair inside: /Primer_(film), /We_Up_(Album_Version_(Edited))
_PATH = re.compile(
    rf"/(?:[{_IN_PATH}]++"
    rf"|\((?:[{_IN_PATH}]++|[{_IN_PATH}]*+\([{_IN_PATH}]++\)[{_IN_PATH}]*+)\))*+"
)
_NEVER_LAST_IN_PATH = "!*';:,.$%[]\u2013~@|&"
_QUERY = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
_NEVER_LAST_IN_QUERY = "!?*'@();:+$%[].,~|"
_PORT = re.compile(r":[0-9]++")
_TCO = re.compile(r"[hH][tT][tT][pP][sS]?://[tT]\.[cC][oO]/([a-zA-Z0-9]++)")
_ASCII_DOMAIN = re.compile(rf"[-a-zA-Z0-9{LATIN}][-a-zA-Z0-9.{LATIN}]*+")
_PUNYCODE_DOTS = re.compile("[.\u3002\uff0e\uff61]")


def urls(text: str) -> list[Entity]:
    """Return the links of `text` in order."""
    found: list[Entity] = []
    taken = 0
    dot = next_dot(text, 0)
    while dot >= 0:
        domain = plain_domain(text, dot, taken)
        if domain:
            taken = position = _take(text, domain, found)
        else:
            run = Run(text, dot, taken)
            while domain := run.next_domain(taken):
                taken = _take(text, domain, found)
            position = max(run.end, taken)
        dot = next_dot(text, position)
    return found


def _take(text: str, domain: Domain, found: list[Entity]) -> int:
    """Add the link with this domain to `found`; return up to where it uses the text up.

    A link that X refuses (too long, bad t.co) is used up all the same.
    """
    path_end, end = _tail(text, domain.end)
    if not _is_sendable(text, domain, end):
        return end
    if domain.link == domain.start:
        if domain.start == 0 or text[domain.start - 1] not in "-_./":
            found += _without_scheme(text, domain, end if path_end else 0)
        return end
    link_end = end
    tco = _TCO.match(text, domain.link, end)
    if tco:
        if len(tco[1]) > MAX_TCO_SLUG_LENGTH:
            return end
        link_end = min(_query_end(text, tco.end()), end)
    found.append(_link(text, domain.link, link_end))
    return end


def _link(text: str, start: int, end: int) -> Entity:
    return Entity(kind="url", text=text[start:end], start=start, end=end)


def _tail(text: str, start: int) -> tuple[int, int]:
    """Return where the path ends (0: there is none) and where port, path and query end."""
    if text[start : start + 1] not in {":", "/", "?"}:
        return 0, start
    port = _PORT.match(text, start)
    end = port.end() if port else start
    path = _PATH.match(text, end)
    if path:
        end += 1 + len(path[0][1:].rstrip(_NEVER_LAST_IN_PATH))
    return end if path else 0, _query_end(text, end)


def _query_end(text: str, start: int) -> int:
    query = _QUERY.match(text, start)
    return start + len(query[0].rstrip(_NEVER_LAST_IN_QUERY)) if query else start


def _is_sendable(text: str, domain: Domain, end: int) -> bool:
    """Whether X takes it: labels of at most 63, 4,096 in all with the scheme counted again."""
    scheme = domain.start - domain.link or len("https://")
    if scheme + end - domain.link > MAX_URL_LENGTH:
        return False
    host = text[domain.start : domain.end]
    if host.startswith("xn--") and not _without_scheme(text, domain, 0):
        return False
    if domain.plain and len(host) <= MAX_LABEL_LENGTH:
        return True
    return all(_label_fits(label) for label in host.split("."))


def _label_fits(label: str) -> bool:
    if len(label) > MAX_LABEL_LENGTH or label.isascii():
        return 0 < len(label) <= MAX_LABEL_LENGTH
    parts = [
        part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii")
        for part in _PUNYCODE_DOTS.split(label)
    ]
    return len(".".join(parts)) <= MAX_LABEL_LENGTH


def _without_scheme(text: str, domain: Domain, tail_end: int) -> list[Entity]:
    """Return the ASCII (and Latin) domains inside a domain: without a scheme only they count.

    What follows the domain (up to `tail_end`, 0 for nothing) belongs to the last of them.
    """
    if domain.plain:
        return [_link(text, domain.start, tail_end or domain.end)]
    found = []
    for run in _ASCII_DOMAIN.finditer(text, domain.start, domain.end):
        start = run.start()
        dot = text.rfind(".", start + 1, run.end())
        while dot >= 0:
            end = tld_end(text, dot + 1)
            if end:
                found.append(
                    _link(text, start, tail_end if tail_end and end == domain.end else end)
                )
                break
            dot = text.rfind(".", start + 1, dot)
    return found
