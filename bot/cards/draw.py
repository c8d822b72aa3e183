"""Content and size in, card out."""

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from bot.cards import images
from bot.cards.alt import alt_text
from bot.cards.legibility import CONTRAST, Report, bound, contrasts, inspect
from bot.cards.png import Rows
from bot.cards.studio import Box, Drawing, Studio, studio
from bot.cards.wording import for_template, plain
from bot.domain.card import Card, CardContent
from bot.domain.errors import ConfigError

Boxes = tuple[Box, ...]

#: How much of a picture the scrim covers, tried in order until the text can be read.
SCRIMS = (0.4, 0.48, 0.56, 0.64, 0.72, 0.8, 0.88)

#: The scrim is chosen on a small picture: contrast is measured in fields of several pixels.
SMALL = 4


def draw(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Card:
    """Draw a share card, and look whether it can be read; the same card is drawn once.

    Args:
        content: what the card says. Shown as it is; markup in it is only text.
        size: width and height in pixels; of each page for the layout "carousel", which gives a
            document: headline, a page for each fact, where to read on.
        own: the user's templates folder; its `cards/` wins file by file.

    Raises:
        ContentError: there is nothing to say, or the picture cannot be used.
        ConfigError: a template, a font or the size is wrong.
    """
    return _made(content, size, own)[0]


def report(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Report:
    """Return how well the card can be read. Raises as `draw` does."""
    return _made(content, size, own)[1]


def forget() -> None:
    """Draw every card anew from here on."""
    _drawn.cache_clear()


def _made(content: CardContent, size: tuple[int, int], own: Path | None) -> tuple[Card, Report]:
    if content.picture is not None:  # too heavy to remember
        return _drawn.__wrapped__(content, size, own, "")
    return _drawn(content, size, own, studio(own).edition())


@lru_cache(maxsize=16)  # what one article is tried in; a card is 150 kB, a document megabytes
def _drawn(
    content: CardContent, size: tuple[int, int], own: Path | None, _edition: str
) -> tuple[Card, Report]:
    if not all(400 <= side <= 2400 for side in size):
        raise ConfigError(f"A card of {size[0]}×{size[1]} pixels cannot be drawn; use 400 to 2400.")
    clean, findings = plain(content, own)
    card = for_template(clean, size)
    draw_it = _leafed if content.layout == "carousel" else _readable
    drawn, boxes, seen = draw_it(studio(own), clean, card, size)
    said = {box.role: box.said for box in boxes}
    findings += seen.findings
    made = replace(
        drawn,
        alt_text=alt_text(clean, said, card["date"]),
        findings=tuple(findings),
        left_out=tuple(part for part in card["dek"] if part not in said.get("dek", "")),
    )
    return made, replace(seen, findings=tuple(findings))


def _readable(
    desk: Studio, content: CardContent, card: dict[str, Any], size: tuple[int, int]
) -> tuple[Card, Boxes, Report]:
    """Draw; over a picture, with as much scrim as it takes for the text to be read."""
    picture = None
    if content.layout == "picture" and content.picture is not None:
        cut = images.cut(content.picture, size)
        card |= {"scrim": _scrim(desk, cut, card)}
        picture = images.stored(cut)
    ground = _only(desk.render(content.layout, card | {"blank": True}, picture=picture), content)
    drawing = desk.render(content.layout, card, picture=picture)
    page = _sized(_only(drawing, content), size)
    packed = images.drawing(page) if picture is None else images.encode(page.image)
    weight, script = len(packed), card["script"]
    seen = inspect(page.image, ground.image, drawing.boxes, weight=weight, script=script)
    return _card((packed,), b"", content, size), drawing.boxes, seen


def _leafed(
    desk: Studio, content: CardContent, card: dict[str, Any], size: tuple[int, int]
) -> tuple[Card, Boxes, Report]:
    """Draw the pages of a document, and the document."""
    shown = desk.render("carousel", card)
    empty = desk.render("carousel", card | {"blank": True})
    pages, seen = [], []
    for at, (page, ground) in enumerate(zip(shown.pages, empty.pages, strict=True), start=1):
        boxes = tuple(box for box in shown.boxes if box.page == at)
        pages.append(images.drawing(_sized(page, size)))
        weight, script = len(pages[-1]), card["script"]
        seen.append(inspect(page.image, ground.image, boxes, weight=weight, script=script))
    made = _card(tuple(pages), shown.pdf, content, size)
    return made, shown.boxes, bound(seen, len(shown.pdf))


def _card(
    pages: tuple[bytes, ...], pdf: bytes, content: CardContent, size: tuple[int, int]
) -> Card:
    return Card(
        png=pages[0],
        more=pages[1:],
        pdf=pdf,
        title=content.title if pdf else "",
        sha256=hashlib.sha256(pdf or pages[0]).hexdigest(),
        width=size[0],
        height=size[1],
        layout=content.layout,
        alt_text="",
    )


def _scrim(desk: Studio, picture: Image.Image, card: dict[str, Any]) -> float:
    """Return the thinnest scrim through which everything can be read."""
    small = images.stored(picture.reduce(SMALL))
    for scrim in SCRIMS:
        blank = card | {"scrim": scrim, "blank": True}
        empty = desk.render("picture", blank, picture=small, scale=1 / SMALL)
        least = contrasts(empty.pages[0].image, empty.boxes, scale=1 / SMALL).values()
        if min(least, default=CONTRAST) >= CONTRAST * 1.03:  # the large one differs a little
            return scrim
    return SCRIMS[-1]


def _only(drawing: Drawing, content: CardContent) -> Rows:
    if len(drawing.pages) != 1:
        raise ConfigError(
            f"templates/cards/{content.layout}.typ drew {len(drawing.pages)} pages; a card is one."
        )
    return drawing.pages[0]


def _sized(page: Rows, size: tuple[int, int]) -> Rows:
    if page.size != size:
        drawn = "×".join(map(str, page.size))
        raise ConfigError(
            f"The template drew {drawn} pixels instead of {size[0]}×{size[1]}: its page must be"
            " card.width by card.height points."
        )
    return page
