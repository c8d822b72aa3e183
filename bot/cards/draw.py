"""Content and size in, card out."""

import hashlib
import io
from pathlib import Path
from typing import Any

from babel import UnknownLocaleError
from babel.dates import format_date
from PIL import Image, PngImagePlugin

from bot.cards import words
from bot.cards.fonts import FALLBACK
from bot.cards.studio import Box, studio
from bot.domain.card import Card, CardContent
from bot.domain.errors import ConfigError, ContentError

#: Longest headline that is looked at; more than any article's.
LONGEST = 600

#: Alt text: long enough to say something, short enough to be read out (house rule 19).
ALT_MAX = 250


def draw(content: CardContent, size: tuple[int, int], *, own: Path | None = None) -> Card:
    """Draw a share card.

    Args:
        content: what the card says. Shown as it is; markup in it is only text.
        size: width and height in pixels.
        own: the user's templates folder; its `cards/` wins file by file.

    Raises:
        ContentError: there is nothing to say.
        ConfigError: a template, a font or the size is wrong.
    """
    width, height = size
    if not (400 <= width <= 2400 and 400 <= height <= 2400):
        raise ConfigError(f"A card of {width}×{height} pixels cannot be drawn; use 400 to 2400.")
    card = _words(content, width, height)
    if not card["title"]:
        raise ContentError("The article has no headline, so no card was drawn. Add a headline.")
    drawing = studio(own).render(content.layout, card)
    data = _png(drawing.data, size)
    return Card(
        png=data,
        sha256=hashlib.sha256(data).hexdigest(),
        width=width,
        height=height,
        layout=content.layout,
        alt_text=_alt_text(content, card, drawing.boxes),
    )


def _words(content: CardContent, width: int, height: int) -> dict[str, Any]:
    title = words.clean(content.title)[:LONGEST]
    return {
        "width": width,
        "height": height,
        "title": title,
        "dek": words.sentences(words.clean(content.dek), content.language),
        "section": words.clean(content.section),
        "date": _date(content),
        "language": content.language.split("-")[0].lower()[:3] or "en",
        "script": words.script(title),
        "direction": words.direction(title),
        "variant": "dark",
        "fonts": FALLBACK,
        "blank": False,
    }


def _date(content: CardContent) -> str:
    if content.published is None:
        return ""
    try:
        return format_date(
            content.published, "d MMMM y", locale=content.language.replace("-", "_") or "en"
        )
    except (UnknownLocaleError, ValueError):
        return format_date(content.published, "d MMMM y", locale="en")


def _png(data: bytes, size: tuple[int, int]) -> bytes:
    """Return the picture as an sRGB PNG without alpha, as small as PNG makes it."""
    with Image.open(io.BytesIO(data)) as drawn:
        if drawn.size != size:
            raise ConfigError(
                f"The template drew {drawn.width}×{drawn.height} pixels instead of"
                f" {size[0]}×{size[1]}. Its page must be card.width by card.height points."
            )
        flat = drawn.convert("RGB")
    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", b"\0")  # perceptual intent, PNG specification §11.3.2.5
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True, pnginfo=info)
    return out.getvalue()


def _alt_text(content: CardContent, card: dict[str, Any], boxes: tuple[Box, ...]) -> str:
    said = {box.role: box.said for box in boxes}
    dated = f", {card['date']}" if card["date"] else ""
    shows = f"{said.get('name', 'Share card')} card{dated}."
    room = ALT_MAX - len(shows) - 1
    title = card["title"]
    if len(title) > room:
        title = title[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
    text = title if title[-1] in ".?!…।。؟" else f"{title}."
    for sentence in words.sentences(said.get("dek", ""), content.language):
        if len(text) + 1 + len(sentence) > room:
            break
        text = f"{text} {sentence}"
    return f"{text} {shows}"
