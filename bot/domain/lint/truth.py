"""Truth: every number, name, hedge and quotation of the post is the article's."""

import re
from collections.abc import Iterator

from bot.domain.lint.draft import Draft, found
from bot.domain.post import Finding, Level
from bot.domain.wording import Span

_NUMBERED = re.compile(r"\d{1,2}/\d{0,2}")


def facts_match(draft: Draft) -> Iterator[Finding]:
    """Rule 6: numbers (whatever way they are written), names and hedges occur in the article."""
    if draft.ground is None:
        return
    rule = "facts-match"
    for span in draft.ground.foreign_figures(draft.prose):
        yield found(rule, f"{span.why} Correct it.", at=span, level=_level(span))
    for span in draft.ground.foreign_names(draft.prose, draft.style.names):
        yield found(rule, f"{span.why} Correct it.", at=span, level=_level(span))
    for span in draft.ground.lost_hedges(draft.prose):
        yield found(rule, span.why, at=span)
    for part in map(_without_links, draft.content.parts):
        for span in (*draft.ground.foreign_figures(part), *draft.ground.foreign_names(part)):
            yield found(rule, f"In a following part: {span.why}", level=_level(span))
    strange = draft.ground.unseen(draft.prose)
    if strange:
        message = f"Not in the article: {', '.join(strange[:5])}. Check these words."
        yield found(rule, message, level=Level.WARN)


def quotes_exact(draft: Draft) -> Iterator[Finding]:
    """Rule 7: what stands between quotation marks is in the article, word for word."""
    if draft.ground is None:
        return
    for span in draft.ground.foreign_quotations(draft.prose):
        yield found("quotes-exact", f"{span.why} Quote exactly, or take the marks off.", at=span)


def _level(span: Span) -> Level:
    return Level.BLOCK if span.sure else Level.WARN


def _without_links(part: str) -> str:
    """Leave out what the house adds: a thread's numbers, links and tags."""
    words = [word for word in part.split() if "://" not in word and not word.startswith("#")]
    return " ".join(words[1:] if words and _NUMBERED.fullmatch(words[0]) else words)
