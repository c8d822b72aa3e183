"""How X counts a post and what it turns into links, mentions and tags."""

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlsplit

from bot.domain.ports import Measure
from bot.platforms.x.text.entities import entities
from bot.platforms.x.text.parsing import measure
from bot.platforms.x.text.urls import urls
from bot.platforms.x.text.weights import Configuration, composed

#: X shows one picture at 16:9; this size is served without scaling (media best practices).
CARD_SIZE = (1200, 675)


class HasLimit(Protocol):
    """The one setting the dialect needs."""

    @property
    def limit(self) -> int:
        """The most a post may weigh: 280, or 25,000 for a Premium account."""
        ...


@dataclass(frozen=True, slots=True)
class XDialect:
    """X's way of counting (twitter-text configuration v3, "Counting characters" in X's docs)."""

    configuration: Configuration
    name: str = "x"
    card_size: tuple[int, int] = CARD_SIZE
    web_url: str = "https://x.com"
    documents: bool = False

    @property
    def limit(self) -> int:
        """The most a post may weigh."""
        return self.configuration.limit

    def measure(self, text: str) -> Measure:
        """Count `text` as X does.

        X counts the text in NFC, a link as 23 and an emoji as 2. What is sent is what was
        approved, so `wire_text` is `text` itself, whatever its form; entities are found in it
        as it stands. A blank text and half a surrogate pair are not valid: X takes neither.
        """
        links = urls(text)
        counted = composed(text)
        length, valid = measure(
            counted, links if counted is text else urls(counted), self.configuration
        )
        return Measure(
            length=length,
            limit=self.configuration.limit,
            valid=valid and not text.isspace(),
            wire_text=text,
            wire_length=length,
            entities=tuple(entities(text, links)),
        )

    def composer(self, text: str) -> str:
        """Return X's post intent (docs.x.com, Web intents)."""
        return f"{self.web_url}/intent/post?text={quote(text, safe='')}"

    def remote_id(self, address: str) -> str:
        """Return the number in a post's address."""
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
        ours = {"x.com", "twitter.com", urlsplit(self.web_url).hostname}
        found = re.search(r"/status/([0-9]{1,19})(?:/|$)", parts.path)
        return found[1] if found and host in ours else ""


def make(settings: HasLimit) -> XDialect:
    """Return the dialect for an account with these settings."""
    web_url = str(getattr(settings, "web_url", "https://x.com"))
    return XDialect(Configuration(limit=settings.limit), web_url=web_url)
