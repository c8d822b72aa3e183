"""The house's twenty rules for a post. Each is a small pure function; `check` asks them all."""

from collections.abc import Callable, Iterator

from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.lint import address, news, picture, safety, shape, tags, truth
from bot.domain.lint.draft import Draft, Record, Style
from bot.domain.ports import Dialect
from bot.domain.post import Content, Finding, Level

__all__ = ["RULES", "Record", "Style", "blocks", "check", "mend"]

#: Stable ids in their order, with the function that looks. Rule 18's legibility is reported by
#: the drawing of the card, under the same id; rule 20 also looks at the record.
RULES: dict[str, Callable[[Draft], Iterator[Finding]]] = {
    "fits": shape.fits,
    "whole-sentences": shape.whole_sentences,
    "hook-before-fold": shape.hook_before_fold,
    "hook-carries-news": news.hook_carries_news,
    "has-facts": news.has_facts,
    "facts-match": truth.facts_match,
    "quotes-exact": truth.quotes_exact,
    "not-the-headline": news.not_the_headline,
    "one-right-link": address.one_right_link,
    "no-accidental-links": address.no_accidental_links,
    "tracking-right": address.tracking_right,
    "few-hashtags": tags.few_hashtags,
    "readable-hashtags": tags.readable_hashtags,
    "known-mentions": tags.known_mentions,
    "escapes-once": tags.escapes_once,
    "plain-characters": shape.plain_characters,
    "calm-voice": shape.calm_voice,
    "card-legible": picture.card_says_something,
    "alt-text": picture.alt_text,
    "new-and-safe": lambda draft: safety.new_and_safe(draft, None),
}


def check(
    content: Content,
    *,
    dialect: Dialect,
    article: Article | None = None,
    card: CardContent | None = None,
    style: Style | None = None,
    record: Record | None = None,
) -> tuple[Finding, ...]:
    """Return everything an editor should know about a post, blocking findings first.

    Works on composed and on edited text alike.

    Args:
        content: the post as readers will see it.
        dialect: how its platform counts.
        article: what it must be true to; without one the rules about truth stay silent.
        card: what the card says; without one the article's own headline stands for it.
        style: what the house allows.
        record: the time and earlier posts; without one rule 20 only looks at the text.
    """
    draft = Draft(content, dialect, article, card, style or Style())
    findings: list[Finding] = []
    for name, rule in RULES.items():
        findings += safety.new_and_safe(draft, record) if name == "new-and-safe" else rule(draft)
    return tuple(sorted(findings, key=lambda f: (f.level is not Level.BLOCK, f.start or 0)))


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a finding stops the post."""
    return any(finding.level is Level.BLOCK for finding in findings)


def mend(text: str, findings: tuple[Finding, ...]) -> str:
    """Return `text` with every safe repair made whose place does not overlap another's."""
    end = len(text)
    for finding in sorted(findings, key=lambda f: (f.start or 0, f.end or 0), reverse=True):
        if finding.fix is None or finding.start is None or finding.end is None or finding.end > end:
            continue
        text = text[: finding.start] + finding.fix + text[finding.end :]
        end = finding.start
    return text
