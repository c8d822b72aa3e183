"""Draw the sample cards and keep them as the approved ones: `python -m tests.unit.cards.approve`.

Look at every picture this changes before committing it.
"""

import io
from pathlib import Path

from PIL import Image, ImageChops

from bot.cards.draw import draw
from bot.domain.card import Card
from tests.unit.cards.samples import SAMPLES

APPROVED = Path(__file__).parents[2] / "data" / "cards" / "approved"


def approved(name: str) -> Image.Image:
    with Image.open(APPROVED / f"{name}.webp") as picture:
        return picture.convert("RGB")


def drawn(card: Card) -> Image.Image:
    with Image.open(io.BytesIO(card.png)) as picture:
        return picture.convert("RGB")


def beside(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return approved, drawn, and where they differ (white), side by side."""
    differs = ImageChops.difference(one, other).convert("L").point([0] + [255] * 255)
    sheet = Image.new("RGB", (one.width * 3 + 20, one.height), "#888888")
    for at, picture in enumerate((one, other, differs.convert("RGB"))):
        sheet.paste(picture, (at * (one.width + 10), 0))
    return sheet


def main() -> None:
    APPROVED.mkdir(parents=True, exist_ok=True)
    for name, (content, size) in SAMPLES.items():
        picture = drawn(draw(content, size))
        file = APPROVED / f"{name}.webp"
        if not file.exists() or approved(name).tobytes() != picture.tobytes():
            picture.save(file, "WEBP", lossless=True, quality=100, method=6, exact=True)
            print(file.name)


if __name__ == "__main__":
    main()
