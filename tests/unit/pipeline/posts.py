"""Shared by the composing tests: articles from files, and the platforms' own dialects."""

import json
from datetime import datetime
from pathlib import Path

from bot import platforms
from bot.domain.article import Article, SourceLink

DATA = Path(__file__).parents[2] / "data" / "articles"
DIALECTS = {
    name: platforms.dialect(name, platforms.settings_class(name)()) for name in ("x", "linkedin")
}
X, LINKEDIN = DIALECTS["x"], DIALECTS["linkedin"]


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
        tags=tuple(said.get("tags", [])),
        image=said.get("image"),
    )


def articles() -> dict[str, Article]:
    return {path.stem: read(path) for path in sorted(DATA.glob("*.json"))}
