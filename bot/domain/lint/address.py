"""Links: exactly the right one, tagged right, and no word that becomes one by accident."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.domain import links
from bot.domain.errors import ContentError
from bot.domain.lint.draft import Draft, found
from bot.domain.ports import Entity
from bot.domain.post import Finding, Level
from bot.domain.text import words_in
from bot.domain.wording import Span

_SHORTENERS = words_in(
    """
    bit.ly t.co lnkd.in tinyurl.com ow.ly buff.ly goo.gl is.gd dlvr.it trib.al rb.gy cutt.ly
    t.ly shorturl.at
    """
)
#: Top-level domains that are also the first word of a sentence: the space before it was lost.
_ALSO_WORDS = words_in(
    """
    it is in so no at to my me us be am as by do an are la if mr ms st
    """
)
_PRIVATE = re.compile(r"@|%40|\+?\d{10,}")


def one_right_link(draft: Draft) -> Iterator[Finding]:
    """Rule 9: one https link, to the article and nowhere else."""
    rule, wanted = "one-right-link", draft.content.link
    in_text = draft.style.link == "text"
    for extra in draft.links if not in_text else ():
        yield found(rule, "This channel's policy puts no link into the text.", at=extra, fix="")
    right = [span for span in draft.links if span.text == wanted]
    if in_text:
        if wanted is None or not right:
            yield found(rule, "The post does not carry the article's link. Put it back.")
        for extra in [span for span in draft.links if span not in right[:1]]:
            yield found(
                rule,
                f"{extra.text} is not the article's link, or stands here twice.",
                at=extra,
                fix="",
            )
    if wanted is not None:
        yield from _wrong_address(draft, wanted, right[0] if right else None)


def no_accidental_links(draft: Draft) -> Iterator[Finding]:
    """Rule 10: no name or lost space becomes a link, which costs characters and money on X."""
    level = Level.BLOCK if draft.is_short else Level.WARN
    for accident in draft.accidents:
        message = f"{draft.dialect.name} turns “{accident.text}” into a link. Write it so that it does not."
        yield found("no-accidental-links", message, at=accident, fix=_mended(accident), level=level)


def tracking_right(draft: Draft) -> Iterator[Finding]:
    """Rule 11: utm_source, utm_medium and utm_campaign once each, right, and nothing personal."""
    link = draft.content.link
    if link is None:
        return
    at = next((span for span in draft.links if span.text == link), None)
    tags, rule = links.tags(link), "tracking-right"
    if not draft.style.utm:
        if tags:
            yield found(
                rule,
                "The link carries tags although the house uses none.",
                at=at,
                fix=links.canonical(link),
            )
        return
    campaign = draft.style.utm_campaign or (tags.get("utm_campaign") or [""])[0]
    content = (tags.get("utm_content") or [""])[0]
    right = {"utm_source": draft.dialect.name, "utm_medium": "social", "utm_campaign": campaign}
    wrong = [name for name, value in right.items() if tags.get(name) != [value] or not value]
    wrong += [name for name, values in tags.items() if len(values) > 1 and name not in wrong]
    if _PRIVATE.search(urlsplit(link).query):
        yield found(rule, "The link's tags carry a personal address or number.", at=at)
    if wrong:
        fix = links.tagged(link, source=draft.dialect.name, campaign=campaign, content=content)
        yield found(rule, f"{', '.join(wrong)}: missing, wrong or twice.", at=at, fix=fix)


def _wrong_address(draft: Draft, wanted: str, at: Span | None) -> Iterator[Finding]:
    rule, host = "one-right-link", (urlsplit(wanted).hostname or "").removeprefix("www.")
    try:
        plain = links.canonical(wanted)
        right = links.canonical(draft.article.url) if draft.article else plain
    except ContentError as error:
        yield found(rule, str(error), at=at)
        return
    if not wanted.startswith("https://"):
        yield found(rule, "The link is not https; readers are warned off it.", at=at)
    if host in _SHORTENERS:
        yield found(
            rule, f"{host} hides where the link leads. Use the article's own address.", at=at
        )
    elif plain != right:
        yield found(rule, "The link does not lead to this article. Rebuild it.", at=at)
    covers = (
        any(at.start >= e.start and at.end <= e.end for e in draft.entities("url")) if at else True
    )
    if not covers:
        message = f"{draft.dialect.name} does not see the whole address as one link."
        yield found(rule, message, at=at, level=Level.WARN)


def _mended(accident: Entity) -> str | None:
    """Return how to write it so that it stays text, where that is safe."""
    name, _, ending = accident.text.rpartition(".")
    if "/" in accident.text or not name:
        return None
    if ending.casefold() in _ALSO_WORDS and ending[:1].isupper() and not ending.isupper():
        return f"{name}. {ending}"
    if ending.casefold() == "ai" and "." not in name:
        return f"{name} AI" if len(name) > 1 else f"{name}AI"
    return None
