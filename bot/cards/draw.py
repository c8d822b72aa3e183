"""Content and size in, card out."""

import hashlib
import io
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import UnknownLocaleError
from babel.dates import format_date
from PIL import Image

from bot.cards import fonts, images, words
from bot.cards.alt import alt_text
from bot.cards.legibility import CONTRAST, RULE, Report, contrasts, inspect
from bot.cards.studio import Drawing, Studio, studio
from bot.domain.card import Card, CardContent, Carousel
from bot.domain.errors import ConfigError, ContentError
from bot.domain.post import Finding, Level

#: More than any headline; the rest of a longer text is not looked at.
LONGEST = 600

#: Pages of a carousel are tall: 4:5 takes most of a phone's feed.
PAGE = (1080, 1350)

#: How dark the scrim over a picture is, tried in order until its text can be read.
SCRIMS = (0.5, 0.58, 0.66, 0.74, 0.82, 0.9)

#: What a layout cannot do without.
_NEEDS = {
    "number": ("figure", "figure_label"),
    "quote": ("quote", "speaker"),
    "picture": ("picture", "picture_alt"),
}


def draw(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Card:
    """Draw a share card, and look whether it can be read; the same card is drawn once.

    Args:
        content: what the card says. Shown as it is; markup in it is only text.
        size: width and height in pixels.
        own: the user's templates folder; its `cards/` wins file by file.

    Raises:
        ContentError: there is nothing to say, or the picture cannot be used.
        ConfigError: a template, a font or the size is wrong.
    """
    return _drawn(content, size, own, studio(own).edition())[0]


def report(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Report:
    """Return how well the card can be read. Raises as `draw` does."""
    return _drawn(content, size, own, studio(own).edition())[1]


def carousel(content: CardContent, *, own: Path | None = None) -> Carousel:
    """Draw a PDF to leaf through: headline, a page for each fact, where to read on.

    Raises:
        ContentError: there is no headline, or not one to three facts.
        ConfigError: a template or a font is wrong.
    """
    if not 1 <= len(content.facts) <= 3:
        raise ContentError(
            f"A carousel has one to three facts; this one has {len(content.facts)}. None was made."
        )
    plain, findings = _plain(content, own)
    desk = studio(own)
    card = _words(plain, PAGE)
    made = desk.render("carousel", card, form="pdf")
    shown = desk.render("carousel", card)
    empty = desk.render("carousel", card | {"blank": True})
    for at, (page, ground) in enumerate(zip(shown.pages, empty.pages, strict=True)):
        boxes = tuple(box for box in shown.boxes if box.page == at + 1)
        flat = images.encode(_opened(page, PAGE))
        seen = inspect(flat, _opened(ground, PAGE), boxes, script=card["script"])
        findings += [replace(f, message=f"Page {at + 1}: {f.message}") for f in seen.findings]
    return Carousel(
        pdf=made.pages[0],
        sha256=hashlib.sha256(made.pages[0]).hexdigest(),
        pages=len(shown.pages),
        title=plain.title,
        findings=tuple(findings),
    )


@lru_cache(maxsize=64)
def _drawn(
    content: CardContent, size: tuple[int, int], own: Path | None, _edition: str
) -> tuple[Card, Report]:
    if not (min(size) >= 400 and max(size) <= 2400):
        raise ConfigError(f"A card of {size[0]}×{size[1]} pixels cannot be drawn; use 400 to 2400.")
    plain, findings = _plain(content, own)
    card = _words(plain, size)
    png, drawing, seen = _readable(studio(own), plain, card, size)
    said = {box.role: box.said for box in drawing.boxes}
    findings += seen.findings
    made = Card(
        png=png,
        sha256=hashlib.sha256(png).hexdigest(),
        width=size[0],
        height=size[1],
        layout=content.layout,
        alt_text=alt_text(plain, said, card["date"]),
        findings=tuple(findings),
        left_out=tuple(part for part in card["dek"] if part not in said.get("dek", "")),
    )
    return made, replace(seen, findings=tuple(findings))


def _readable(
    desk: Studio, content: CardContent, card: dict[str, Any], size: tuple[int, int]
) -> tuple[bytes, Drawing, Report]:
    """Draw; over a picture, with as much scrim as it takes for the text to be read."""
    picture = _cut(content, size)
    for scrim in SCRIMS if picture else SCRIMS[:1]:
        card |= {"scrim": scrim}
        empty = desk.render(content.layout, card | {"blank": True}, picture=picture)
        ground = _opened(_only(empty, content.layout), size)
        if min(contrasts(ground, empty.boxes).values(), default=CONTRAST) >= CONTRAST:
            break
    drawing = desk.render(content.layout, card, picture=picture)
    png = images.encode(_opened(_only(drawing, content.layout), size))
    return png, drawing, inspect(png, ground, drawing.boxes, script=card["script"])


def _cut(content: CardContent, size: tuple[int, int]) -> bytes | None:
    if content.layout != "picture" or content.picture is None:
        return None
    cut = io.BytesIO()
    images.cut(content.picture, size).save(cut, "PNG", compress_level=1)
    return cut.getvalue()


def _plain(content: CardContent, own: Path | None) -> tuple[CardContent, list[Finding]]:
    """Return the content with harmless, drawable words, and what had to go."""
    _complete(content)
    gone: list[str] = []
    advice: list[str] = []

    def tidy(text: str) -> str:
        gone.extend(words.lost(text))
        plain = words.clean(text)
        unknown = fonts.missing(plain.upper() + plain, own)
        if unknown:
            gone.extend(f"{char} (U+{ord(char):04X})" for char in unknown)
            advice.append(fonts.advice(unknown))
            plain = words.clean("".join(char for char in plain if char not in unknown))
        return plain

    plain = replace(
        content,
        title=tidy(content.title),
        dek=tidy(content.dek),
        section=tidy(content.section),
        figure=tidy(content.figure),
        figure_label=tidy(content.figure_label),
        quote=tidy(content.quote).strip("“”\"'„«» "),
        speaker=tidy(content.speaker),
        picture_alt=words.clean(content.picture_alt),
        facts=tuple(tidy(fact) for fact in content.facts),
        sources=tuple(tidy(source) for source in content.sources),
    )
    if not plain.title:
        raise ContentError("The article has no headline that can be drawn; no card was made.")
    findings: list[Finding] = []
    if gone:
        shown = ", ".join(dict.fromkeys(gone))
        what = " ".join(dict.fromkeys(advice)) or "Write it differently."
        findings.append(_block(f"No font has {shown}; the card leaves it out. {what}"))
    if len(plain.title) > LONGEST:
        plain = replace(plain, title=plain.title[:LONGEST])
    return plain, findings


def _complete(content: CardContent) -> None:
    if content.variant not in {"dark", "light"}:
        raise ContentError(f"A card is dark or light, not {content.variant!r}; none was drawn.")
    lacking = [name for name in _NEEDS.get(content.layout, ()) if not getattr(content, name)]
    if lacking:
        raise ContentError(
            f"A {content.layout} card needs {' and '.join(lacking)}; none was drawn."
            " Add it, or use the headline layout."
        )


def _words(content: CardContent, size: tuple[int, int]) -> dict[str, Any]:
    """Return what a template finds as `card`."""
    main = content.quote if content.layout == "quote" else content.title
    return {
        "width": size[0],
        "height": size[1],
        "title": content.title,
        "dek": words.sentences(content.dek, content.language),
        "section": content.section,
        "figure": content.figure,
        "figure_label": content.figure_label,
        "quote": content.quote,
        "speaker": content.speaker,
        "facts": content.facts,
        "sources": content.sources,
        "url": _address(content.url),
        "link": content.url,
        "date": _date(content),
        "language": content.language.split("-", maxsplit=1)[0].lower()[:3] or "en",
        "script": words.script(main),
        "direction": words.direction(main),
        "variant": content.variant,
        "fonts": fonts.families(content.language),
        "scrim": SCRIMS[0],
        "blank": False,
    }


def _address(url: str) -> str:
    """Return a web address as readers know it: without scheme and tracking."""
    if not url.startswith(("https://", "http://")):
        return ""
    return words.clean(url.split("://", maxsplit=1)[1].split("?", maxsplit=1)[0].rstrip("/"))


def _date(content: CardContent) -> str:
    if content.published is None:
        return ""
    try:
        locale = content.language.replace("-", "_")
        order = "d MMMM y" if locale.startswith("en") else "long"
        return words.clean(format_date(content.published, order, locale=locale))
    except (UnknownLocaleError, ValueError):
        return format_date(content.published, "d MMMM y", locale="en")


def _only(drawing: Drawing, layout: str) -> bytes:
    if len(drawing.pages) != 1:
        raise ConfigError(
            f"templates/cards/{layout}.typ drew {len(drawing.pages)} pages; a card is one."
        )
    return drawing.pages[0]


def _opened(data: bytes, size: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(data)) as drawn:
        if drawn.size != size:
            raise ConfigError(
                f"The template drew {drawn.width}×{drawn.height} pixels instead of"
                f" {size[0]}×{size[1]}: its page must be card.width by card.height points."
            )
        return drawn.convert("RGB")


def _block(message: str) -> Finding:
    return Finding(rule=RULE, level=Level.BLOCK, message=message)
