r"""LinkedIn's little text: the escaping of `commentary`, and of nothing else.

Source of the rules: LinkedIn, "little Text Format" (Posts API). An unescaped reserved character is
accepted with 201 and cuts the shown post there, so every one is escaped. Comments, article
titles, descriptions and alt texts are not little text.

Round trips: `unescape(escape(text)) == text` for every text. `unescape(commentary(text))` is what
readers see: `text` with LF line ends and with parentheses and `~` in its links percent-encoded.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

RESERVED = r"|{}@[]()<>#\*_~"

HashtagStyle = Literal["template", "plain"]
UrlPolicy = Literal["escape", "leave"]

_ANY = re.escape(RESERVED)
_RESERVED = re.compile(f"[{_ANY}]")
#: The three things a reserved character may begin: an escape, a hashtag template, a mention.
_ELEMENT = re.compile(
    rf"\\(?P<sign>[{_ANY}])"
    r"|\{hashtag\|\\?[#＃]\|(?P<tag>(?:\\.|[^\\{}|])+)\}"
    r"|@\[(?P<name>(?:\\.|[^\\\[\]])+)\]\(urn:li:[A-Za-z]+:[A-Za-z0-9_-]+\)"
)
_PLAIN_TAG = re.compile(r"#(?=[^\W_]|\\_)")
_URL = re.compile(r"https?://[^\s<>\"“”]+")
_HASH = re.compile(r"(?<![^\s(\[«“\"'])#(?=\w)")

#: What stands in an address and would end it or the post: percent-encoded before all else.
_IN_URL = str.maketrans({"(": "%28", ")": "%29", "~": "%7E"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a visible text: "text", "url" or "hashtag"."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Index after the last character."""
        return self.start + len(self.text)


def escape(text: str) -> str:
    r"""Return `text` with a backslash before every reserved character."""
    return _RESERVED.sub(r"\\\g<0>", text)


def unescape(text: str) -> str:
    """Return the visible text of little text, hashtag templates and mentions included."""
    return _ELEMENT.sub(_visible, text)


def mention(name: str, urn: str) -> str:
    """Return a mention. `name` must be the organisation's exact full name, or it stays plain."""
    return f"@[{escape(name)}]({urn})"


def commentary(
    text: str, *, hashtags: HashtagStyle = "template", urls: UrlPolicy = "escape"
) -> str:
    """Return the visible text as it goes over the wire.

    Args:
        text: what readers shall see. CRLF and CR become LF.
        hashtags: how a hashtag is written; both are linked.
        urls: "leave" sends addresses as they are, which some publishers do against the rules.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_wire(part, hashtags, urls) for part in parts(text))


def parts(text: str) -> Iterator[Part]:
    """Yield the stretches of a visible text in order; together they are the text."""
    at = 0
    starts = sorted([*_URL.finditer(text), *_HASH.finditer(text)], key=lambda found: found.start())
    for found in starts:
        if found.start() < at:
            continue  # a hash sign inside an address
        kind = "url" if found.re is _URL else "hashtag"
        piece = _trimmed(found[0]) if kind == "url" else _tag(text, found.start())
        if not piece:
            continue
        if found.start() > at:
            yield Part("text", text[at : found.start()], at)
        yield Part(kind, piece, found.start())
        at = found.start() + len(piece)
    if at < len(text):
        yield Part("text", text[at:], at)


def stray(wire: str) -> int | None:
    """Return where LinkedIn would cut this text, None where it shows everything.

    It cuts at the first reserved character that begins neither an escape, a hashtag nor a mention.
    """
    at = 0
    while found := _RESERVED.search(wire, at):
        element = _ELEMENT.match(wire, found.start()) or _PLAIN_TAG.match(wire, found.start())
        if element is None:
            return found.start()
        at = element.end()
    return None


def _visible(element: re.Match[str]) -> str:
    if element["sign"]:
        return element["sign"]
    return f"#{unescape(element['tag'])}" if element["tag"] else unescape(element["name"])


def _wire(part: Part, hashtags: HashtagStyle, urls: UrlPolicy) -> str:
    if part.kind == "url":
        address = part.text.translate(_IN_URL)
        return escape(address) if urls == "escape" else address
    if part.kind == "hashtag":
        tag = escape(part.text[1:])
        return rf"{{hashtag|\#|{tag}}}" if hashtags == "template" else f"#{tag}"
    return escape(part.text)


def _trimmed(url: str) -> str:
    """Return an address without the punctuation of the sentence around it."""
    end = len(url)
    closed, opened = url.count(")"), url.count("(")
    while end:
        last = url[end - 1]
        if last == ")" and closed > opened:
            closed -= 1
        elif last not in "'.,;:!?]}’»…":
            break
        end -= 1
    return url[:end]


def _tag(text: str, start: int) -> str:
    """Return the hashtag that begins here, "" for a sign before a mere number.

    Vowel signs belong to the letter before them: without them #भारत would be cut in two.
    """
    end = start + 1
    while end < len(text) and _in_word(text[end]):
        end += 1
    tag = text[start:end]
    return tag if any(character.isalpha() for character in tag) else ""


def _in_word(character: str) -> bool:
    return (
        character.isalnum() or character == "_" or unicodedata.category(character) in {"Mn", "Mc"}
    )
