"""The card's words and its alternative text, as far as they can be judged without the picture."""

import re
from collections.abc import Iterator

from bot.domain import text
from bot.domain.lint.draft import Draft, found
from bot.domain.post import Finding, Level

#: House limits: the meaning in the first 125, at most 250; X takes 1,000 (media metadata).
SHORTEST, LONGEST, HARD = 20, 250, 1000
_FILE = re.compile(r"^\S+\.(?:png|jpe?g|gif|webp)$", re.IGNORECASE)
_IMAGE_OF = re.compile(
    r"^(?:an? )?(?:image|picture|photo|photograph|graphic|screenshot) (?:of|showing)\b",
    re.IGNORECASE,
)


def card_says_something(draft: Draft) -> Iterator[Finding]:
    """Rule 18, as far as words go: a card has a headline. Its legibility is the drawing's to judge."""
    if draft.card is not None and not draft.card.title.strip():
        yield found("card-legible", "The card has no headline.")


def alt_text(draft: Draft) -> Iterator[Finding]:
    """Rule 19: those who cannot see the card get its words."""
    if draft.content.card is None:
        return
    rule, alt = "alt-text", draft.content.alt_text.strip()
    headline = draft.card.title if draft.card else draft.article.title if draft.article else ""
    fix = headline if SHORTEST <= len(headline) <= LONGEST else None
    if not SHORTEST <= len(alt) <= HARD:
        yield found(
            rule,
            f"The alternative text has {len(alt)} characters; {SHORTEST} to {LONGEST} are right.",
            fix=fix,
        )
        return
    if len(alt) > LONGEST:
        yield found(
            rule,
            f"The alternative text is long ({len(alt)}; {LONGEST} are right).",
            level=Level.WARN,
        )
    if _FILE.match(alt) or _IMAGE_OF.match(alt):
        yield found(
            rule,
            "The alternative text describes a file or “an image of”. Say what it says.",
            fix=fix,
        )
    elif alt == draft.text.strip():
        yield found(
            rule, "The alternative text is the post again. Say what the card says.", fix=fix
        )
    elif headline and text.covered(headline, alt) < 0.6:
        yield found(rule, "The alternative text does not have the card's headline.", fix=fix)
