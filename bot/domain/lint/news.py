"""News: the hook carries some, the post has facts, and it is not the headline again."""

import re
from collections.abc import Iterator

from bot.domain import text, wording
from bot.domain.figures import figures
from bot.domain.lint.draft import Draft, found
from bot.domain.lint.shape import PHONE_FOLD
from bot.domain.post import Finding, Level

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|do|does|did|say|says|said"
    r"|\w{2,}ed|\w{2,}ing|[a-z]{2,}[^\Ws_u\d]s|\w+n['’]t|fell|rose|grew|won|lost|cut|put|set|let|hit|made|told|gave"
    r"|got|went|came|took|built|bought|sold|sent|spent|paid|led|left|kept|held|found|knew|saw|shut|split|wrote|began"
    r"|became|broke|chose|drew|fought|met|ran|spoke|stood|taught|thought)\b"
)
_WRONG_START = re.compile(
    r"^(?:new|read|breaking|just in|update|watch|exclusive)\s*[:!–—-]|^(?:read|click|check out|here(?:'|’)s)\b"
    r"|^(?:\d{4}-\d\d-\d\d|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{4}|(?:jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec)\w* \d{1,2}, \d{4})|^[#@]|^https?:|^[\u2600-\u27bf\U0001f1e6-\U0001faff]",
    re.IGNORECASE,
)


def hook_carries_news(draft: Draft) -> Iterator[Finding]:
    """Rule 4: the first 140 characters have a name or a number, and a verb; no throat-clearing."""
    rule, opening = "hook-carries-news", draft.text[:PHONE_FOLD]
    start = opening.lstrip()
    site = draft.style.site.casefold()
    if _WRONG_START.search(start) or (site and start.casefold().startswith(site)):
        yield found(
            rule,
            "The post opens with a label, a date, a tag or the site's name. Open with the news.",
            level=Level.WARN,
        )
    hook = draft.prose[:PHONE_FOLD]
    cased = any(c.lower() != c.upper() for c in hook)
    if not (
        figures(hook) or any(True for _ in wording.names(hook)) or (hook.strip() and not cased)
    ):
        yield found(
            rule,
            "The opening names nobody and counts nothing. Say who or how much.",
            level=Level.WARN,
        )
    if re.search(r"[A-Za-z]{3}", hook) and _is_english(draft) and not _VERB.search(hook):
        yield found(rule, "The opening has no verb: nothing happens in it.", level=Level.WARN)


def has_facts(draft: Draft) -> Iterator[Finding]:
    """Rule 5: a number, a name or a quotation of the article stands in the post; two in a long one.

    An article of one sentence has no second fact to give.
    """
    told = sum(len(wording.sentence_spans(p)) for p in draft.article.body) if draft.article else 2
    wanted = 1 if draft.is_short or told < 2 else 2
    have = sum(1 for sentence in draft.sentences if _has_fact(draft, sentence.text))
    if have < wanted:
        yield found(
            "has-facts", f"The post has {have} of {wanted} sentences with a fact.", level=Level.WARN
        )


def not_the_headline(draft: Draft) -> Iterator[Finding]:
    """Rule 8: followers read the headline on the card; the text must say something else."""
    headlines = {draft.card.title} if draft.card else set[str]()
    if draft.article:
        headlines.add(draft.article.title)
    for headline in headlines:
        if text.likeness(draft.prose, headline) >= 0.8:
            yield found(
                "not-the-headline",
                "The post only repeats the headline on the card.",
                level=Level.WARN,
            )
            return
        for sentence in draft.sentences:
            if text.likeness(sentence.text, headline) >= 0.8:
                message = "This sentence repeats the headline, which the card already shows."
                yield found("not-the-headline", message, at=sentence, level=Level.WARN)
                return


def _has_fact(draft: Draft, sentence: str) -> bool:
    if draft.ground is None:
        return bool(figures(sentence) or wording.names(sentence) or wording.quotations(sentence))
    amounts, foreign = figures(sentence), list(draft.ground.foreign_figures(sentence))
    if len(amounts) > len(foreign):
        return True
    names = [name for name in wording.names(sentence) if name.sure]
    if len(names) > sum(1 for _ in draft.ground.foreign_names(sentence)):
        return True
    if wording.quotations(sentence) and not any(
        True for _ in draft.ground.foreign_quotations(sentence)
    ):
        return True
    # a name that opens a sentence, or a script without capital letters
    return draft.ground.has_sentence(sentence) and (
        bool(wording.names(sentence)) or not sentence.isascii()
    )


def _is_english(draft: Draft) -> bool:
    return draft.article is None or draft.article.language.startswith("en")
