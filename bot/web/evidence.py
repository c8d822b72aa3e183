"""Which sentences and numbers of the article its posts stand on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain import text
from bot.domain.article import Article
from bot.domain.wording import sentence_spans

_NUMBER = re.compile(r"[$₹€£]?\d[\d,.]*\d|[$₹€£]?\d")
#: A sentence of the article with this share of its words in a post is where the post has it from.
_USED = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the article's text.

    Attributes:
        kind: "" plain, "used" (a post says it), or "number" (inside what a post says).
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph in runs; `part` is "title", "dek" or "body"."""

    part: str
    runs: Sequence[Run]


def marked(article: Article, posts: Iterable[str]) -> list[Paragraph]:
    """Return the article's paragraphs, what its posts use of them marked."""
    said = " ".join(" ".join(w for w in post.split() if "://" not in w) for post in posts)
    numbers = set(_NUMBER.findall(said))
    parts = [("title", article.title), ("dek", article.dek), *(("body", p) for p in article.body)]
    return [
        Paragraph(part=part, runs=list(_runs(words, said, numbers)))
        for part, words in parts
        if words
    ]


def _runs(words: str, said: str, numbers: set[str]) -> Iterator[Run]:
    at = 0
    for span in sentence_spans(words):
        if span.start > at:
            yield Run(text=words[at : span.start])
        at = span.end
        if text.covered(span.text, said) >= _USED:
            yield from _numbered(span.text, numbers)
        else:
            yield Run(text=span.text)
    if words[at:]:
        yield Run(text=words[at:])


def _numbered(sentence: str, numbers: set[str]) -> Iterator[Run]:
    at = 0
    for match in _NUMBER.finditer(sentence):
        if match[0] not in numbers:
            continue
        if match.start() > at:
            yield Run(text=sentence[at : match.start()], kind="used")
        yield Run(text=match[0], kind="number")
        at = match.end()
    if sentence[at:]:
        yield Run(text=sentence[at:], kind="used")
