"""Whether a feed shows an article whole or only its beginning, and what is around it."""

import re
from collections.abc import Sequence

from bot.domain.house import Block

#: Lines that systems put around every article of a feed.
_BOILERPLATE = re.compile(
    r"The post .{1,300} (?:first )?appeared (?:first )?on .{1,200}"
    r"|(?:Continue|Keep) reading\b.{0,200}|Read (?:more|the full (?:story|article))\b.{0,200}"
    r"|(?:Comments|Permalink|Advertisement|Submitted by .{1,80} \[link\] \[comments\])",
    re.IGNORECASE | re.DOTALL,
)
_CUT = re.compile(
    r"(?:\[?\s*(?:…|\.\.\.|&hellip;|&#8230;)\s*\]?|(?:continue|keep) reading\W*|read more\W*"
    r"|read the (?:full|rest)\b.{0,80})\s*(?:</\w+>\s*|→|»|&raquo;)*$",
    re.IGNORECASE,
)

_CAPTION = re.compile(r"\[caption\b[^\]]{0,500}\](.{0,5000}?)\[/caption\]", re.DOTALL)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[embed\][^\[\]]{0,500}\[/embed\]|\[(?:gallery|playlist|video|audio)\b[^\]]{0,500}\]"
)
_CALL = re.compile(
    r"(?:(?:continue|keep) reading|read (?:more|the (?:full|rest)\b.{0,80}))\W*$", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"\[?\s*(?:…|\.\.\.)\s*\]?\W*$")
_SENTENCES = re.compile(r".*[.!?।。！？](?=\s|$)", re.DOTALL)

#: Characters below which "whole sentences" are an abbreviation ("Dr.").
_SHORTEST = 30

#: Characters below which a text is a teaser, whatever it is called.
LEAST = 500


def without_shortcodes(markup: str) -> str:
    """Return HTML without what WordPress should have replaced; of a caption, its picture."""
    markup = _CAPTION.sub(lambda found: "".join(_IMAGE.findall(found[1])), markup)
    return _SHORTCODE.sub("", markup)


def without_boilerplate(shown: Sequence[Block]) -> list[Block]:
    """Return the runs of text without the lines that say where the rest is."""
    return [block for block in shown if not _BOILERPLATE.fullmatch(block.text)]


def teaser(text: str) -> str:
    """Return the whole sentences of an excerpt, without the call to read on; "" for none."""
    text = _CALL.sub("", text).strip()
    cut = _ELLIPSIS.search(text)
    if cut is None:
        return text
    whole = _SENTENCES.match(text[: cut.start()])
    return whole[0] if whole and len(whole[0]) >= _SHORTEST else ""


def is_whole_article(body: Sequence[str], *, markup: str) -> bool:
    """Tell whether these paragraphs are the whole article.

    They are not where they are short or end in "…" or "Read more". In doubt they are not: the
    page is then read, which costs one request; an excerpt taken for the whole costs the story.

    Args:
        body: the paragraphs.
        markup: what they were read from.
    """
    if sum(map(len, body)) < LEAST or not body:
        return False
    return not _CUT.search(markup.strip()[-300:]) and not _CUT.search(body[-1][-100:])
