"""Domains in a text: the part of a link that decides whether there is a link at all.

twitter-text finds them with one large regular expression that tries every start again and is
quadratic on "a.a.a…". Here the dots are the anchors: only a dot followed by a known top-level
domain can end a domain, so text without such a dot is never looked at. The run of domain
characters around such a dot is split into labels once, and every possible start in the run is
then answered from that table.
"""

import re
from typing import NamedTuple

from bot.platforms.x.text.characters import DIRECTIONAL, INVALID, PUNCTUATION, SPACES
from bot.platforms.x.text.tlds import tld_end

_NEVER_IN_RUN = PUNCTUATION + SPACES + INVALID + DIRECTIONAL
_RUN = re.compile(f"[^{_NEVER_IN_RUN}]*+")
_RUN_BREAK = re.compile(f"[{_NEVER_IN_RUN}]")
_USUAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_ANY_DOT = re.compile(r"\.")
# A dot and a letter or digit, ASCII or not.
_DOT = re.compile(r"\.(?=[^\x00-/:-@\[-`{-\x7f])")
# validUrlPrecedingChars; at the start of a text nothing need precede.
_PRECEDING = re.compile(rf"[^A-Za-z0-9@＠$#＃{INVALID}]")
_PLAIN = re.compile(r"(?:[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+\.)++(?=[A-Za-z])")


class Domain(NamedTuple):
    """Where a domain lies.

    Attributes:
        link: where its scheme begins; equal to `start` where it has none.
        plain: ASCII letters, digits and hyphens only.
    """

    link: int
    start: int
    end: int
    plain: bool = False


class Run:
    """The domain characters around one dot, split into labels.

    Attributes:
        end: where the run ends, exclusive.
    """

    __slots__ = ("_dots", "_ends", "_label", "_next", "_reach", "_start", "_text", "end")

    def __init__(self, text: str, dot: int, taken: int) -> None:
        start = run_start(text, dot, taken)
        run = _RUN.match(text, dot)
        self.end = run.end() if run else dot
        self._text = text
        self._start = start
        self._next = -1
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

    def next_domain(self, taken: int) -> Domain | None:
        """Return the next domain that begins behind `taken`, the end of the link before."""
        if self._next < 0:
            link = scheme_start(self._text, self._start, taken)
            end = self._domain_end(self._start) if link >= 0 else 0
            self._next = self._start + 1
            if end:
                return Domain(link, self._start, end)
            start = self._first_start(taken)
        else:
            start = self._start_behind(max(self._next - 1, taken))
        while start >= 0:
            self._next = start + 1
            end = self._domain_end(start)
            if end:
                return Domain(start, start, end)
            start = self._start_behind(start)
        return None

    def _first_start(self, taken: int) -> int:
        if self._start == 0 and self.end > 1 and _PRECEDING.match(self._text):
            # At the very beginning X tries the second sign first: "école.fr" is é + a link.
            return 1 if self._domain_end(1) else 0
        if may_begin(self._text, self._start, taken):
            return self._start
        return self._start_behind(max(self._start, taken))

    def _start_behind(self, after: int) -> int:
        before = _PRECEDING.search(self._text, after, self.end)
        return before.end() if before and before.end() < self.end else -1

    def _domain_end(self, start: int) -> int:
        """Return where the longest domain from `start` ends, 0 for none. Starts must ascend."""
        while self._label < len(self._dots) and self._dots[self._label] < start:
            self._label += 1
        if self._label == len(self._dots):
            return 0
        dot = self._dots[self._label]
        if self._text[start] in "-_." or self._text[dot - 1] in "-_":
            return 0
        last = self._reach[self._label]
        if last >= 0:
            return self._ends[last]
        # Underscores are for subdomains only.
        return 0 if self._text.find("_", start, dot) >= 0 else self._ends[self._label]


def next_dot(text: str, position: int) -> int:
    """Return the next dot at which a domain may end, -1 for none."""
    for dot in _DOT.finditer(text, position):
        if tld_end(text, dot.end()):
            return dot.start()
    return -1


def plain_domain(text: str, dot: int, taken: int) -> Domain | None:
    """Return the domain around `dot` if it has the usual shape, such as www.example.co.uk.

    A short cut: `Run` would find the same. None means that `Run` has to look.
    """
    start = run_start(text, dot, taken)
    labels = _PLAIN.match(text, start)
    if not labels:
        return None
    end = tld_end(text, labels.end())
    if not end or (end < len(text) and not _RUN_BREAK.match(text, end)):
        return None
    link = scheme_start(text, start, taken)
    if link < 0:
        link = start
        if not may_begin(text, start, taken):
            return None
    return Domain(link, start, end, plain=True)


def run_start(text: str, dot: int, taken: int) -> int:
    """Return where the domain characters before `dot` begin, not before `taken`."""
    start = dot
    while start > taken and (text[start - 1] in _USUAL or not _RUN_BREAK.match(text, start - 1)):
        start -= 1
    return start


def may_begin(text: str, start: int, taken: int) -> bool:
    """Whether a link may begin here: the sign before it is still free and a fitting one."""
    return start == 0 or (start > taken and _PRECEDING.match(text, start - 1) is not None)


def scheme_start(text: str, start: int, taken: int) -> int:
    """Return where the http:// or https:// before a domain begins, -1 where there is none."""
    if not text.endswith("://", 0, start):
        return -1
    for scheme in ("http://", "https://"):
        link = start - len(scheme)
        if link >= 0 and text[link:start].lower() == scheme:
            return link if may_begin(text, link, taken) else -1
    return -1
