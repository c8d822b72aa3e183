"""An article as data: a .json file, or Markdown with front matter of the same fields."""

import itertools
import re
from datetime import datetime
from typing import Annotated

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from bot.domain.article import Picture, SourceLink
from bot.domain.errors import IllFormed
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Item
from bot.markup import address, data
from bot.markup.charset import decode
from bot.markup.dates import moment
from bot.markup.text import plain

_MARKDOWN = MarkdownIt("commonmark")


KIND = "document"
SUFFIXES = (".json", ".md", ".markdown")
TYPES = ("application/json", "text/markdown")


class _Link(BaseModel):
    title: str = ""
    url: str


class _Image(BaseModel):
    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


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
    updated_at: datetime | None = None
    body: list[str] = Field(default_factory=list)
    language: str = "en"
    sources: list[_Link] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    image: _Image | None = None

    @field_validator("image", mode="before")
    @classmethod
    def _address_alone(cls, value: object) -> object:
        return ({"url": value} if value else None) if isinstance(value, str) else value


def accepts(document: Document, text: str) -> bool:
    """Tell whether this is an article as JSON, or Markdown."""
    if text.lstrip()[:1] == "{":
        found = data.peek(text)
        return isinstance(found, dict) and "title" in found and "body" in found
    return bool(_head(text)) or _is_markdown(document)


def _is_markdown(document: Document) -> bool:
    kind = document.content_type.partition(";")[0].strip().lower()
    return kind == "text/markdown" or document.url.lower().endswith((".md", ".markdown"))


def read(document: Document, house: House) -> FeedResult:
    """Return the article of a JSON document or of Markdown with front matter between two "---".

    The first heading is the headline where the front matter names none.

    Raises:
        SourceError: it cannot be read, or a field is not what it must be.
    """
    text = decode(document.content, document.content_type)
    markdown = _is_markdown(document) or bool(_head(text))
    fields = _markdown(text, document.url) if markdown else data.load(text, document.url)
    return FeedResult(kind=KIND, items=(_item(fields, house, document.url),))


def _markdown(text: str, origin: str) -> object:
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(_head(text))):
            raise ValueError("aliases")  # noqa: TRY301 -- a few of them unfold into gigabytes
        page = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise IllFormed(f"{origin}: its front matter cannot be read; nothing was read.") from exc
    headline, body = _prose(_MARKDOWN.parse(page.content))
    return {"title": headline, "body": body, **page.metadata}


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


def _item(value: object, house: House, origin: str) -> Item:
    try:
        document = _Document.model_validate(value)
    except (ValidationError, RecursionError) as exc:
        raise IllFormed(f"{origin}: {_first(exc)}; nothing was read.") from exc
    published = document.published_at and moment(document.published_at.isoformat(), house)
    updated = document.updated_at and moment(document.updated_at.isoformat(), house)
    return Item(
        guid=document.id or "",
        id=document.id or "",
        url=address.article(document.url),
        title=plain(document.title),
        dek=plain(document.dek),
        section=plain(document.section),
        author=plain(document.author),
        published=published.at if published else None,
        updated=updated.at if updated else None,
        body=tuple(said for p in document.body if (said := plain(p))),
        sources=tuple(
            SourceLink(title=plain(s.title) or s.url, url=s.url) for s in document.sources
        ),
        tags=tuple(map(plain, document.tags)),
        language=document.language,
        image=Picture(**document.image.model_dump()) if document.image else None,
        findings=(published.finding,) if published and published.finding else (),
    )


def _first(exc: ValidationError | RecursionError) -> str:
    if isinstance(exc, RecursionError):
        return "nested too deeply"
    error = exc.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in error["loc"]) or "the document"
    return f"{where}: {error['msg']}"
