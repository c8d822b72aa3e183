"""What posting costs: prices, what was spent, and what an account may spend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.delivery import Item
from bot.domain.post import Post

Bill = Mapping[Item, int]

NOTHING = Decimal(0)


class AtCap(StrEnum):
    """What becomes of a post for which there is no money left."""

    HOLD = "hold"  # it waits until the next day or month, while it is fresh
    CARD_ONLY = "card_only"  # its link is taken out, and an editor is asked to approve it so


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one account may spend, in US dollars; None for as much as it likes.

    Days and months are the newsroom's.
    """

    day: Decimal | None = None
    month: Decimal | None = None
    at_cap: AtCap = AtCap.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a deed costs on a channel, with what the account may spend meanwhile.

    Attributes:
        lines: US dollars by what is billed.
        counts: how often each is billed.
        day_began, month_began: since when spending counts.
    """

    channel: str
    platform: str
    lines: Mapping[Item, Decimal]
    counts: Mapping[Item, int]
    caps: Caps
    day_began: datetime
    month_began: datetime

    @property
    def total(self) -> Decimal:
        """US dollars."""
        return sum(self.lines.values(), NOTHING)

    def refusal(self, today: Decimal, this_month: Decimal) -> str:
        """Return why there is no money for it, given what was spent; "" where there is."""
        for name, cap, spent in (
            ("day", self.caps.day, today),
            ("month", self.caps.month, this_month),
        ):
            if cap is not None and self.total and spent + self.total > cap:
                return (
                    f"{self.channel}'s cap of ${cap:.2f} a {name} is reached: ${spent:.3f} is spent, "
                    f"this post costs ${self.total:.3f}. Nothing was sent."
                )
        return ""


def windows(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, datetime]:
    """Return when the newsroom's day and month began, and when its next day begins."""
    day = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (day + timedelta(hours=36)).replace(hour=0)
    return day, day.replace(day=1), tomorrow


def forecast(
    *, spent: Decimal, lately: Decimal, days: int, left: Decimal, waiting: Decimal
) -> Decimal:
    """Return what a month will have cost at its end.

    Args:
        spent: this month so far.
        lately: in the last `days` days.
        days: how many those are.
        left: days until the month ends.
        waiting: what the posts cost that are approved and not sent yet.
    """
    daily = lately / max(1, days)
    return spent + max(waiting, daily * left)


class Money(Protocol):
    """Watches what is spent."""

    def cost(self, post: Post, bill: Bill) -> Cost | None:
        """Return what a bill comes to on the post's channel; None where it is free."""
        ...

    def refusal(self, cost: Cost) -> str:
        """Return why there is no money for it now; "" where there is."""
        ...

    def until(self, now: datetime) -> datetime:
        """Return when to look again whether there is money."""
        ...

    def fall_back(self, post: Post, reason: str, now: datetime) -> bool:
        """Make a cheaper post of it where the house wants that; False where it shall wait."""
        ...

    def note(self, post: Post, bill: Bill, now: datetime) -> None:
        """Write down what reading or uploading was billed."""
        ...


class Free:
    """Where nothing costs anything."""

    def cost(self, post: Post, bill: Bill) -> Cost | None:
        """Nothing does."""
        del post, bill
        return None

    def refusal(self, cost: Cost) -> str:
        """Never."""
        del cost
        return ""

    def until(self, now: datetime) -> datetime:
        """At once."""
        return now

    def fall_back(self, post: Post, reason: str, now: datetime) -> bool:
        """There is no need."""
        del post, reason, now
        return False

    def note(self, post: Post, bill: Bill, now: datetime) -> None:
        """There is nothing to write down."""
        del post, bill, now
