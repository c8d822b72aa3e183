"""The start of a long post that followers see before they tap "more"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of shown text.

    Attributes:
        kind: "text", "link", "hashtag" or "mention".
        href: where it leads, "" for nowhere.
    """

    kind: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """How much of a post shows on one kind of screen.

    Attributes:
        characters: the most.
        lines: the most; a line holds `characters / lines`.
    """

    characters: int
    lines: int

    def start(self, segments: Sequence[Segment]) -> tuple[Segment, ...] | None:
        """Return what shows before the fold, None where everything does."""
        text = "".join(segment.text for segment in segments)
        room = self._room(text)
        if room >= len(text.rstrip()):
            return None
        kept: list[Segment] = []
        for segment in segments:
            piece = segment.text[:room]
            room -= len(piece)
            if piece:
                kept.append(replace(segment, text=piece))
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
        return tuple(kept)

    def _room(self, text: str) -> int:
        width = self.characters // self.lines
        lines_left = self.lines
        room = 0
        for line in text.splitlines(keepends=True):
            needed = max(1, -(-len(line.rstrip("\n")) // width))
            if needed >= lines_left:
                room += min(len(line), lines_left * width)
                break
            lines_left -= needed
            room += len(line)
        return room
