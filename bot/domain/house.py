"""How the site's own article pages are written, whatever they were saved as.

A page reads, from the top: the nav ("Live · 7am IST · Daily"), the site's name and tagline, the
section, the headline, the dek, "Published 26 June 2026 · ID 2026-06-26-…", the paragraphs,
"Sources" with links, and the share links.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.article import SourceLink
from bot.domain.errors import SourceError

TAGLINE = "AI Intelligence Daily"

_PUBLISHED = re.compile(
    r"Published\s+(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]+)\s+(?P<year>\d{4})"
    r"(?:\s*·\s*ID\s+(?P<id>[a-z0-9][a-z0-9-]{0,119}))?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        start=1,
    )
}
_SHARE = re.compile(r"^Share on (X|LinkedIn)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the newsroom decides for all its pages.

    Attributes:
        article_url: address of an article, with {id}.
        edition: when the day's edition comes out, in `zone`; a page names only the day.
    """

    article_url: str
    zone: ZoneInfo
    edition: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text of a page, in reading order.

    Attributes:
        headline: the page marks it as its main heading.
        links: (text, address) of the links inside.
    """

    text: str
    headline: bool = False
    links: tuple[tuple[str, str], ...] = ()


def is_page(blocks: Sequence[Block]) -> bool:
    """Tell whether these blocks have the line "Published …" of the site's own pages."""
    return any(_PUBLISHED.search(block.text) for block in blocks)


def is_own(blocks: Sequence[Block], house: House, *, origin: str) -> bool:
    """Tell whether this is a page of the site; others, too, write "Published 18 November 2019".

    Args:
        blocks: what the page shows.
        house: whose site it is.
        origin: where it is from; a page that is not from the web is believed.
    """
    host = urlsplit(origin).hostname
    return any(
        host in (None, urlsplit(house.article_url).hostname)
        or line["id"]
        or any(block.text == TAGLINE for block in blocks)
        for shown in blocks
        if (line := _PUBLISHED.search(shown.text))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page of the site says.

    Attributes:
        id: the article's id, "" where the page does not name it.
        published: the edition of the day it names, in UTC.
    """

    id: str
    section: str
    title: str
    dek: str
    published: datetime
    body: tuple[str, ...]
    sources: tuple[SourceLink, ...]


def read_page(blocks: Sequence[Block], house: House, *, origin: str) -> Page:
    """Return what a page's blocks say.

    Raises:
        SourceError: there is no "Published …" line, so it is not a page of the site.
    """
    at, line = next(
        ((i, found) for i, block in enumerate(blocks) if (found := _PUBLISHED.search(block.text))),
        (0, None),
    )
    if line is None:
        raise SourceError(
            f'{origin}: no line "Published 26 June 2026 · ID …", so this is not an article page '
            "of the site; nothing was read."
        )
    section, title, dek = _head(blocks[:at])
    body, sources = body_and_sources(blocks[at + 1 :])
    return Page(
        id=line["id"] or "",
        section=section,
        title=title,
        dek=dek,
        published=_edition(_date(line, origin), house),
        body=body,
        sources=sources,
    )


def _head(blocks: Sequence[Block]) -> tuple[str, str, str]:
    """Section, headline and dek: what stands between the tagline and the Published line."""
    after = [i for i, b in enumerate(blocks) if b.text == TAGLINE]
    shown = list(blocks[after[-1] + 1 :] if after else blocks)
    marked = next((i for i, b in enumerate(shown) if b.headline), None)
    if marked is None:
        # Copied as text: the section stands alone above the headline, as one short line.
        has_section = len(shown) >= 2 and len(shown[0].text.split()) <= 3
        marked = 1 if has_section else 0
    section = shown[marked - 1].text if 0 < marked <= len(shown) else ""
    title = shown[marked].text if marked < len(shown) else ""
    return section, title, " ".join(b.text for b in shown[marked + 1 :])


def _date(line: re.Match[str], origin: str) -> date:
    month = _MONTHS.get(line["month"].lower())
    try:
        if month is None:
            raise ValueError(line["month"])  # noqa: TRY301
        return date(int(line["year"]), month, int(line["day"]))
    except ValueError as exc:
        raise SourceError(f"{origin}: {line[0]!r} is not a date; nothing was read.") from exc


def _edition(day: date, house: House) -> datetime:
    return datetime.combine(day, house.edition, house.zone).astimezone(UTC)


def body_and_sources(
    blocks: Sequence[Block],
) -> tuple[tuple[str, ...], tuple[SourceLink, ...]]:
    """Return the paragraphs and, below the heading "Sources", the links; share links end both."""
    body: list[str] = []
    sources: list[SourceLink] = []
    in_sources = False
    for block in blocks:
        if _SHARE.match(block.text):
            break
        if block.text == "Sources":
            in_sources = True
        elif in_sources:
            sources += [SourceLink(title=text or href, url=href) for text, href in block.links]
        else:
            body.append(block.text)
    return tuple(body), tuple(sources)
