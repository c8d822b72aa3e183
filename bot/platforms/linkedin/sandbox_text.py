"""How LinkedIn shows a commentary: its little-text format, read independently of our escaper.

Grammar: LinkedIn Marketing documentation, "little Text Format". What happens to text that breaks
it is not documented but has been seen on live posts: the post is taken and shown only up to the
first reserved character that is neither escaped nor part of an element.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.http.sandbox import Segment

RESERVED = frozenset("|{}@[]()<>#\\*_~")

_ESCAPED = r"(?:[^|{}@\[\]()<>#\\*_~]|\\[|{}@\[\]()<>#\\*_~])"
_TEMPLATE = re.compile(rf"\{{hashtag\|\\?[#＃]\|({_ESCAPED}+)\}}")
_HASHTAG = re.compile(r"#((?:\w(?<!_)|\\_)+)")
_MENTION = re.compile(rf"@(?:\[({_ESCAPED}+)\])?\((urn:li:[A-Za-z]+:[A-Za-z0-9_-]+)\)")
_UNESCAPE = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
_SHORT_LINK = 26
_LINK = re.compile(r"https?://[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LittleText:
    """A commentary as followers see it.

    Attributes:
        segments: what is shown.
        cut_at: the character at which LinkedIn stopped, "" where all is shown.
    """

    segments: tuple[Segment, ...]
    cut_at: str = ""

    @property
    def text(self) -> str:
        """The shown text."""
        return "".join(segment.text for segment in self.segments)


def read(commentary: str) -> LittleText:
    """Read a commentary the way LinkedIn does."""
    segments: list[Segment] = []
    plain = ""
    at = 0
    while at < len(commentary):
        char = commentary[at]
        if char not in RESERVED:
            plain += char
            at += 1
        elif escaped := _UNESCAPE.match(commentary, at):
            plain += escaped[1]
            at = escaped.end()
        elif element := _element(commentary, at):
            segments += [*_linked(plain), element[0]]
            plain = ""
            at = element[1]
        else:
            return LittleText(segments=(*segments, *_linked(plain)), cut_at=char)
    return LittleText(segments=(*segments, *_linked(plain)))


def plain(text: str) -> tuple[Segment, ...]:
    """Return a text that is no little text, such as a comment, as it is shown."""
    return tuple(_linked(text))


def _element(commentary: str, at: int) -> tuple[Segment, int] | None:
    if found := _TEMPLATE.match(commentary, at) or _HASHTAG.match(commentary, at):
        tag = _UNESCAPE.sub(r"\1", found[1])
        return Segment(kind="hashtag", text=f"#{tag}"), found.end()
    if found := _MENTION.match(commentary, at):
        name = _UNESCAPE.sub(r"\1", found[1] or found[2])
        return Segment(kind="mention", text=name), found.end()
    return None


def _linked(plain: str) -> list[Segment]:
    segments = []
    at = 0
    for link in _LINK.finditer(plain):
        url = link[0].rstrip(".,;:!?\"'…»”’")
        if link.start() > at:
            segments.append(Segment(kind="text", text=plain[at : link.start()]))
        segments.append(Segment(kind="link", text=url, href=url))
        at = link.start() + len(url)
    if plain[at:]:
        segments.append(Segment(kind="text", text=plain[at:]))
    return segments


def shortened(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the segments with links over 26 characters as LinkedIn shows them (Help a521889)."""
    return tuple(
        replace(segment, text=_lnkd_in(segment.text))
        if segment.kind == "link" and len(segment.text) > _SHORT_LINK
        else segment
        for segment in segments
    )


def site(href: str) -> str:
    """Return an address's host without `www.`, "" where it has none."""
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _lnkd_in(url: str) -> str:
    digest = hashlib.sha256(url.encode()).digest()
    return "https://lnkd.in/d" + base64.urlsafe_b64encode(digest).decode()[:7].replace("-", "x")
