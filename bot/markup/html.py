"""HTML to paragraphs: what a reader sees, in reading order."""

from collections.abc import Iterator

import lxml.html
from lxml.etree import ParserError, XMLSyntaxError

from bot.domain.article import Picture
from bot.domain.house import Block
from bot.markup.address import absolute
from bot.markup.text import plain

#: Elements that begin a new run of text.
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip
#: Elements whose text no reader sees as text.
SILENT = {
    "script", "style", "template", "noscript", "svg", "head", "button", "form", "iframe", "object",
    "math", "select", "textarea", "title", "figcaption",
}  # fmt: skip

_SLANTED = {"small", "em", "i"}

#: Stands for a line break until the run is one line; no text has it.
_BREAK = "\v"
_BLANK = " \t\r\n\f\u00a0"

#: No article is nested deeper; what is, is an attack on whoever walks it.
DEEPEST = 200


def parse(markup: str) -> lxml.html.HtmlElement | None:
    """Return the root of a page or of a piece of one; None where there is nothing in it."""
    # Comments go: what looks for an article takes the text behind one for no part of the paragraph.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # An XML declaration would overrule the encoding given here.
    text = markup.encode("utf-8", "replace")
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except (ParserError, XMLSyntaxError, ValueError):
        return None
    return root if isinstance(root, lxml.html.HtmlElement) else None


def blocks(root: lxml.html.HtmlElement, base: str = "") -> list[Block]:
    """Return the runs of text below an element, in reading order, with the links in them."""
    found: list[_Run] = []
    _walk(root, _Run(), found, base, 0)
    return [
        Block(text=text, headline=run.tag == "h1", links=tuple(run.links))
        for run in found
        if (text := plain("".join(run.words)))
    ]


def _is_caption(element: lxml.html.HtmlElement) -> bool:
    """Tell whether an element is what is written below a picture, where it is not marked so.

    That is WordPress's own class, or a paragraph of a picture and small or slanted words alone.
    """
    if "caption-text" in (element.get("class") or ""):
        return True
    if element.tag != "p" or next(element.iter("img"), None) is None:
        return False
    plainly = [element.text, *(child.tail for child in element)]
    plainly += [str(child.text_content()) for child in element if child.tag not in _SLANTED]
    return not any((words or "").strip() for words in plainly)


class _Run:
    def __init__(self, tag: str = "") -> None:
        self.tag = tag
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []


def _walk(
    element: lxml.html.HtmlElement, run: _Run, found: list[_Run], base: str, depth: int
) -> _Run:
    """Add the text of an element; return the run that text after it belongs to."""
    if not isinstance(element.tag, str) or element.tag in SILENT or depth > DEEPEST:
        return run
    if _is_caption(element):
        return run
    opens = element.tag in _BLOCKS
    if opens or not found:
        run = _begin(element.tag, found)
    run.words.append(element.text or "")
    if element.tag == "br":
        if "".join(run.words[-4:]).rstrip(_BLANK).endswith(_BREAK):  # two of them end a paragraph
            run = _begin(run.tag, found)
        run.words.append(f" {_BREAK}")
    for child in element:
        run = _walk(child, run, found, base, depth + 1)
        run.words.append(child.tail or "")
    if element.tag == "a" and (href := absolute(element.get("href"), base)):
        run.links.append((plain(str(element.text_content())), href))
    return _begin("", found) if opens else run


def _begin(tag: str, found: list[_Run]) -> _Run:
    found.append(_Run(tag))
    return found[-1]


def links(root: lxml.html.HtmlElement, base: str = "") -> Iterator[tuple[str, str]]:
    """Yield the text and the address of every link."""
    for anchor in root.iter("a"):
        if href := absolute(anchor.get("href"), base):
            yield plain(str(anchor.text_content())), href


def first_picture(root: lxml.html.HtmlElement, base: str = "") -> Picture | None:
    """Return the first picture that is not a tracking pixel."""
    return next(_pictures(root, base), None)


def _pictures(root: lxml.html.HtmlElement, base: str) -> Iterator[Picture]:
    for image in root.iter("img"):
        url = absolute(image.get("src") or image.get("data-src"), base)
        width, height = pixels(image.get("width")), pixels(image.get("height"))
        if url and (width is None or width > 2) and (height is None or height > 2):
            yield Picture(url=url, width=width, height=height, alt=plain(image.get("alt")))


def pixels(written: object) -> int | None:
    """Return a width or height in pixels; None where it is none."""
    digits = str(written or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < len(digits) < 6 else None
