"""Text as people should read it: entities, mojibake, tags and hidden characters gone."""

import re

import ftfy
import lxml.html
from lxml.etree import ParserError

from bot.domain.text import clean

# Only what is broken is mended: how a newsroom sets its quotation marks, ligatures and full-width
# letters is its own affair.
_MEND = ftfy.TextFixerConfig(
    unescape_html=True,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    explain=False,
)
#: Characters of one line beyond which nobody reads on, and mending takes seconds.
_LONGEST = 100_000

#: Characters of one line beyond which its tags are cut off unread; nested ones take 100 MB to read.
_LONGEST_MARKUP = 20_000

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--")


def plain(text: str | None) -> str:
    """Return one line of plain text: entities resolved, mojibake mended, spaces single."""
    if not text:
        return ""
    return " ".join(clean(ftfy.fix_text(text[:_LONGEST], _MEND)).split())


def untagged(markup: str | None) -> str:
    """Return the text of a line that may hold HTML, such as a headline in a feed."""
    if not markup:
        return ""
    markup = markup[:_LONGEST]
    # Escaped twice, as many systems do, tags show up only after the first unescaping.
    unescaped = ftfy.fix_text(markup, _MEND) if "&lt;" in markup else markup
    if not _TAG.search(unescaped):
        return plain(unescaped)
    if len(unescaped) > _LONGEST_MARKUP:
        return plain(_TAG.sub(" ", unescaped))
    try:
        root = lxml.html.fragment_fromstring(unescaped, create_parent="div")
    except (ParserError, ValueError):
        return plain(_TAG.sub(" ", unescaped))
    return plain(str(root.text_content()))
