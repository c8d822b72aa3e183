"""Whom the bot tells what."""

from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.choices import Group

Addresses = Annotated[tuple[SecretStr, ...], NoDecode]


class Messages(Group):
    """Whom the bot tells what: addresses in Apprise's form (mailto://, slack://, tgram://, …)."""

    editors: Addresses = Field(
        (), description="Who decides about posts. Several addresses are separated by spaces."
    )
    operators: Addresses = Field(
        (), description="Who gets the rehearsal's result and alarms. Empty: the editors."
    )
    escalation: Addresses = Field(
        (), description="Who else gets an alarm that nobody has mended in time."
    )

    @field_validator("editors", "operators", "escalation", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value
