"""What a card says, made ready: complete, harmless, every character drawable."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.cards import fonts, words
from bot.cards.legibility import RULE
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.domain.post import Finding, Level

#: More than any headline; the rest of a longer text is not looked at.
LONGEST = 600

#: What a layout cannot do without.
_NEEDS = {
    "number": ("figure", "figure_label"),
    "quote": ("quote", "speaker"),
    "picture": ("picture", "picture_alt"),
    "carousel": ("facts",),
}

#: Most cards are in English, and what knows all other languages takes long to load.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: Five pages are leafed through, more are not.
MOST_FACTS = 3


def plain(content: CardContent, own: Path | None) -> tuple[CardContent, list[Finding]]:
    """Return the content with harmless words that can be drawn, and findings on what had to go.

    Raises:
        ContentError: something the layout needs is not there.
        ConfigError: a font cannot be read.
    """
    _complete(content)
    gone: list[str] = []
    advice: list[str] = []

    unknown = frozenset(fonts.missing(words.clean(" ".join(_said(content))), own))

    def tidy(text: str) -> str:
        gone.extend(words.lost(text))
        plain = words.clean(text)
        here = [char for char in dict.fromkeys(plain) if char in unknown]
        if here:
            gone.extend(f"{char} (U+{ord(char):04X})" for char in here)
            advice.append(fonts.advice(here))
            plain = words.clean("".join(char for char in plain if char not in unknown))
        return plain

    clean = replace(
        content,
        title=tidy(content.title),
        dek=tidy(content.dek),
        section=tidy(content.section),
        figure=tidy(content.figure),
        figure_label=tidy(content.figure_label),
        quote=tidy(content.quote).strip('“”"„«» '),
        speaker=tidy(content.speaker),
        picture_alt=words.clean(content.picture_alt),
        facts=tuple(tidy(fact) for fact in content.facts),
        sources=tuple(tidy(source) for source in content.sources),
    )
    _complete(clean)
    if not clean.title:
        raise ContentError("The article has no headline that can be drawn; no card was made.")
    findings: list[Finding] = []
    if gone:
        shown = ", ".join(dict.fromkeys(gone))
        what = " ".join(dict.fromkeys(advice)) or "Write it differently."
        findings.append(_block(f"No font has {shown}; the card leaves it out. {what}"))
    if len(clean.title) > LONGEST:
        clean = replace(clean, title=clean.title[:LONGEST])
    return clean, findings


def _said(content: CardContent) -> tuple[str, ...]:
    """Return everything that is drawn."""
    one = (content.title, content.dek, content.section, content.figure, content.figure_label)
    return (*one, content.quote, content.speaker, *content.facts, *content.sources)


def _complete(content: CardContent) -> None:
    if content.variant not in {"dark", "light"}:
        raise ContentError(f"A card is dark or light, not {content.variant!r}; none was drawn.")
    if len(content.facts) > MOST_FACTS:
        raise ContentError(
            f"A carousel has one to three facts; this one has {len(content.facts)}. None was made."
        )
    lacking = [name for name in _NEEDS.get(content.layout, ()) if not getattr(content, name)]
    if lacking:
        raise ContentError(
            f"A {content.layout} card needs {' and '.join(lacking)}; none was drawn."
            " Add it, or use the headline layout."
        )


def for_template(content: CardContent, size: tuple[int, int]) -> dict[str, Any]:
    """Return what a template finds as `card`."""
    main = content.quote if content.layout == "quote" else content.title

    def phrased(text: str) -> str:
        return words.phrases(text, content.language)

    return {
        "width": size[0],
        "height": size[1],
        "title": phrased(content.title),
        "dek": words.sentences(content.dek, content.language),
        "section": content.section,
        "figure": content.figure,
        "figure_label": phrased(content.figure_label),
        "quote": phrased(content.quote),
        "speaker": content.speaker,
        "facts": [phrased(fact) for fact in content.facts],
        "sources": content.sources,
        "url": _address(content.url),
        "link": content.url,
        "date": _date(content),
        "language": content.language.split("-", maxsplit=1)[0].lower()[:3] or "en",
        "script": words.script(main),
        "direction": words.direction(main),
        # A light scrim over a picture looks like fog: pictures are always dark.
        "variant": "dark" if content.layout == "picture" else content.variant,
        "fonts": fonts.families(content.language),
        "scrim": 0.0,
        "blank": False,
    }


def _address(url: str) -> str:
    """Return a web address as readers know it: without scheme and tracking."""
    if not url.startswith(("https://", "http://")):
        return ""
    return words.clean(url.split("://", maxsplit=1)[1].split("?", maxsplit=1)[0].rstrip("/"))


def _date(content: CardContent) -> str:
    day, locale = content.published, content.language.replace("-", "_")
    if day is None:
        return ""
    english = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if locale.startswith("en"):
        return english
    from babel import UnknownLocaleError
    from babel.dates import format_date

    try:
        return words.clean(format_date(day, "long", locale=locale))
    except (UnknownLocaleError, ValueError):
        return english


def _block(message: str) -> Finding:
    return Finding(rule=RULE, level=Level.BLOCK, message=message)
