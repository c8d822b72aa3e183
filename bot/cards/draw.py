"""Content and size in, card out."""

import hashlib
import io
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from bot.cards import images
from bot.cards.alt import alt_text
from bot.cards.legibility import CONTRAST, Report, contrasts, inspect
from bot.cards.studio import Drawing, Studio, studio
from bot.cards.wording import for_template, plain
from bot.domain.card import Card, CardContent, Carousel
from bot.domain.errors import ConfigError, ContentError

#: Pages of a carousel are tall: 4:5 takes most of a phone's feed.
PAGE = (1080, 1350)

#: How much of a picture the scrim covers, tried in order until the text can be read.
SCRIMS = (0.6, 0.66, 0.72, 0.78, 0.84, 0.9)


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
    return _made(content, size, own)[0]


def report(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Report:
    """Return how well the card can be read. Raises as `draw` does."""
    return _made(content, size, own)[1]


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
    clean, findings = plain(content, own)
    desk = studio(own)
    card = for_template(clean, PAGE)
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
        title=clean.title,
        findings=tuple(findings),
    )


def _made(content: CardContent, size: tuple[int, int], own: Path | None) -> tuple[Card, Report]:
    if content.picture is not None:  # too heavy to remember
        return _drawn.__wrapped__(content, size, own, "")
    return _drawn(content, size, own, studio(own).edition())


@lru_cache(maxsize=64)
def _drawn(
    content: CardContent, size: tuple[int, int], own: Path | None, _edition: str
) -> tuple[Card, Report]:
    if not all(400 <= side <= 2400 for side in size):
        raise ConfigError(f"A card of {size[0]}×{size[1]} pixels cannot be drawn; use 400 to 2400.")
    clean, findings = plain(content, own)
    card = for_template(clean, size)
    png, drawing, seen = _readable(studio(own), clean, card, size)
    said = {box.role: box.said for box in drawing.boxes}
    findings += seen.findings
    made = Card(
        png=png,
        sha256=hashlib.sha256(png).hexdigest(),
        width=size[0],
        height=size[1],
        layout=content.layout,
        alt_text=alt_text(clean, said, card["date"]),
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
