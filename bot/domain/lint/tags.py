"""Hashtags few and readable, mentions only of those we know, LinkedIn's escapes exactly once."""

import re
from collections.abc import Iterator

from bot.domain.lint.draft import Draft, found
from bot.domain.post import Finding, Level

#: What LinkedIn reserves in a post's text (little-text-format).
RESERVED = frozenset("|{}@[]()<>#\\*_~")
_HASHTAG_TEMPLATE = re.compile(r"\{hashtag\|(?:\\?[#＃])\|((?:[^\\{}|]|\\.)+)\}")
_MENTION = re.compile(r"@\[((?:[^\\\[\]]|\\.)*)\]\((urn:li:\w+:[\w-]+)\)")
_TWINS = ({"ai", "artificialintelligence"}, {"genai", "generativeai"}, {"ml", "machinelearning"})


def few_hashtags(draft: Draft) -> Iterator[Finding]:
    """Rule 12: at most 2 on X and 5 on LinkedIn, none twice, none first; at the end on LinkedIn."""
    rule, tags = "few-hashtags", draft.entities("hashtag")
    most = draft.style.max_hashtags
    most = (2 if draft.is_short else 5) if most is None else most
    for tag in tags[most:]:
        yield found(rule, f"More than {most} hashtags.", at=tag, fix="")
    seen: set[str] = set()
    for tag in tags:
        if tag.text.casefold() in seen:
            yield found(rule, f"{tag.text} stands here twice.", at=tag, fix="")
        seen.add(tag.text.casefold())
    if tags and not draft.text[: tags[0].start].strip():
        yield found(rule, "The post opens with a hashtag.", at=tags[0], level=Level.WARN)
    for tag in tags:
        if not draft.is_short and draft.prose[tag.end :].strip():
            yield found(
                rule,
                f"{tag.text} stands inside the text; put hashtags last.",
                at=tag,
                level=Level.WARN,
            )


def readable_hashtags(draft: Draft) -> Iterator[Finding]:
    """Rule 13: from the vocabulary, in its spelling, and really a hashtag to the platform."""
    rule, tags = "readable-hashtags", draft.entities("hashtag")
    yield from _twins_and_strangers(draft, {tag.text[1:].casefold() for tag in tags})
    allowed = {tag.casefold(): tag for tag in draft.style.hashtags}
    if draft.article:
        allowed |= {
            re.sub(r"\W", "", tag).casefold(): re.sub(r"\W", "", tag) for tag in draft.article.tags
        }
    for tag in tags:
        spelled = allowed.get(tag.text[1:].casefold())
        if spelled is None and allowed:
            message = f"{tag.text} is not in the vocabulary. Choose another, or add it there."
            yield found(rule, message, at=tag, level=Level.WARN)
        elif spelled is not None and spelled != tag.text[1:]:
            yield found(
                rule,
                f"Written #{spelled} in this house.",
                at=tag,
                fix=f"#{spelled}",
                level=Level.WARN,
            )


def _twins_and_strangers(draft: Draft, words: set[str]) -> Iterator[Finding]:
    rule = "readable-hashtags"
    for twins in _TWINS:
        if twins <= words:
            yield found(rule, f"#{' and #'.join(sorted(twins))} say the same.", level=Level.WARN)
    for name in draft.content.hashtags:
        if name.casefold() not in words:
            message = f"#{name} is not a hashtag to {draft.dialect.name}."
            yield found(rule, message, level=Level.WARN)


def known_mentions(draft: Draft) -> Iterator[Finding]:
    """Rule 14: mentions only from the map, with the exact name; X limits mentions by programs."""
    rule, known = "known-mentions", draft.style.mentions
    for match in draft.linkedin_mentions:
        if known.get(match[2]) != match[1]:
            yield found(rule, f"“{match[1]}” is not that page's exact name in the vocabulary.")
    inside = [match.span() for match in draft.linkedin_mentions]
    for mention in draft.entities("mention"):
        if any(start <= mention.start < end for start, end in inside):
            continue
        handle = mention.text.lstrip("@＠").casefold()
        if handle not in {name.casefold() for name in known}:
            message = f"{mention.text} is not in the vocabulary. Write the name without @."
            yield found(rule, message, at=mention, fix=mention.text[1:])


def escapes_once(draft: Draft) -> Iterator[Finding]:
    """Rule 15: LinkedIn shows exactly this text; an unescaped "(" would cut the post there."""
    wire = draft.measure.wire_text
    if wire == draft.text and draft.dialect.name != "linkedin":
        return
    shown, bare = _shown(wire)
    if bare:
        yield found(
            "escapes-once", f"“{bare}” goes out unescaped; LinkedIn would cut the post there."
        )
    elif shown != draft.text:
        yield found("escapes-once", "What LinkedIn would show differs from this text. Report this.")


def _shown(wire: str) -> tuple[str, str]:
    """Return what readers see of a wire text, and the first reserved character left bare."""
    shown: list[str] = []
    place = 0
    while place < len(wire):
        element = _HASHTAG_TEMPLATE.match(wire, place) or _MENTION.match(wire, place)
        if element:
            inner = _shown(element[1])[0]
            shown.append(f"#{inner}" if wire[place] == "{" else element[0])
            place = element.end()
        elif wire[place] == "\\" and wire[place + 1 : place + 2] in RESERVED:
            shown.append(wire[place + 1])
            place += 2
        elif wire[place] in RESERVED and not (
            wire[place] == "#" and wire[place + 1 : place + 2].isalnum()
        ):
            return "".join(shown), wire[place]
        else:
            shown.append(wire[place])
            place += 1
    return "".join(shown), ""
