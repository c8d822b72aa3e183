"""A page of the site as copied from a browser into a .txt file."""

import re

from bot.domain.article import Article
from bot.domain.house import TAGLINE, Block, House, read_page

_URL = re.compile(r"https?://\S+")


def parse(text: str, house: House, *, origin: str) -> Article:
    """Return the article of a copied page. Raises SourceError."""
    blocks: list[Block] = []
    for run in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in run.splitlines() if line.strip()]
        if not lines:
            continue
        # The browser puts no blank line between the tagline and the section below it.
        if TAGLINE in lines:
            blocks += [_block(line) for line in lines]
        else:
            blocks.append(_block(" ".join(lines)))
    return read_page(blocks, house, origin=origin)


def _block(text: str) -> Block:
    links = tuple((text.replace(url, "").strip(" -–—:()"), url) for url in _URL.findall(text))
    return Block(text=text, links=links)
