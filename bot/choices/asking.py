"""How editors are asked to decide when they are not at the desk."""

import re
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.choices import Group


class Asking(Group):
    """When editors are told that posts wait, and how they may answer."""

    new: bool = Field(True, description="Tell editors of new posts, all of one reading at once.")
    batch_seconds: int = Field(
        15, ge=0, le=600, description="Wait this long for more posts before telling of new ones."
    )
    reminders: str = Field(
        "45,15",
        pattern=r"^\s*(\d{1,4}(\s*,\s*\d{1,4})*)?\s*$",
        description="Remind of posts that nobody has decided about, these minutes before their "
        "time; empty: never.",
    )
    escalate: int = Field(
        10,
        ge=0,
        le=1440,
        description="Tell BOT_MESSAGES__ESCALATION this many minutes before; 0: never.",
    )
    people: Annotated[dict[str, SecretStr], NoDecode] = Field(
        {},
        description="Who gets links by which they can decide without signing in: their names at "
        "the desk and addresses, such as asha=mailto://… ravi=tgram://… Needs BOT_DESK__URL.",
    )
    link_minutes: int = Field(
        120, ge=1, le=1440, description="How long such a link works; it works once."
    )

    @field_validator("people", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split()]
        if any(not name or "://" not in address for name, _, address in pairs):
            raise ValueError("write name=address, several separated by spaces: asha=mailto://…")
        return {name.casefold(): address for name, _, address in pairs}

    @property
    def minutes(self) -> tuple[int, ...]:
        """The reminders, the earliest first."""
        return tuple(sorted({int(n) for n in re.findall(r"\d+", self.reminders)}, reverse=True))
