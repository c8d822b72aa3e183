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

#: Characters of text, scripts aside, that no article has; looking for one in them takes 80 MB.
LONGEST = 400_000

#: Characters of one script beyond which it is an application's, and says nothing that is looked for.
LONGEST_SCRIPT = 100_000

#: Trafilatura's names of what begins a new run of text, and what stands behind others.
_BLOCKS = {"p", "head", "list", "item", "quote", "code", "table", "row", "div", "lb"}
_BETWEEN = {"cell": " "}

_CODE = {"script", "style", "noscript", "template"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What trafilatura finds.

    Attributes:
        body: paragraphs and the subheadings between them.
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
    from trafilatura.utils import line_processing, trim  # noqa: PLC0415

    if _many(root.iter(), LARGEST) or _many(root.iter("a"), MOST_LINKS):
        return Prose()
    size = sum(len(e.text or "") + len(e.tail or "") for e in root.iter() if e.tag not in _CODE)
    if size > LONGEST:
        return Prose()
    for script in root.iter("script"):
        if len(script.text or "") > LONGEST_SCRIPT:
            script.text = None
    found = trafilatura.bare_extraction(
        root,
        url=url or None,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": True},
    )
    # They keep a thousand runs of text each, and on a page that nobody wrote for readers every
    # run has megabytes.
    trim.cache_clear()
    line_processing.cache_clear()
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
