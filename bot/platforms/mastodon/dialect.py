"""How Mastodon counts a post: characters, a link as 23, a mention without its server."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bot.domain.ports import Entity, Measure
from bot.platforms.mastodon.settings import Settings

#: What any link counts (Mastodon, Posting toots: links).
_LINK = 23

_ENTITY = re.compile(
    r"(?P<url>https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?'’)\]])"
    r"|(?<![\w/])(?P<mention>@[A-Za-z0-9_]+(?:@[A-Za-z0-9.-]+[A-Za-z0-9])?)"
    r"|(?<![\w/])(?P<hashtag>#\w*[^\W\d]\w*)"
)


def make(settings: Settings) -> "MastodonDialect":
    """Return the dialect for an account with these settings."""
    return MastodonDialect(limit=settings.limit, web_url=settings.web)


@dataclass(frozen=True, slots=True, kw_only=True)
class MastodonDialect:
    """Implements `bot.domain.ports.Dialect`."""

    limit: int = 500
    web_url: str = "https://mastodon.social"
    name: str = "mastodon"
    card_size: tuple[int, int] = (1200, 675)
    documents: bool = False

    def measure(self, text: str) -> Measure:
        """Count `text` as Mastodon does; code points, which never counts less than it does."""
        entities = tuple(
            Entity(kind=str(found.lastgroup), text=found[0], start=found.start(), end=found.end())
            for found in _ENTITY.finditer(text)
        )
        length = len(unicodedata.normalize("NFC", text))
        for entity in entities:
            if entity.kind == "url":
                length += _LINK - len(unicodedata.normalize("NFC", entity.text))
            elif entity.kind == "mention":
                length -= len(entity.text) - len(entity.text[1:].partition("@")[0]) - 1
        return Measure(
            length=length,
            limit=self.limit,
            valid=0 < length <= self.limit and bool(text.strip()) and _encodable(text),
            wire_text=text,
            wire_length=length,
            entities=entities,
        )

    def composer(self, text: str) -> str:
        """Return the server's share page with this text in it."""
        return f"{self.web_url}/share?text={quote(text, safe='')}"

    def remote_id(self, address: str) -> str:
        """Return the number in the address of a post on this server."""
        parts = urlsplit(address)
        found = re.search(r"/@[\w.@-]+/([0-9]{1,20})$", parts.path.rstrip("/"))
        return found[1] if found and parts.hostname == urlsplit(self.web_url).hostname else ""


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
