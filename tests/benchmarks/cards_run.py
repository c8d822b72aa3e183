"""One process of the speed comparison: `cards_run [--checked] COUNT` draws the seed card."""

import json
import sys
import time
from datetime import date

from bot.cards import png
from bot.cards.draw import draw
from bot.cards.studio import studio
from bot.cards.wording import for_template, plain
from bot.domain.card import CardContent

SIZE = (1200, 675)


def story(at: int) -> CardContent:
    return CardContent(
        title="Anthropic accuses Alibaba of largest Claude cloning attempt, seeks US intervention"
        f" {at or ''}",
        dek="Allegations include use of 25,000 fake accounts to extract millions of interactions.",
        section="AI",
        published=date(2026, 6, 26),
    )


def drawn(at: int) -> bytes:
    """Draw as satori does: without looking whether the card can be read."""
    clean, _ = plain(story(at), None)
    page = studio().render("headline", for_template(clean, SIZE)).pages[0]
    return png.flat(page)


def main() -> None:
    times = []
    for at in range(int(sys.argv[-1])):
        start = time.perf_counter()
        made = draw(story(at), SIZE).png if "--checked" in sys.argv else drawn(at)
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"times": times, "bytes": len(made)}))


if __name__ == "__main__":
    main()
