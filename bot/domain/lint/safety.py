"""New and safe: not posted before, still news, nothing only a person should decide."""

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.domain import text
from bot.domain.lint.draft import Draft, Record, found
from bot.domain.post import Finding, Level

#: An article older than this is stale (a person decides), or no news at all.
STALE, OLD = timedelta(hours=12), timedelta(hours=48)


def new_and_safe(draft: Draft, record: Record | None) -> Iterator[Finding]:
    """Rule 20: new, fresh, in the channel's language, one cashtag at most, no sensitive topic."""
    rule = "new-and-safe"
    if record:
        yield from _is_news(draft, record)
    language = draft.article.language.split("-")[0] if draft.article else ""
    if draft.style.language and language and language != draft.style.language.split("-")[0]:
        yield found(
            rule, f"The article is in “{language}”, the channel in “{draft.style.language}”."
        )
    for cashtag in draft.entities("cashtag")[1:]:
        yield found(rule, "X takes one cashtag in a post.", at=cashtag, fix=cashtag.text[1:])
    said = f"{draft.article.title}\n{draft.prose}" if draft.article else draft.prose
    for topic, words in draft.style.sensitive.items():
        match = re.search(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", said, re.IGNORECASE
        )
        if words and match:
            message = f"Sensitive ({topic}: “{match[0]}”). A person decides about this one."
            yield found(rule, message, level=Level.WARN)


def _is_news(draft: Draft, record: Record) -> Iterator[Finding]:
    rule = "new-and-safe"
    if record.posted:
        yield found(rule, "This article is already posted here, or on its way.")
    mine = _said(draft.text)
    if any(text.likeness(mine, _said(other)) >= 0.85 for other in record.earlier):
        yield found(rule, "Another post of the last 30 days, out or waiting, says nearly the same.")
    published = draft.article.published_at if draft.article else None
    if published and record.now - published > OLD:
        yield found(rule, "The article is more than two days old; it is no news any more.")
    elif published and record.now - published > STALE:
        yield found(rule, "The article is more than 12 hours old.", level=Level.WARN)


def _said(words: str) -> str:
    """Leave out links and tags: they are alike in all our posts."""
    return " ".join(
        word for word in words.split() if "://" not in word and not word.startswith("#")
    )
