"""Watches what is spent: prices and caps of the settings, amounts from the store."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain.desk import Desk
from bot.domain.errors import BotError
from bot.domain.money import NOTHING, AtCap, Bill, Caps, Cost, forecast, windows
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Content, Finding, Level, Post, State
from bot.domain.price import Prices, cost
from bot.settings import Base
from bot.store import Store
from bot.store.spending import Spending

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

#: How long a post waits before it is tried again whether there is money.
_AGAIN = timedelta(minutes=15)

#: How far back a forecast looks.
_LATELY = 7


def prices(settings: Base) -> dict[str, Prices]:
    """Return what things cost, by platform; platforms without a price are free."""
    return {"x": Prices(**settings.x_prices.model_dump())}


def price(settings: Base, post: Post, dialect: Dialect | None) -> Decimal:
    """Return what sending a post will cost, in US dollars."""
    known = prices(settings).get(post.platform)
    if known is None or dialect is None:
        return NOTHING
    return cost(post.content, dialect=dialect, prices=known)


def purse(settings: Base, store: Store, clock: Clock, zone: ZoneInfo) -> "Purse":
    """Return what watches the money of all channels."""
    caps = {name: settings.caps(name).caps() for name in settings.channels}
    return Purse(prices(settings), caps, store.spending, store.desk, zone, clock.now)


@dataclass(frozen=True)
class Purse:
    """Implements `bot.domain.money.Money`.

    Attributes:
        prices: by platform; one without is free.
        caps: by channel.
    """

    prices: Mapping[str, Prices]
    caps: Mapping[str, Caps]
    spending: Spending
    desk: Desk
    zone: ZoneInfo
    now: Callable[[], datetime]

    def cost(self, post: Post, bill: Bill) -> Cost | None:
        """Return what a bill comes to on the post's channel; None where it is free."""
        return self._cost(post.channel, post.platform, bill)

    def _cost(self, channel: str, platform: str, bill: Bill) -> Cost | None:
        prices = self.prices.get(platform)
        if prices is None or not bill:
            return None
        day, month, _ = windows(self.now(), self.zone)
        return Cost(
            channel=channel,
            platform=platform,
            lines={item: prices.of(item) * count for item, count in bill.items()},
            counts=dict(bill),
            caps=self.caps.get(channel, Caps()),
            day_began=day,
            month_began=month,
        )

    def refusal(self, cost: Cost) -> str:
        """Return why there is no money for it now; "" where there is."""
        if cost.caps.day is None and cost.caps.month is None:
            return ""
        today = self.spending.spent(cost.channel, cost.day_began)
        return cost.refusal(today, self.spending.spent(cost.channel, cost.month_began))

    def until(self, now: datetime) -> datetime:
        """Return when to look again: soon, because somebody may raise the cap."""
        return min(windows(now, self.zone)[2], now + _AGAIN)

    def fall_back(self, post: Post, reason: str, now: datetime) -> bool:
        """Take the link out of a post and give it back to the editors, where the house wants that.

        An approval is for exactly one content; so this one needs another.
        """
        caps = self.caps.get(post.channel, Caps())
        content = without_link(post.content)
        if caps.at_cap is not AtCap.CARD_ONLY or content is None:
            return False
        told = Finding(
            rule="spending-cap",
            level=Level.WARN,
            message=f"{reason} Its link was taken out, which is cheaper: approve it so, or hold it.",
        )
        findings = [*self.desk.findings(post.id), told]
        why = f"{reason} Its link was taken out, which is cheaper, and its approval is void."
        try:
            self.desk.edit(post, content, findings, by="policy:cap", now=now, reason=why)
        except BotError as exc:  # somebody has it in hand just now
            log.info("post.not_cheapened", post=post.id, reason=str(exc))
            return False
        log.warning("post.cheapened", post=post.id, channel=post.channel, reason=reason)
        return True

    def note(self, post: Post, bill: Bill, now: datetime) -> None:
        """Write down what reading or uploading was billed."""
        cost = self.cost(post, bill)
        if cost is not None:
            self.spending.note(cost, post_id=post.id, now=now)

    def jot(self, channel: str, bill: Bill) -> None:
        """Write down what an account was billed that is about no post of the queue."""
        cost = self._cost(channel, channel, bill)
        if cost is not None:
            self.spending.note(cost, post_id=None, now=self.now())

    def report(self, channel: str, waiting: Decimal) -> dict[str, Any]:
        """Return what a channel has spent, may spend, and will have spent at the month's end."""
        now = self.now()
        day, month, _ = windows(now, self.zone)
        spent = self.spending.spent(channel, month)
        ends = calendar.monthrange(month.year, month.month)[1]
        left = Decimal(ends - day.day + 1)
        lately = self.spending.spent(channel, now - timedelta(days=_LATELY))
        caps = self.caps.get(channel, Caps())
        return {
            "channel": channel,
            "today_usd": self.spending.spent(channel, day),
            "month_usd": spent,
            "day_cap_usd": caps.day,
            "month_cap_usd": caps.month,
            "at_cap": caps.at_cap,
            "waiting_usd": waiting,
            "forecast_usd": forecast(
                spent=spent, lately=lately, days=_LATELY, left=left, waiting=waiting
            ),
            "by_item": self.spending.by_item(channel, month),
        }


def without_link(content: Content) -> Content | None:
    """Return the content without its link, None where that leaves it as it is or says nothing."""
    if not content.link or content.link not in content.text:
        return None
    lines = [line.replace(content.link, "").rstrip() for line in content.text.split("\n")]
    text = "\n".join(lines).strip()
    return replace(content, text=text, link=None) if text else None


def reports(app: "App") -> Sequence[dict[str, Any]]:
    """Return for every channel what it has spent, may spend, and will have, see `Purse.report`."""
    posts = app.store.desk.posts((State.APPROVED,))
    return [
        app.purse.report(
            name, sum((app.price(post) for post in posts if post.channel == name), NOTHING)
        )
        for name in app.settings.channels
    ]
