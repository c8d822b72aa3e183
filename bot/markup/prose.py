"""The article of any page, without what is around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import lxml.html

from bot.markup.text import plain

#: Elements of a page beyond which looking for its article would take seconds; news pages have
#: a few thousand.
LARGEST = 8_000

#: Links of a page beyond which counting them, again and again, would.
MOST_LINKS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What trafilatura finds.

    Attributes:
        body: paragraphs without subheadings.
        date: a day as YYYY-MM-DD, "" where there is none.
    """

    title: str = ""
    author: str = ""
    date: str = ""
    dek: str = ""
    body: tuple[str, ...] = ()


def prose(root: lxml.html.HtmlElement, url: str) -> Prose:
    """Return the article of a page; empty where there is none. The root may be changed."""
    import trafilatura  # noqa: PLC0415 -- 0.4 s that a feed saves

    if _many(root.iter(), LARGEST) or _many(root.iter("a"), MOST_LINKS):
        return Prose()
    found = trafilatura.bare_extraction(
        root,
        url=url or None,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": True},
    )
    if found is None or isinstance(found, dict):
        return Prose()
    return Prose(
        title=plain(found.title),
        author=plain(found.author).replace("; ", ", "),
        date=found.date or "",
        dek=plain(found.description),
        body=_paragraphs(found.body, found.text or ""),
    )


def _many(found: Iterable[object], most: int) -> bool:
    return next(islice(found, most, None), None) is not None


def _paragraphs(body: lxml.html.HtmlElement | None, text: str) -> tuple[str, ...]:
    if body is None:
        return tuple(p for line in text.splitlines() if (p := plain(line)))
    runs = (
        plain("".join(e.itertext()))
        for e in body.iter("p", "item", "quote", "row", "code")
        if not any(a.tag in ("p", "item", "quote", "row", "code") for a in e.iterancestors())
    )
    return tuple(run for run in runs if run)
