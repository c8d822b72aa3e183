"""An article as the bot knows it, whatever format it came in."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime

#: The site cuts the slug part of an article id here ("2026-06-26-" + at most 80 characters).
SLUG_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLink:
    """One entry of the article's own "Sources" list."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an article.

    Attributes:
        url: absolute.
        width: pixels, None where the source does not say; as `height`.
        alt: what it shows, in words; "" where the source does not say.
    """

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One published story.

    Attributes:
        key: the identity of the story; the same story has the same key for ever.
        url: canonical address, without tracking parameters.
        title: the headline.
        dek: the standfirst, "" where the article has none.
        section: the site's section, "" where unknown.
        published_at: aware; None where the article does not say.
        updated_at: aware; when the source says it was changed last.
        body: paragraphs, in order, plain text.
        language: BCP 47 tag, "en" by default.
        image: the article's own picture, if it has one.
        revision: 1 at first sight; one more for every change of content.
        missing: names of the parts it does not have, such as "dek".
        findings: what an editor should know of how it was read.
    """

    key: str
    url: str
    title: str
    dek: str = ""
    section: str = ""
    author: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    body: tuple[str, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "en"
    image: Picture | None = None
    source: str = ""
    revision: int = 1
    missing: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Everything the article says, as one text: the ground on which a post stands."""
        return "\n\n".join(part for part in (self.title, self.dek, *self.body) if part)

    @property
    def content_hash(self) -> str:
        """A digest of what the article says; changes exactly when a reader would see a change."""
        said = [self.title, self.dek, self.section, *self.body]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def revised(self, newer: "Article") -> "Article":
        """Return `newer` as the next revision of this article."""
        return replace(newer, key=self.key, revision=self.revision + 1)


def slug(title: str) -> str:
    """Return the site's slug of a headline: ASCII letters and digits joined by hyphens.

    A headline in a script without ASCII letters gives a short digest, so that two
    different headlines of one day never share a key.
    """
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(words) < 3:
        return hashlib.sha256(title.encode()).hexdigest()[:16]
    return words[:SLUG_LENGTH].strip("-")


def article_key(published: date | None, title: str) -> str:
    """Return the house's article id: `YYYY-MM-DD-` and the slug; "undated-" without a day."""
    return f"{published:%Y-%m-%d}-{slug(title)}" if published else f"undated-{slug(title)}"
