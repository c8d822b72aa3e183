"""Links in a text: what X wraps in t.co and counts as 23, with a scheme or without.

twitter-text finds them with one large regular expression that tries every start again and is
quadratic on "a.a.a…". Here the dots are the anchors: only a dot that is followed by a known
top-level domain can end a domain, so the text between two such places is never looked at.
The run of domain characters around such a dot is split into labels once; every possible start
in the run is then answered from that table.
"""

import re
from dataclasses import dataclass

from bot.platforms.x.text.characters import (
    CYRILLIC,
    DIRECTIONAL,
    INVALID,
    LATIN,
    PUNCTUATION,
    SPACES,
)
from bot.platforms.x.text.tlds import tld_end

#: js/src/extractUrlsWithIndices.js
MAX_URL_LENGTH = 4096
MAX_TCO_SLUG_LENGTH = 40
#: js/src/lib/idna.js
MAX_LABEL_LENGTH = 63

_NO_RUN = PUNCTUATION + SPACES + INVALID + DIRECTIONAL
_PATH = rf"a-zA-Z{CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN}"

_ANY_DOT = re.compile(r"\.")
_DOT = re.compile(r"\.(?=[0-9A-Za-z\x80-\U0010ffff])")
_RUN = re.compile(rf"[^{_NO_RUN}]*+")
_NO_RUN_SIGN = re.compile(f"[{_NO_RUN}]")
_PRECEDING = re.compile(rf"[^A-Za-z0-9@＠$#＃{INVALID}]")
_PORT = re.compile(r":[0-9]++")
# One nested level of parentheses: /Primer_(film), /We_Up_(Album_Version_(Edited))
_PATH_RUN = re.compile(
    rf"/(?:[{_PATH}]++|\((?:[{_PATH}]++|[{_PATH}]*+\([{_PATH}]++\)[{_PATH}]*+)\))*+"
)
_PATH_NEVER_LAST = "!*';:,.$%[]\u2013~@|&"
_QUERY_RUN = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
_QUERY_NEVER_LAST = "!?*'@();:+$%[].,~|"
_TCO = re.compile(r"[hH][tT][tT][pP][sS]?://[tT]\.[cC][oO]/([a-zA-Z0-9]++)")
_ASCII_DOMAIN = re.compile(rf"[-a-zA-Z0-9{LATIN}][-a-zA-Z0-9.{LATIN}]*+")
_PUNYCODE_DOTS = re.compile("[.\u3002\uff0e\uff61]")


@dataclass(frozen=True, slots=True)
class Url:
    """A link as it stands in a text: code point indices, end exclusive."""

    text: str
    start: int
    end: int


def urls(text: str) -> list[Url]:
    """Return the links of `text` in order (twitter-text extractUrlsWithIndices)."""
    found: list[Url] = []
    taken = 0
    dot = _DOT.search(text)
    while dot:
        position = dot.end()
        if dot.start() >= taken and tld_end(text, position):
            run = _Run(text, dot.start(), taken)
            taken = run.collect(found)
            position = max(run.end, taken)
        dot = _DOT.search(text, position)
    return found


class _Run:
    """Domain characters around one dot, split into labels.

    Attributes:
        end: where the run ends, exclusive.
    """

    __slots__ = ("_dots", "_ends", "_label", "_reach", "_start", "_taken", "_text", "end")

    def __init__(self, text: str, dot: int, taken: int) -> None:
        start = dot
        while start > taken and not _NO_RUN_SIGN.match(text, start - 1):
            start -= 1
        run = _RUN.match(text, dot)
        self.end = run.end() if run else dot
        self._text = text
        self._start = start
        self._taken = taken
        self._dots = [found.start() for found in _ANY_DOT.finditer(text, start, self.end)]
        self._ends = [tld_end(text, dot + 1) for dot in self._dots]
        self._reach = self._reachable()
        self._label = 0

    def _reachable(self) -> list[int]:
        """Return for each label the last dot a domain from there can end at, -1 for none.

        Counts dots, and looks only at whole labels behind the first: how a domain begins is
        left to `_domain_end`.
        """
        reach = [-1] * len(self._dots)
        for label in range(len(self._dots) - 2, -1, -1):
            behind = self._text[self._dots[label] + 1 : self._dots[label + 1]]
            if not behind or behind[0] in "-_" or behind[-1] in "-_":
                continue
            reach[label] = reach[label + 1]
            if reach[label] < 0 and self._ends[label + 1] and "_" not in behind:
                reach[label] = label + 1
        return reach

    def collect(self, found: list[Url]) -> int:
        """Add the links of this run to `found`; return up to where the text is used up."""
        taken = self._taken
        scheme = self._scheme()
        end = self._domain_end(self._start) if scheme >= 0 else 0
        if end:
            taken = self._finish(scheme, self._start, end, found)
            start = self._next_start(taken)
        elif self._may_begin(self._start):
            start = self._start
        else:
            start = self._next_start(self._start)
        while start >= 0:
            end = self._domain_end(start)
            if end:
                taken = self._finish(-1, start, end, found)
            start = self._next_start(taken if end else start)
        return taken

    def _may_begin(self, start: int) -> bool:
        """Whether a link may begin here: the sign before it is still free and is a fitting one."""
        before = start - 1
        return start == 0 or (
            before >= self._taken and _PRECEDING.match(self._text, before) is not None
        )

    def _next_start(self, after: int) -> int:
        before = _PRECEDING.search(self._text, after, self.end)
        return before.end() if before and before.end() < self.end else -1

    def _scheme(self) -> int:
        """Return where the http:// or https:// before the run begins, -1 where there is none."""
        if not self._text.endswith("://", 0, self._start):
            return -1
        for scheme in ("http://", "https://"):
            start = self._start - len(scheme)
            if start >= 0 and self._text[start : self._start].lower() == scheme:
                return start if self._may_begin(start) else -1
        return -1

    def _domain_end(self, start: int) -> int:
        """Return where the longest domain from `start` ends, 0 for none. Starts must ascend."""
        while self._label < len(self._dots) and self._dots[self._label] < start:
            self._label += 1
        if self._label == len(self._dots):
            return 0
        dot = self._dots[self._label]
        if dot == start or self._text[start] in "-_" or self._text[dot - 1] in "-_":
            return 0
        last = self._reach[self._label]
        if last >= 0:
            return self._ends[last]
        # Underscores are for subdomains only.
        return 0 if self._text.find("_", start, dot) >= 0 else self._ends[self._label]

    def _finish(self, scheme: int, domain: int, domain_end: int, found: list[Url]) -> int:
        """Take the link with all that follows its domain; return where it ends.

        A link that X refuses (too long, bad t.co) is used up all the same.
        """
        text = self._text
        path, end = _tail(text, domain_end)
        start = domain if scheme < 0 else scheme
        if not _is_sendable(text, start, domain, domain_end, end):
            return end
        if scheme < 0:
            if domain == 0 or text[domain - 1] not in "-_./":
                found.extend(_without_scheme(text, domain, domain_end, end if path else 0))
            return end
        tco = _TCO.match(text, start, end)
        if tco:
            if len(tco[1]) > MAX_TCO_SLUG_LENGTH:
                return end
            end_of_link = min(_query(text, tco.end()), end)
            found.append(Url(text[start:end_of_link], start, end_of_link))
            return end
        found.append(Url(text[start:end], start, end))
        return end


def _tail(text: str, start: int) -> tuple[bool, int]:
    """Return whether a path follows the domain, and where port, path and query end."""
    port = _PORT.match(text, start)
    end = port.end() if port else start
    run = _PATH_RUN.match(text, end)
    if run:
        slash = end
        end = slash + 1 + len(text[slash + 1 : run.end()].rstrip(_PATH_NEVER_LAST))
    return run is not None, _query(text, end)


def _query(text: str, start: int) -> int:
    run = _QUERY_RUN.match(text, start)
    if not run:
        return start
    return start + len(run[0].rstrip(_QUERY_NEVER_LAST))


def _is_sendable(text: str, start: int, domain: int, domain_end: int, end: int) -> bool:
    """Whether X takes it: labels of at most 63 in punycode, 4,096 in all, scheme counted in."""
    scheme = domain - start or len("https://")
    if scheme + end - start > MAX_URL_LENGTH:
        return False
    host = text[domain:domain_end]
    if host.startswith("xn--") and not _without_scheme(text, domain, domain_end, 0):
        return False
    return all(_label_fits(label) for label in host.split("."))


def _label_fits(label: str) -> bool:
    if len(label) > MAX_LABEL_LENGTH or label.isascii():
        return 0 < len(label) <= MAX_LABEL_LENGTH
    parts = [
        part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii")
        for part in _PUNYCODE_DOTS.split(label)
    ]
    return len(".".join(parts)) <= MAX_LABEL_LENGTH


def _without_scheme(text: str, start: int, end: int, tail_end: int) -> list[Url]:
    """Return the ASCII (and Latin) domains inside a domain: without a scheme only they count.

    What follows the domain (up to `tail_end`, 0 for nothing) belongs to the last of them.
    """
    found = []
    for run in _ASCII_DOMAIN.finditer(text, start, end):
        dot = text.rfind(".", run.start() + 1, run.end())
        while dot >= 0:
            domain_end = tld_end(text, dot + 1)
            if domain_end:
                found.append(Url(text[run.start() : domain_end], run.start(), domain_end))
                break
            dot = text.rfind(".", run.start() + 1, dot)
    if tail_end and found and found[-1].end == end:
        found[-1] = Url(text[found[-1].start : tail_end], found[-1].start, tail_end)
    return found
