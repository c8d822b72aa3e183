"""Shared by the composing tests: articles from files, and simple dialects."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.article import Article, SourceLink
from bot.domain.ports import Entity, Measure

DATA = Path(__file__).parents[2] / "data" / "articles"
_URL = re.compile(
    r"https?://\S+|\b[A-Za-z0-9-]+\.(?:ai|com|org|net|io|py|co|in|it|md)\b(?!\w)", re.IGNORECASE
)
_TAG = re.compile(r"#[^\W\d_]\w*")
_AT = re.compile(r"(?<!\w)@\w+")


def read(path: Path) -> Article:
    said = json.loads(path.read_text(encoding="utf-8"))
    when = said.get("published_at")
    return Article(
        key=said["id"],
        url=said["url"],
        title=said["title"],
        dek=said.get("dek", ""),
        section=said.get("section", ""),
        published_at=datetime.fromisoformat(when) if when else None,
        body=tuple(said["body"]),
        language=said.get("language", "en"),
        sources=tuple(SourceLink(**source) for source in said.get("sources", [])),
        image=said.get("image"),
    )


def articles() -> dict[str, Article]:
    return {path.stem: read(path) for path in sorted(DATA.glob("*.json"))}


@dataclass(frozen=True)
class FakeDialect:
    """Counts a link as 23 where asked to, and everything else as one each."""

    name: str
    limit: int
    link: int | None = None
    card_size: tuple[int, int] = (1200, 675)

    def measure(self, text: str) -> Measure:
        found = [
            Entity(kind=kind, text=m[0], start=m.start(), end=m.end())
            for kind, pattern in (("url", _URL), ("hashtag", _TAG), ("mention", _AT))
            for m in pattern.finditer(text)
        ]
        urls = [entity for entity in found if entity.kind == "url"]
        tags = [e for e in found if not any(u.start <= e.start < u.end for u in urls if u is not e)]
        length = len(text)
        if self.link is not None:
            length += sum(self.link - len(url.text) for url in urls)
        return Measure(
            length=length,
            limit=self.limit,
            valid=0 < length <= self.limit,
            wire_text=text,
            wire_length=length,
            entities=tuple(sorted(tags, key=lambda e: e.start)),
        )


X = FakeDialect("x", 280, link=23)
LINKEDIN = FakeDialect("linkedin", 3000)
