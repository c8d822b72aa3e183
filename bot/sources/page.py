"""An HTML page of the site."""

from collections.abc import Iterator

from lxml import html
from lxml.etree import ParserError

from bot.domain.article import Article
from bot.domain.errors import SourceError
from bot.domain.house import Block, House, read_page

#: Elements that begin a new run of text.
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol",
    "p", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "svg", "head", "button"}


def parse(text: str, house: House, *, origin: str) -> Article:
    """Return the article of a page. Raises SourceError."""
    try:
        root = html.document_fromstring(text)
    except (ParserError, ValueError) as exc:
        raise SourceError(f"{origin}: not an HTML page; nothing was read.") from exc
    canonical = next(
        (e.get("href", "") for e in root.iter("link") if e.get("rel") == "canonical"), ""
    )
    return read_page(
        list(_blocks(root)),
        house,
        origin=origin,
        url=canonical.strip() if canonical.strip().startswith(("http://", "https://")) else None,
        language=(root.get("lang") or "").strip(),
    )


def _blocks(root: html.HtmlElement) -> Iterator[Block]:
    for element in root.iter():
        if element.tag not in _BLOCKS or any(a.tag in _SILENT for a in element.iterancestors()):
            continue
        text = " ".join("".join(_own_text(element)).split())
        if text:
            links = tuple(
                (" ".join(a.text_content().split()), a.get("href", ""))
                for a in element.iter("a")
                if a.get("href", "").startswith(("http://", "https://"))
            )
            yield Block(text=text, headline=element.tag == "h1", links=links)


def _own_text(element: html.HtmlElement) -> Iterator[str]:
    """Yield the text of an element without that of the blocks inside it."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS | _SILENT:
            yield " " if child.tag == "br" else ""
            yield from _own_text(child)
        yield child.tail or ""
