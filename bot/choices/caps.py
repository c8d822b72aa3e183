"""What an operator lets an account spend."""

from decimal import Decimal

from pydantic import Field, field_validator

from bot.choices import Group
from bot.domain import money


class Caps(Group):
    """What this account may spend, in US dollars."""

    day: Decimal | None = Field(
        None, ge=0, description="Most a day, in the newsroom's zone; empty: no cap."
    )
    month: Decimal | None = Field(None, ge=0, description="Most a month; empty: no cap.")
    at_cap: money.AtCap = Field(
        money.AtCap.HOLD,
        description="hold: posts wait until there is money again, while they are fresh. card_only: "
        "the link is taken out of a post, and it goes back to the editors to be approved so.",
    )

    @field_validator("day", "month", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    def caps(self) -> money.Caps:
        """Return them as the pipeline knows them."""
        return money.Caps(day=self.day, month=self.month, at_cap=self.at_cap)
