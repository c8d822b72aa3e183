"""Can posts be made: templates, and cards with every character the newsroom meets."""

from collections.abc import Iterator

from bot.app import App
from bot.domain.card import CardContent
from bot.domain.errors import BotError
from bot.domain.health import Check

#: A card must be able to show all of this: rupees, Devanagari, an emoji.
HARD = CardContent(
    title="₹5,000 crore for AI: भारत का नया मॉडल 🚀", section="AI", layout="headline"
)


def templates(app: App) -> Iterator[Check]:
    """Read templates, vocabulary and timetables as they are now."""
    try:
        App(app.settings, app.clock).words  # noqa: B018 -- read anew, not as they were at start
    except BotError as exc:
        fix = "Correct the file it names; what is in use stays as it was."
        yield Check(name="templates", ok=False, detail=str(exc), fix=fix)
    else:
        yield Check(name="templates", ok=True, detail="posts and vocabulary can be read")


def cards(app: App) -> Iterator[Check]:
    """Draw a hard card for each channel."""
    for dialect in app.dialects.values():
        name = f"{dialect.name} card"
        try:
            card = app.draw(HARD, dialect.card_size)
        except BotError as exc:
            yield Check(name=name, ok=False, detail=str(exc), fix="Check templates/cards.")
            continue
        missing = "; ".join(finding.message for finding in card.findings)
        yield Check(
            name=name,
            ok=not missing,
            detail=missing or f"{card.width}×{card.height}, {len(card.png) // 1024} kB",
            fix="Install the fonts it names." if missing else "",
        )
