"""Truth: every number, name, hedge and quotation of the post is the article's."""

from collections.abc import Iterator

from bot.domain.lint.draft import Draft, found
from bot.domain.post import Finding, Level


def facts_match(draft: Draft) -> Iterator[Finding]:
    """Rule 6: numbers (whatever way they are written), names and hedges occur in the article."""
    if draft.ground is None:
        return
    rule, texts = "facts-match", [draft.prose]
    for span in draft.ground.foreign_figures(draft.prose):
        yield found(
            rule, f"{span.why} Correct it.", at=span, level=Level.BLOCK if span.sure else Level.WARN
        )
    for span in draft.ground.foreign_names(draft.prose, draft.style.names):
        yield found(
            rule, f"{span.why} Correct it.", at=span, level=Level.BLOCK if span.sure else Level.WARN
        )
    for span in draft.ground.lost_hedges(draft.prose):
        yield found(rule, span.why, at=span)
    for part in draft.content.parts:
        texts.append(part)
        if any(True for _ in draft.ground.foreign_figures(_without_links(part))):
            yield found(rule, "A following part has a number the article does not have.")
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


def _without_links(part: str) -> str:
    return " ".join(word for word in part.split() if "://" not in word and not word.startswith("#"))
