"""The date that a page shows its readers beside its headline."""

import re
from collections.abc import Iterator
from itertools import islice

import lxml.etree
import lxml.html

from bot.markup.html import SILENT
from bot.markup.text import plain

#: Runs of text below the headline, and above it, that a dateline is among.
_BELOW, _ABOVE = 14, 3

#: Characters of a run beyond which it is a paragraph, and what it dates is another thing.
_LONGEST = 120

#: Runs of a page that are looked at; a news page has a few thousand.
_MOST = 8_000

_MONTH = r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff]){2,11}\.?"
_DATE = re.compile(
    r"\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\s?\d{1,2}\.\s?|年\s?\d{1,2}月\s?)\d{1,2}日?"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}",
    re.IGNORECASE,
)
#: Tag, text, and the moment that a `time` states.
_Run = tuple[str, str, str]

_FAR = re.compile(r"[.!?]\s|\d")


def dateline(root: lxml.html.HtmlElement, title: str) -> str:
    """Return the date as the page writes it, of the run nearest to its headline; "" for none.

    Below the headline comes before above it. A run that says more than a label, a date and a
    name or two is a sentence of the article.
    """
    runs = list(islice(_runs(root), _MOST))
    named = [
        i for i, (tag, text, _) in enumerate(runs) if tag == "h1" and _same(plain(text), title)
    ]
    if not named:
        return ""
    at = named[-1]
    near = (*_head(runs[at + 1 : at + 1 + _BELOW]), *reversed(runs[max(at - _ABOVE, 0) : at]))
    return next((date for _, text, stated in near if (date := stated or _in(plain(text)))), "")


def _head(runs: list[_Run]) -> Iterator[_Run]:
    """Yield what is above the article's second paragraph: its first may be the dek."""
    long = 0
    for run in runs:
        long += len(run[1].strip()) > _LONGEST
        if long > 1:
            return
        yield run


def _same(heading: str, title: str) -> bool:
    heading, title = heading.casefold(), title.casefold()
    return bool(heading) and (heading in title or title in heading)


def _in(text: str) -> str:
    """Return the date of a dateline; "" where the text is none."""
    found = _DATE.search(text) if len(text) <= _LONGEST else None
    if found is None or _FAR.search(text[: found.start()]) or found.start() > _LONGEST / 3:
        return ""
    after = text[found.end() :].strip()
    # "The fair is on 13 March in Delhi" goes on in lower case; a dateline names a time or a name.
    goes_on = after[:1].islower() or after == "."
    return "" if found.start() and goes_on else found.group()


def _runs(root: lxml.html.HtmlElement) -> Iterator[_Run]:
    """Yield (tag, text, stated date) of every run of text, in reading order.

    A heading and a time are one run each, whatever is marked inside.
    """
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            found = ("", (element is not root and element.tail) or "", "")
        elif element.tag in SILENT:
            walk.skip_subtree()
            continue
        elif element.tag in ("h1", "time"):
            walk.skip_subtree()
            stated = element.get("datetime") or "" if element.tag == "time" else ""
            found = (element.tag, str(element.text_content()), stated.strip())
        else:
            found = (element.tag, element.text or "", "")
        if found[1].strip() or found[2]:
            yield found
