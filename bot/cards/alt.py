"""What a card says to readers who cannot see it."""

import re

from bot.cards.words import sentences
from bot.domain.card import CardContent

#: Long enough to say something, short enough to be read out; the meaning comes first.
ALT_MIN, ALT_MAX = 20, 250

_KINDS = {
    "number": "Number card",
    "quote": "Quote card",
    "picture": "Photo card",
    "carousel": "Document",
}


def alt_text(content: CardContent, said: dict[str, str], date: str) -> str:
    """Return what the card says, then what it shows, in 20 to 250 characters.

    Args:
        content: what the card was drawn from, cleaned.
        said: the words on the card by role.
        date: as it stands on the card.
    """
    shows = _shows(content, said, date)
    parts = _says(content, said)
    room = ALT_MAX - len(shows) - 1
    text = _within(parts[0], room)
    for part in parts[1:]:
        if len(text) + 1 + len(part) <= room:
            text = f"{text} {part}"
    return f"{text} {shows}"


def _says(content: CardContent, said: dict[str, str]) -> list[str]:
    title = _stopped(content.title)
    if content.layout == "quote":
        return [_stopped(f"{content.speaker}: “{content.quote}”"), title]
    if content.layout == "number":
        return list(dict.fromkeys((title, _stopped(_counted(content)))))
    if content.layout == "carousel":
        return [title, *map(_stopped, content.facts)]
    if content.layout == "picture" and content.picture_alt:
        return [title, _stopped(content.picture_alt)]
    return [title, *sentences(said.get("dek", ""), content.language)]


def _counted(content: CardContent) -> str:
    """Return figure and label, but a label that is a sentence with the figure in it as it is."""
    digits = re.search(r"[\d.,]*\d", content.figure)
    within = digits is not None and digits[0] in content.figure_label
    return content.figure_label if within else f"{content.figure} {content.figure_label}"


def _shows(content: CardContent, said: dict[str, str], date: str) -> str:
    """Return what kind of picture it is, whose and of which day.

    The kind is said in English only: a word of another language than the card's would be read
    out in the wrong voice.
    """
    name = said.get("name", "")
    if content.language.lower().startswith("en"):
        kind = _KINDS.get(content.layout, "Headline card")
        name = f"{kind} of {name}" if name else kind
    return f"{', '.join(part for part in (name, date) if part)}."


def _stopped(text: str) -> str:
    return text if text[-1:] in ".?!…।。؟！？”" else f"{text}."


def _within(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    if " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:–—-") + "…"
