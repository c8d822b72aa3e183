"""The article of any page, without what is around it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import lxml.html

from bot.markup.text import plain

#: Elements of a page beyond which looking for its article would take seconds; news pages have
#: a few thousand.
LARGEST = 8_000

#: Links of a page beyond which counting them, again and again, would.
MOST_LINKS = 2_000

#: Trafilatura's names of what begins a new run of text, and what stands behind others.
_BLOCKS = {"p", "head", "list", "item", "quote", "code", "table", "row", "div", "lb"}
_BETWEEN = {"cell": " "}


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
    runs = [_Run()]
    _walk(body, runs)
    lines = [(run.heading, line) for run in runs if (line := plain("".join(run.words)))]
    # Headings without text of their own are the page's headline, or those of other articles.
    first = next((i for i, (heading, _) in enumerate(lines) if not heading), len(lines))
    last = next((i for i, (heading, _) in enumerate(reversed(lines)) if not heading), len(lines))
    return tuple(line for _, line in lines[max(first - 1, 0) : len(lines) - last])


@dataclass(frozen=True, slots=True)
class _Run:
    heading: bool = False
    words: list[str] = field(default_factory=list)


def _walk(element: lxml.html.HtmlElement, runs: list[_Run]) -> None:
    """Add the text below an element; every block, and every line of one, is a run of its own."""
    opens = element.tag in _BLOCKS
    if opens:
        runs.append(_Run(heading=element.tag == "head"))
    runs[-1].words.append(element.text or "")
    for child in element:
        _walk(child, runs)
    if opens:
        runs.append(_Run())
    runs[-1].words.extend((_BETWEEN.get(element.tag, ""), element.tail or ""))
