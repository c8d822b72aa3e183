"""How LinkedIn counts, escapes and shows text."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from bot.domain.ports import Entity, Measure
from bot.platforms.linkedin.little_text import HashtagStyle, UrlPolicy, commentary, parts, unescape
from bot.platforms.linkedin.settings import Settings


def make(settings: Settings) -> "LinkedInDialect":
    """Return the dialect as configured."""
    return LinkedInDialect(
        limit=settings.limit,
        hashtag_style=settings.hashtag_style,
        url_policy=settings.url_policy,
        web_url=settings.web_url,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedInDialect:
    """Implements `bot.domain.ports.Dialect`.

    Length is in UTF-16 code units: LinkedIn's composer counts emoji as two. Whether the
    backslashes of the escaping count is not documented, so both texts have to fit.
    """

    limit: int = 3000
    hashtag_style: HashtagStyle = "template"
    url_policy: UrlPolicy = "escape"
    name: str = "linkedin"
    card_size: tuple[int, int] = (1200, 627)
    web_url: str = "https://www.linkedin.com"
    documents: bool = True

    def measure(self, text: str) -> Measure:
        """Count `text` as LinkedIn does."""
        wire = commentary(text, hashtags=self.hashtag_style, urls=self.url_policy)
        length, wire_length = _units(unescape(wire)), _units(wire)
        fits = max(length, wire_length) <= self.limit
        return Measure(
            length=length,
            limit=self.limit,
            valid=fits and bool(text.strip()) and _encodable(text),
            wire_text=wire,
            wire_length=wire_length,
            entities=tuple(
                Entity(kind=part.kind, text=part.text, start=part.start, end=part.end)
                for part in parts(text)
                if part.kind != "text"
            ),
        )

    def composer(self, text: str) -> str:
        """Return LinkedIn's composer; what it takes over is not documented, so the text is shown too."""
        return f"{self.web_url}/feed/?shareActive=true&text={quote(text, safe='')}"

    def remote_id(self, address: str) -> str:
        """Return the URN in a post's address: as it is, or of the number behind its words."""
        parts = urlsplit(unquote(address))
        host = (parts.hostname or "").removeprefix("www.")
        if host not in {"linkedin.com", urlsplit(self.web_url).hostname}:
            return ""
        urn = re.search(r"urn:li:(?:share|ugcPost|activity):[0-9]{5,25}", parts.path)
        if urn:
            return urn[0]
        named = re.search(r"-(share|ugcPost|activity)-([0-9]{5,25})-", f"{parts.path}-")
        return f"urn:li:{named[1]}:{named[2]}" if named else ""


def _units(text: str) -> int:
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def _encodable(text: str) -> bool:
    """Whether the text has no half of a surrogate pair, which no request can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
