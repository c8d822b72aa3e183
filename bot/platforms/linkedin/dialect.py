"""How LinkedIn counts, escapes and shows text."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.ports import Entity, Measure
from bot.platforms.linkedin.little_text import HASHTAG, URL, commentary
from bot.platforms.linkedin.settings import Settings


def make(settings: Settings) -> "LinkedInDialect":
    """Return the dialect as configured."""
    return LinkedInDialect(
        limit=settings.limit,
        hashtag_style=settings.hashtag_style,
        url_policy=settings.url_policy,
    )


@dataclass(frozen=True)
class LinkedInDialect:
    """Implements `bot.domain.ports.Dialect`.

    Length is in UTF-16 code units: LinkedIn's composer counts emoji as two. Whether the
    backslashes of the escaping count is not documented, so both texts have to fit.
    """

    limit: int = 3000
    hashtag_style: Literal["template", "plain"] = "template"
    url_policy: Literal["escape", "leave"] = "escape"
    name: str = "linkedin"
    card_size: tuple[int, int] = (1200, 627)

    def measure(self, text: str) -> Measure:
        """Count `text` as LinkedIn does."""
        wire = commentary(text, hashtags=self.hashtag_style, urls=self.url_policy)
        length, wire_length = _units(text), _units(wire)
        return Measure(
            length=length,
            limit=self.limit,
            valid=bool(text.strip()) and max(length, wire_length) <= self.limit,
            wire_text=wire,
            wire_length=wire_length,
            entities=tuple(_entities(text)),
        )


def _units(text: str) -> int:
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def _entities(text: str) -> list[Entity]:
    urls = [
        Entity(kind="url", text=found[0], start=found.start(), end=found.end())
        for found in URL.finditer(text)
    ]
    tags = [
        Entity(kind="hashtag", text=found[0], start=found.start(), end=found.end())
        for found in HASHTAG.finditer(text)
        if not any(url.start <= found.start() < url.end for url in urls)
    ]
    return sorted(urls + tags, key=lambda entity: entity.start)
