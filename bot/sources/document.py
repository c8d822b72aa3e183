"""An article as data: a .json file, or Markdown with front matter of the same fields."""

import itertools
import json
import re
from datetime import UTC, datetime
from typing import Annotated

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.article import Article, Picture, SourceLink, article_key
from bot.domain.errors import SourceError
from bot.domain.house import House

_MARKDOWN = MarkdownIt("commonmark")


class _Link(BaseModel):
    title: str = ""
    url: str


class _Document(BaseModel):
    """{"id","url","title","dek","section","published_at","body","language","sources","image"}."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,120}$")] | None = None
    url: str | None = None
    title: str = ""
    dek: str = ""
    section: str = ""
    author: str = ""
    published_at: datetime | None = None
    body: list[str] = Field(default_factory=list)
    language: str = "en"
    sources: list[_Link] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    image: str | None = None


def parse_json(text: str, house: House, *, origin: str) -> Article:
    """Return the article of a JSON document. Raises SourceError."""
    try:
        return _article(json.loads(text), house, origin)
    except json.JSONDecodeError as exc:
        raise SourceError(
            f"{origin}, line {exc.lineno}: not JSON ({exc.msg}); nothing was read."
        ) from exc
    except RecursionError as exc:
        raise SourceError(f"{origin}: nested too deeply; nothing was read.") from exc


def parse_markdown(text: str, house: House, *, origin: str) -> Article:
    """Return the article of Markdown with front matter between two lines "---".

    The first heading is the headline where the front matter names none. Raises SourceError.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(_head(text))):
            raise ValueError("aliases")  # noqa: TRY301 -- a few of them unfold into gigabytes
        page = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise SourceError(f"{origin}: its front matter cannot be read; nothing was read.") from exc
    headline, body = _prose(_MARKDOWN.parse(page.content))
    return _article({"title": headline, "body": body, **page.metadata}, house, origin)


def _head(text: str) -> str:
    parts = re.split(r"^-{3,}[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    return parts[1] if len(parts) == 3 and not parts[0].strip() else ""


def _prose(tokens: list[Token]) -> tuple[str, list[str]]:
    """Return the first heading and the paragraphs as plain text; other headings are left out."""
    headings = [t for before, t in itertools.pairwise(tokens) if before.tag in _HEADINGS]
    texts = [t for t in tokens if t.type == "inline" and t not in headings]
    return next(map(_plain, headings), ""), [_plain(t) for t in texts]


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def _plain(token: Token) -> str:
    words = [" " if t.type.endswith("break") else t.content for t in token.children or []]
    return " ".join("".join(words).split())


def _article(value: object, house: House, origin: str) -> Article:
    try:
        document = _Document.model_validate(value)
    except (ValidationError, RecursionError) as exc:
        raise SourceError(f"{origin}: {_first(exc)}; nothing was read.") from exc
    published = document.published_at
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=house.zone)
    day = published.astimezone(house.zone).date() if published else None
    key = document.id or article_key(day, document.title)
    title, dek = document.title.strip(), document.dek.strip()
    body = tuple(p.strip() for p in document.body if p.strip())
    return Article(
        key=key,
        url=document.url or house.article_url.format(id=key),
        title=title,
        dek=dek,
        section=document.section.strip(),
        author=document.author.strip(),
        published_at=published and published.astimezone(UTC),
        body=body,
        sources=tuple(SourceLink(title=s.title or s.url, url=s.url) for s in document.sources),
        tags=tuple(document.tags),
        language=document.language or "en",
        image=Picture(url=document.image) if document.image else None,
        source=origin,
        missing=tuple(n for n, v in (("title", title), ("dek", dek), ("body", body)) if not v),
    )


def _first(exc: ValidationError | RecursionError) -> str:
    if isinstance(exc, RecursionError):
        return "nested too deeply"
    error = exc.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in error["loc"]) or "the document"
    return f"{where}: {error['msg']}"
