"""Will the next edition go out? Try everything that can be tried without posting."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.card import CardContent
from bot.domain.errors import BotError
from bot.domain.ledger import Pauses
from bot.domain.ports import Dialect, Publisher
from bot.pipeline.draft import Studio, Tools

#: Characters the newsroom meets: a card must be able to show all of them.
HARD = CardContent(title="₹5,000 crore for AI: भारत का नया मॉडल", section="AI", layout="headline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried.

    Attributes:
        fix: what to do when it is not ok.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""


def preflight(
    channels: Sequence[str], connect: Callable[[str], Publisher], studio: Studio, pauses: Pauses
) -> list[Check]:
    """Return what was tried. A paused channel whose account answers again is resumed."""
    now = studio.clock.now()
    return [
        *(_account(channel, connect, pauses, now) for channel in channels),
        *_cards(studio.tools.dialects.values(), studio.tools),
    ]


def _account(
    channel: str, connect: Callable[[str], Publisher], pauses: Pauses, now: datetime
) -> Check:
    name = f"{channel} account"
    try:
        account = connect(channel).check()
    except BotError as exc:
        return Check(
            name=name, ok=False, detail=str(exc), fix="See README, “Your first real post”."
        )
    resumed = pauses.resume(channel, by="preflight", now=now, only_own=True)
    who = f"{account.name}" + (f" (@{account.handle})" if account.handle else "")
    detail = who + (", sends again" if resumed else "")
    return Check(name=name, ok=True, detail=". ".join((detail, *account.notices)))


def _cards(dialects: Iterable[Dialect], tools: Tools) -> Iterator[Check]:
    for dialect in dialects:
        name = f"{dialect.name} card"
        try:
            card = tools.draw(HARD, dialect.card_size)
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
