"""What changed between two texts, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of text; `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


def changes(before: str, after: str) -> Sequence[Change]:
    """Return both texts as one, with what is gone and what is new marked."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change(kind="same", text="".join(old[a:b])))
            continue
        if b > a:
            found.append(Change(kind="gone", text="".join(old[a:b])))
        if d > c:
            found.append(Change(kind="new", text="".join(new[c:d])))
    return found
