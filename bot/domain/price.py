"""What a post costs to send, before it is sent."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.delivery import Item
from bot.domain.ports import Dialect
from bot.domain.post import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A platform's price list, in US dollars; X's pay-per-use prices of April 2026 by default.

    X changes them without notice ("subject to change" on its pricing page), so they are a setting.

    Attributes:
        post: one request that creates a post without an address in it.
        post_with_link: the same with one; X does not say how it finds addresses, we take its
            own text library's word for it.
        alt_text: one picture's alternative text.
        owned_read: one of the account's own posts, read back.
        user_read: who the account is.
        delete: taking a post down.
    """

    post: Decimal = Decimal("0.015")
    post_with_link: Decimal = Decimal("0.200")
    alt_text: Decimal = Decimal("0.005")
    owned_read: Decimal = Decimal("0.001")
    user_read: Decimal = Decimal("0.010")
    delete: Decimal = Decimal("0.010")

    def of(self, item: Item) -> Decimal:
        """Return what one of these costs."""
        price: Decimal = getattr(self, item.value)
        return price


def cost(content: Content, *, dialect: Dialect, prices: Prices) -> Decimal:
    """Return what sending `content` with all its parts will cost, in US dollars."""
    described = (content.alt_text if content.card else "", *(alt for _, alt in content.pictures))
    total = prices.alt_text * sum(1 for alt_text in described if alt_text)
    for words in (content.text, *content.parts):
        linked = any(entity.kind == "url" for entity in dialect.measure(words).entities)
        total += prices.post_with_link if linked else prices.post
    return total
