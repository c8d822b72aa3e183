"""A page of the site as copied from a browser into a .txt file."""

import re

from bot.domain.house import TAGLINE, Block, House, is_page, read_page
from bot.domain.source import Document, FeedResult, Item
from bot.markup.charset import decode
from bot.markup.text import plain

KIND = "copied"
SUFFIXES = (".txt",)
TYPES = ("text/plain",)

#: Addresses of one run of text that are looked at; each comes with all the text around it.
MOST_LINKS = 50

_URL = re.compile(r"https?://\S+")
_ELEMENT = re.compile(r"\s*<[a-zA-Z!?]")


def accepts(_document: Document, text: str) -> bool:
    """Tell whether this is text, not markup, with the line "Published …"."""
    return not _ELEMENT.match(text) and is_page([Block(text=text)])


def read(document: Document, house: House) -> FeedResult:
    """Return the article of a copied page. Raises SourceError."""
    text = decode(document.content, document.content_type)
    blocks: list[Block] = []
    for run in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [plain(line) for line in run.splitlines() if line.strip()]
        if not lines:
            continue
        # The browser puts no blank line between the tagline and the section below it.
        if TAGLINE in lines:
            blocks += [_block(line) for line in lines]
        else:
            blocks.append(_block(" ".join(lines)))
    page = read_page([block for block in blocks if block.text], house, origin=document.url)
    item = Item(
        guid=page.id,
        id=page.id,
        section=page.section,
        title=page.title,
        dek=page.dek,
        published=page.published,
        body=page.body,
        sources=page.sources,
    )
    return FeedResult(kind=KIND, items=(item,))


def _block(text: str) -> Block:
    urls = _URL.findall(text)[:MOST_LINKS]
    links = tuple((text.replace(url, "").strip(" -–—:()"), url) for url in urls)
    return Block(text=text, links=links)
