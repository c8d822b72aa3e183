"""All sample cards on one sheet, as wide as on a phone: `python -m tests.benchmarks.cards_sheet`.

Writes docs/cards.webp; with a folder as argument, also every card at full size into it.
"""

import sys
from pathlib import Path

from PIL import Image

from bot.cards.draw import draw
from tests.unit.cards.approve import drawn
from tests.unit.cards.samples import SAMPLES

SHEET = Path(__file__).parents[2] / "docs" / "cards.webp"
COLUMNS, WIDTH, GAP = 4, 390, 16


def main(folder: Path | None = None) -> None:
    """Draw the samples; wide ones first, tall ones below."""
    cards = []
    for name, (content, size) in sorted(SAMPLES.items(), key=lambda item: item[1][1][1] > 700):
        picture = drawn(draw(content, size))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            picture.save(folder / f"{name}.png")
        height = picture.height * WIDTH // picture.width
        cards.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))
    wide = [card for card in cards if card.height < card.width]
    tall = [card for card in cards if card.height >= card.width]
    rows = [some[at : at + COLUMNS] for some in (wide, tall) for at in range(0, len(some), COLUMNS)]
    heights = [max(card.height for card in row) + GAP for row in rows]
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, sum(heights) + GAP), "#7a7d85")
    for at, row in enumerate(rows):
        for column, card in enumerate(row):
            sheet.paste(card, (GAP + column * (WIDTH + GAP), GAP + sum(heights[:at])))
    sheet.save(SHEET, "WEBP", quality=76, method=6)
    print(f"{SHEET.name}: {len(cards)} cards, {SHEET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
