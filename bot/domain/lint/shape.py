"""Form: the post fits, nothing is cut, the hook stands before the fold, the voice is calm."""

import re
import unicodedata
from collections.abc import Iterator

from bot.domain import text
from bot.domain.lint.draft import Draft, found
from bot.domain.post import Finding, Level
from bot.domain.wording import Span

#: Where LinkedIn cuts to "…more": phones, desktops (measured by third parties; LinkedIn says nothing).
PHONE_FOLD, DESKTOP_FOLD = 140, 210

_LOOSE = re.compile(r"(?:[,:;،–—-]|…|\.\.\.)[\"”’)]*$")
_LAST_WORD = re.compile(r"(\w+)[.!?\"”’)]*$")
_NEVER_LAST = frozenset(["a", "an", "the", "of", "and", "or", "than"])
_DANGLING = text.words_in(
    """
    a an the of to and or with for from in on at by as that which who but than
    """
)
_EMOJI = re.compile(
    r"(?:[\U0001f1e6-\U0001f1ff]{2}|[\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa\U0001f300-\U0001faff])"
    r"(?:[\ufe0f\u200d\U0001f3fb-\U0001f3ff]|(?<=\u200d)[\u2600-\u27bf\U0001f300-\U0001faff])*"
)
_CAPITALS = re.compile(r"(?<![\w#@])[A-Z][A-Z'’]+(?![\w-])")
_MOJIBAKE = {
    "â€™": "’", "â€˜": "‘", "â€œ": "“", "â€\x9d": "”", "â€“": "–", "â€”": "—", "â€¦": "…", "Â ": " ", "Â£": "£",
    "Ã©": "é", "Ã¨": "è", "Ã¼": "ü", "Ã¶": "ö", "Ã¤": "ä", "Ã±": "ñ", "ï»¿": "",
    "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&nbsp;": " ",
}  # fmt: skip
_BROKEN = re.compile("|".join(map(re.escape, _MOJIBAKE)) + r"|â€|&#x?[0-9a-fA-F]+;|\ufffd")
_MARKUP = re.compile(
    r"</?(?:p|br|b|i|a|u|em|strong|div|span|h[1-6]|ul|ol|li|img|script)\b[^<>]*>", re.IGNORECASE
)
_JOINS = re.compile(r"[\u0600-\u06ff\u0900-\u0dff]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")


def fits(draft: Draft) -> Iterator[Finding]:
    """Rule 1: within the platform's limit, as the platform counts, in every part."""
    if draft.measure.length > draft.measure.limit:
        over = draft.measure.length - draft.measure.limit
        last = draft.sentences[-1] if len(draft.sentences) > 1 else None
        yield found(
            "fits",
            f"The post is {over} too long ({draft.measure.length} of {draft.measure.limit}). Drop a sentence.",
            at=last,
            fix="" if last else None,
        )
    elif not draft.measure.valid:
        yield found(
            "fits",
            f"{draft.dialect.name} does not take this text: it is empty or has a character it refuses.",
        )
    for number, part in enumerate(draft.content.parts, start=2):
        measure = draft.dialect.measure(part)
        if not measure.valid:
            yield found(
                "fits",
                f"Part {number} does not fit ({measure.length} of {measure.limit}). Shorten it.",
            )


def whole_sentences(draft: Draft) -> Iterator[Finding]:
    """Rule 2: nothing is cut; brackets and quotation marks have their partners."""
    rule = "whole-sentences"
    for sentence in draft.sentences:
        if _LOOSE.search(sentence.text) or _stops_short(sentence.text):
            yield found(
                rule,
                f"“{sentence.text[-40:]}” is cut off. Finish the sentence or drop it.",
                at=sentence,
                fix="",
            )
    if draft.sentences and not draft.sentences[-1].text.rstrip(text.CLOSERS).endswith(
        tuple(text.ENDS)
    ):
        last_one = draft.sentences[-1]
        if not _LOOSE.search(last_one.text):
            yield found(
                rule,
                "The last sentence has no end. Finish it, or end it with a full stop.",
                at=last_one,
            )
    for sentence in draft.sentences:
        place = text.unbalanced(sentence.text)
        if place is not None:
            mark = Span(
                text=sentence.text[place],
                start=sentence.start + place,
                end=sentence.start + place + 1,
            )
            yield found(rule, f"{mark.text} has no partner. Close it or take it out.", at=mark)
    if draft.text and (unicodedata.combining(draft.text[0]) or draft.text[-1] == "\u200d"):
        yield found(rule, "The text begins or ends inside a character.")


def _stops_short(sentence: str) -> bool:
    last = _LAST_WORD.search(sentence)
    ended = sentence.rstrip(text.CLOSERS).endswith(tuple(text.ENDS))
    return last is not None and last[1] in (_NEVER_LAST if ended else _DANGLING)


def hook_before_fold(draft: Draft) -> Iterator[Finding]:
    """Rule 3: on LinkedIn the first sentence is whole before "…more"."""
    if draft.is_short or not draft.sentences:
        return
    rule, hook = "hook-before-fold", draft.sentences[0]
    if len(hook.text) > DESKTOP_FOLD:
        yield found(
            rule,
            f"The first sentence has {len(hook.text)} characters; readers see at most {DESKTOP_FOLD}.",
            at=hook,
        )
    elif len(hook.text) > PHONE_FOLD:
        message = f"The first sentence has {len(hook.text)} characters; phones show {PHONE_FOLD}."
        yield found(rule, message, at=hook, level=Level.WARN)
    if not hook.text.rstrip(text.CLOSERS).endswith(tuple(text.ENDS)) and "\n" in draft.text.strip():
        yield found(
            rule, "A line break cuts the first sentence before the fold.", at=hook, level=Level.WARN
        )


def plain_characters(draft: Draft) -> Iterator[Finding]:
    """Rule 16: no look-alike letters, hidden characters, broken encodings or markup; NFC."""
    rule, words = "plain-characters", draft.text
    for pattern in (_BROKEN, _MARKUP):
        for match in pattern.finditer(words):
            fix = _MOJIBAKE.get(match[0], "" if pattern is _MARKUP else None)
            yield found(
                rule, f"“{match[0]}” is left over from another format.", at=_at(match), fix=fix
            )
    for index, character in enumerate(words):
        why, fix = _odd(words, index, character)
        if why:
            place = Span(text=character, start=index, end=index + 1)
            yield found(
                rule, f"{why} (U+{ord(character):04X}). Write it plainly.", at=place, fix=fix
            )
    for match in re.finditer(r"(?<=\S)[ \u00a0]{2,}(?=\S)", words):
        yield found(rule, "Two spaces in a row.", at=_at(match), fix=" ")
    if not unicodedata.is_normalized("NFC", words):
        whole = Span(text=words, start=0, end=len(words))
        fixed = unicodedata.normalize("NFC", words)
        yield found(rule, "Accents are written as separate characters.", at=whole, fix=fixed)


def calm_voice(draft: Draft) -> Iterator[Finding]:
    """Rule 17: few emoji, none as a bullet or beside the link; no shouting."""
    rule, most = "calm-voice", 1 if draft.is_short else 2
    emoji = list(_EMOJI.finditer(draft.text))
    for match in emoji[most:]:
        yield found(rule, f"More than {most} emoji.", at=_at(match), fix="", level=Level.WARN)
    for match in emoji:
        before, after = (
            draft.text[: match.start()].rstrip(" "),
            draft.text[match.end() :].lstrip(" "),
        )
        if not before or before.endswith("\n"):
            yield found(
                rule,
                "An emoji opens a line; screen readers read it out.",
                at=_at(match),
                fix="",
                level=Level.WARN,
            )
        elif after.startswith("http") or any(link.end == len(before) for link in draft.links):
            yield found(
                rule, "An emoji stands beside the link.", at=_at(match), fix="", level=Level.WARN
            )
    shouted = [m for m in _CAPITALS.finditer(draft.prose) if not _may_shout(draft, m[0])]
    for match in shouted[1:]:
        yield found(rule, f"“{match[0]}” is written in capitals.", at=_at(match), level=Level.WARN)
    for match in list(re.finditer("[!！]", draft.prose))[1:]:
        yield found(
            rule, "More than one exclamation mark.", at=_at(match), fix=".", level=Level.WARN
        )


def _may_shout(draft: Draft, word: str) -> bool:
    singular = re.sub(r"['’]?S?$", "", word)
    if {word, singular} & draft.style.acronyms or len(word) < 2:
        return True
    # an acronym of the article's own, such as an institute's: short, and in running text
    body = "\n".join(draft.article.body) if draft.article else ""
    return len(word) <= 6 and any(word in p and not p.isupper() for p in body.splitlines())


#: Ranges of characters that do not belong in a post, and what is wrong with them.
_DECORATED = ((0x1D400, 0x1D7FF), (0xFF21, 0xFF5A), (0x1F130, 0x1F189), (0x24B6, 0x24E9))
_TURNING = ((0x202A, 0x202E), (0x2066, 0x2069))
_HIDDEN = ((0x200B, 0x200B), (0x2060, 0x2064), (0xFEFF, 0xFEFF), (0x00AD, 0x00AD), (0x180E, 0x180E),
           (0xFFF9, 0xFFFB), (0xE0000, 0xE0019))  # fmt: skip


def _odd(words: str, index: int, character: str) -> tuple[str, str | None]:
    """Return what is wrong with a character, "" for nothing, and what to write instead."""
    code = ord(character)
    if _within(code, _DECORATED):
        plain = unicodedata.normalize("NFKC", character)
        return "A decorative letter, which screen readers spell out", plain
    if _within(code, _TURNING) or (code in (0x200E, 0x200F) and not _RIGHT_TO_LEFT.search(words)):
        return "A character that turns text round", ""
    near = words[max(0, index - 2) : index + 2]
    joins = code in (0x200C, 0x200D) and not (_JOINS.search(near) or _EMOJI.search(near))
    if joins or _within(code, _HIDDEN):
        return "A hidden character", ""
    if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") and character != "\n":
        return "A control or unknown character", " " if character == "\t" else ""
    return "", None


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _at(match: "re.Match[str]") -> Span:
    return Span(text=match[0], start=match.start(), end=match.end())
