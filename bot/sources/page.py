"""An HTML page: the site's own, any other with an article, or one that lists the site's articles."""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import lxml.html

from bot.domain.article import Picture, SourceLink
from bot.domain.errors import IllFormed, SourceError
from bot.domain.house import Block, House, is_own, read_page
from bot.domain.source import ELSEWHERE, GUESSED, Document, FeedResult, Item, id_in
from bot.domain.text import likeness
from bot.markup import address
from bot.markup.charset import decode
from bot.markup.dateline import dateline
from bot.markup.dates import Moment, moment
from bot.markup.html import blocks, first_picture, links, parse
from bot.markup.metadata import Facts, facts
from bot.markup.prose import Prose, prose
from bot.markup.text import plain, untagged
from bot.markup.xml import root_name

KIND = "page"
SUFFIXES = (".html", ".htm", ".xhtml")
TYPES = ("text/html", "application/xhtml+xml")

_ROOTS = {
    "html", "head", "body", "title", "meta", "link", "base", "script", "style", "h1", "h2", "p",
    "div", "article", "main", "section", "header", "nav", "span", "a", "table", "center",
}  # fmt: skip

#: Characters below which what is found on a page that does not call itself an article is none.
LEAST = 250

#: Characters below which a run of text is a button or a label.
SHORT = 40

#: How far the day in an address may be from the moment that the page states; zones are not known.
NEAR = timedelta(hours=48)

DAY = timedelta(hours=24)

#: Characters of running text for each link to an article that a page of links does not have.
BETWEEN = 400

_SOURCES = re.compile(r"(?:Sources?|References|Quellen|स्रोत)\s*:?", re.IGNORECASE)


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is HTML, whatever the server calls it."""
    return root_name(text) in _ROOTS


def read(document: Document, house: House) -> FeedResult:
    """Return the article of a page, or what a front page of the site links to.

    The site's own structure is believed first, then JSON-LD, microdata and OpenGraph, and the
    text itself where they are silent.

    Raises:
        IllFormed: there is no HTML in it.
        SourceError: there is no article in it.
    """
    root = parse(decode(document.content, document.content_type))
    if root is None:
        raise IllFormed(f"{document.url}: not an HTML page; nothing was read.")
    page = _Page(root, document.url, house)
    if is_own(page.shown, house, origin=document.url):
        return FeedResult(kind=KIND, items=(page.of_the_house(),))
    if not any(one.article for one in page.facts) and (listed := page.listed()):
        return FeedResult(kind=KIND, items=listed, title=plain(root.findtext(".//title")))
    return FeedResult(kind=KIND, items=(page.of_anyone(),))


class _Page:
    """One page and what it says of itself."""

    def __init__(self, root: lxml.html.HtmlElement, url: str, house: House) -> None:
        self.root, self.url, self.house = root, url, house
        base = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
        self.base = address.absolute(base, url) or url
        self.shown: list[Block] = blocks(root, self.base)
        self.facts: list[Facts] = facts(root, self.base)

    def one(self, name: str) -> str:
        """Return the first thing that any vocabulary says."""
        return next((str(v) for fact in self.facts if (v := getattr(fact, name))), "")

    def of_the_house(self) -> Item:
        page = read_page(self.shown, self.house, origin=self.url)
        updated = moment(self.one("updated"), self.house)
        stated = moment(self.one("published"), self.house)
        same_day = stated.at and abs((stated.at - page.published).total_seconds()) < 86_400
        return Item(
            guid=page.id,
            id=page.id,
            url=self.canonical(),
            title=page.title,
            dek=page.dek,
            section=page.section,
            author=self.one("author"),
            # The page shows a day; where its metadata has the time of that day, that is better.
            published=stated.at if same_day and not stated.finding else page.published,
            updated=updated.at,
            language=self.language(),
            image=self.image(),
            body=page.body,
            sources=page.sources,
            tags=self.tags(),
        )

    def of_anyone(self) -> Item:
        language, image, canonical = self.language(), self.image(), self.canonical()
        sources = self.sources()
        headings = [block.text for block in self.shown if block.headline]
        says_so = self.says_so()
        shown = moment(
            dateline(self.root, self.one("title") or next(iter(headings), "")), self.house
        )
        found = prose(self.root, self.url)  # last: it takes the page apart
        title = _title([self.one("title"), found.title], headings)
        body = _below(title, _body(found, self.one("body")) or self.marked())
        if not title and not body:
            raise SourceError(f"{self.url}: no article was found on this page; nothing was read.")
        if not says_so and sum(map(len, body)) < LEAST:
            raise SourceError(
                f"{self.url}: this page neither says that it is an article nor reads like one; "
                "nothing was read."
            )
        published = self.published(found, shown)
        dek = self.one("dek") or found.dek
        return Item(
            url=canonical,
            title=title,
            dek="" if body and body[0].startswith(dek.rstrip("….")) else dek,
            section=self.one("section"),
            author=self.one("author") or found.author,
            published=published.at,
            updated=moment(self.one("updated"), self.house).at,
            language=language,
            image=image,
            body=body,
            sources=sources,
            tags=self.tags(),
            findings=tuple(
                said for said in (published.finding, _elsewhere(canonical, self.url)) if said
            ),
        )

    def says_so(self) -> bool:
        """Tell whether the page says that it is one article."""
        marked = any(fact.article for fact in self.facts)
        return marked or sum(1 for _ in self.root.iter("article")) == 1

    def marked(self) -> tuple[str, ...]:
        """Return the paragraphs of what the page marks as its article."""
        body = next(iter(self.root.iter("article", "main")), None)
        if body is None:
            return ()
        return tuple(one.text for one in blocks(body, self.base) if len(one.text) >= SHORT)

    def published(self, found: Prose, shown: Moment) -> Moment:
        """Return when it was published: as stated, as its address says, or as its text does."""
        stated = [m for f in self.facts if (m := moment(f.published, self.house)) != Moment()]
        told = sorted((m for m in stated if m.at), key=lambda m: bool(m.finding))
        if day := address.day(self.url):
            named = moment(day.isoformat(), self.house)
            for one in told:
                if one.at and named.at and abs(one.at - named.at) < NEAR:
                    return one
            # What was published later than its address says was moved, or brought up to date.
            if named.at and all(one.at and one.at > named.at for one in told):
                return Moment(named.at, f"The date is the one in its address: {day}.")
        if told:
            # Of dates that contradict each other, the one that readers see.
            return next((one for one in told if _same_day(one, shown)), told[0])
        if shown.at:
            return Moment(shown.at, GUESSED)
        # The first of January is what is guessed where a text only names a year.
        if not found.date or found.date.endswith("-01-01"):
            return stated[0] if stated else Moment()
        return Moment(moment(found.date, self.house).at, GUESSED)

    def listed(self) -> tuple[Item, ...]:
        """Return the articles of the site that this page links to."""
        items: dict[str, Item] = {}
        for text, href in links(self.root, self.base):
            key, url = id_in(href), address.article(href)
            if key and text and url and urlsplit(url).hostname == urlsplit(self.base).hostname:
                item = Item(guid=key, id=key, url=url, title=text, complete=False)
                known = items.get(key)
                items[key] = item if known is None or len(text) > len(known.title) else known
        told = sum(len(b.text) for b in self.shown if not b.links and len(b.text) >= LEAST / 2)
        links_only = len(items) > 1 and told < BETWEEN * len(items)
        return tuple(items.values()) if links_only and not id_in(self.base) else ()

    def canonical(self) -> str:
        named = next(
            (e.get("href") for e in self.root.iter("link") if e.get("rel") == "canonical"), None
        )
        own = address.article(self.url)
        for candidate in (named, self.one("url")):
            url = address.article(candidate, self.base)
            # A canonical address that is the front page is a well-known slip of systems.
            if url and (urlsplit(url).path.strip("/") or not urlsplit(own).path.strip("/")):
                return url
        return own

    def language(self) -> str:
        written = plain(self.root.get("lang") or self.root.get("xml:lang"))
        return written[:35] or self.one("language")

    def image(self) -> Picture | None:
        stated = next((fact.image for fact in self.facts if fact.image), None)
        body = next(iter(self.root.iter("article", "main")), None)
        if stated is None:
            return first_picture(body, self.base) if body is not None else None
        alike = [f.image for f in self.facts if f.image and f.image.url == stated.url]
        alt = stated.alt or next((p.alt for p in alike if p.alt), "") or self.alt(stated.url)
        sized = next((p for p in alike if p.width and p.height), stated)
        return Picture(url=stated.url, width=sized.width, height=sized.height, alt=alt)

    def alt(self, url: str) -> str:
        """Return the alt text that the page itself gives this picture."""
        name = urlsplit(url).path.rpartition("/")[2]
        images = (i for i in self.root.iter("img") if name and name in (i.get("src") or ""))
        return next((alt for i in images if (alt := plain(i.get("alt")))), "")

    def tags(self) -> tuple[str, ...]:
        return next((fact.tags for fact in self.facts if fact.tags), ())

    def sources(self) -> tuple[SourceLink, ...]:
        """Return what the page cites: in its metadata, or in the list below "Sources"."""
        stated = next((fact.sources for fact in self.facts if fact.sources), ())
        if stated:
            return tuple(SourceLink(title=title, url=url) for title, url in stated)
        at = next((i for i, b in enumerate(self.shown) if _SOURCES.fullmatch(b.text)), None)
        found: list[SourceLink] = []
        for block in self.shown[at + 1 :] if at is not None else []:
            if not block.links:
                break
            found += [SourceLink(title=text or href, url=href) for text, href in block.links]
        return tuple(found)


def _elsewhere(address: str, own: str) -> str:
    """Return what is to be said where two addresses are of different sites; "" else."""
    sites = {".".join((urlsplit(one).hostname or "").split(".")[-2:]) for one in (address, own)}
    return ELSEWHERE if len(sites - {""}) > 1 else ""


def _same_day(one: Moment, other: Moment) -> bool:
    """Whether two moments are less than a day apart; the zone of one shown is seldom known."""
    return bool(one.at and other.at and abs(one.at - other.at) < DAY)


def _body(found: Prose, stated: str) -> tuple[str, ...]:
    """Return the paragraphs; the stated text where the page itself shows far less of it."""
    length = sum(map(len, found.body))
    if len(stated) < 2 * length or len(stated) < LEAST:
        return found.body
    marked = re.sub(r"</p>|<br\s*/?>", "\n", stated, flags=re.IGNORECASE)
    return tuple(p for line in re.split(r"\n+", marked) if (p := untagged(line)))


def _below(title: str, body: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paragraphs below the headline, where it was taken for one of them."""
    same = [i for i, line in enumerate(body[:3]) if line.casefold() == title.casefold()]
    return body[same[-1] + 1 :] if same else body


def _title(stated: Sequence[str], headings: Sequence[str]) -> str:
    """Return the headline that readers see: the heading that what is stated agrees with."""
    named = [title for title in stated if title]
    for title in named:
        for heading in headings:
            if heading and (
                heading.casefold() in title.casefold() or likeness(heading, title) > 0.7
            ):
                return heading
    return named[0] if named else next(iter(headings), "")
