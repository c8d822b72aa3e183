"""A share card: what it says, and the picture made of it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.post import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What a card says. Plain text: markup in it is shown, never run."""

    title: str
    dek: str = ""
    section: str = ""
    published: date | None = None
    language: str = "en"
    layout: str = "headline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A drawn card.

    Attributes:
        png: sRGB PNG without alpha; the same content gives the same bytes everywhere.
        sha256: of `png`; the card's name.
        width, height: pixels.
        alt_text: for readers who cannot see it.
        findings: what an editor should know about the picture.
    """

    png: bytes
    sha256: str
    width: int
    height: int
    layout: str
    alt_text: str
    findings: tuple[Finding, ...] = ()
