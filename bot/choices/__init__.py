"""What an operator can choose, in groups; `bot.settings` reads them from BOT_<GROUP>__<NAME>."""

import re
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import NoDecode


class Group(BaseModel):
    """Settings that belong together; their names are BOT_<GROUP>__<NAME>."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Group):
    """The site whose articles are published."""

    name: str = Field("The ShiftMaker", description="The site's name.")
    article_url: str = Field(
        "https://theshiftmaker.com/articles/{id}",
        description="Address of an article whose own page does not name it; {id} is its id.",
    )
    timezone: str = Field("Asia/Kolkata", description="IANA zone of the newsroom.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise ValueError(f"{value!r} is not an IANA time zone such as Asia/Kolkata") from exc
        return value

    @field_validator("article_url")
    @classmethod
    def _has_id(cls, value: str) -> str:
        if "{id}" not in value or not value.startswith(("http://", "https://")):
            raise ValueError("must be a web address with {id} in it")
        return value


class Links(Group):
    """Where the link to the article goes. X bills a post with a link thirteen times as much."""

    x: Literal["in_post", "card_only", "thread_reply"] = Field(
        "in_post",
        description='"in_post"; "card_only": no link, only the card; "thread_reply": in a reply, '
        "which X bills as two posts.",
    )
    linkedin: Literal["body", "article", "first_comment", "manual_comment"] = Field(
        "body",
        description='"body"; "manual_comment": the editor posts it as first comment; "article": '
        'a link card; "first_comment": the bot posts it, which LinkedIn allows pages only; '
        "a member is asked to post it.",
    )
    x_sections: Annotated[dict[str, str], NoDecode] = Field(
        {},
        description="Other choices for sections of the site, such as AI=in_post,Opinion=card_only.",
    )
    linkedin_sections: Annotated[dict[str, str], NoDecode] = Field({}, description="Likewise.")
    utm: bool = Field(
        True,
        description="Tag links (utm_…). A tagged link is also how a lost post is found again on X.",
    )

    @field_validator("x_sections", "linkedin_sections", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        return {section.strip().casefold(): policy.strip() for section, _, policy in pairs}

    @field_validator("x_sections")
    @classmethod
    def _of_x(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, ("in_post", "card_only", "thread_reply"))

    @field_validator("linkedin_sections")
    @classmethod
    def _of_linkedin(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, ("body", "article", "first_comment", "manual_comment"))

    def policy(self, channel: str, section: str) -> str:
        """Return where the link goes in a post on this channel about this section."""
        sections: dict[str, str] = getattr(self, f"{channel}_sections", {})
        return sections.get(section.casefold(), getattr(self, channel, "in_post"))


def _known(sections: dict[str, str], policies: tuple[str, ...]) -> dict[str, str]:
    for section, policy in sections.items():
        if policy not in policies:
            raise ValueError(f"write {section}={' or '.join(policies)}, not {policy!r}")
    return sections


class Threads(Group):
    """Posts that go on."""

    x: bool = Field(
        False, description="Further facts follow on X as numbered replies, each billed as a post."
    )

    def wanted(self, channel: str) -> bool:
        """Whether posts of this channel go on."""
        return bool(getattr(self, channel, False))


class Cards(Group):
    """How share cards look."""

    layout: str = Field(
        "auto",
        pattern=r"^[a-z][a-z0-9_-]*$",
        description='"headline"; or "auto": a big figure of headline or dek where a strong one '
        'stands alone, else the headline; or "picture": the article\'s own where it has a usable '
        "one with a description, else as auto; or the name of a layout of your own.",
    )
    variant: Literal["dark", "light"] = Field("dark", description="dark or light.")
    linkedin_tall: bool = Field(
        False, description="LinkedIn cards of 1080×1350, which fill more of a phone, not 1200×627."
    )
    linkedin_document: bool = Field(
        False,
        description="LinkedIn posts carry a PDF of three to five pages to leaf through instead "
        "of a picture, where the article has facts for it and no link card is wanted.",
    )


class Fetch(Group):
    """What may be read from the web."""

    allow_private: bool = Field(
        False, description="Also read from this machine and its own network, and from any port."
    )


class Schedule(Group):
    """When articles are read and posts go out."""

    edition: time = Field(time(7, 0), description="Time of the daily edition, in the site's zone.")
    tick_seconds: int = Field(
        20, ge=1, le=300, description="How often the publisher looks for due posts."
    )
    poll_seconds: int = Field(
        60, ge=1, le=86_400, description="How often BOT_INBOX_DIR is looked at."
    )
    max_age_hours: float = Field(
        48, gt=0, description="An article in the inbox older than this gets no posts."
    )
    expire_hours: float = Field(
        12, gt=0, description="A post not sent this long after its time is never sent."
    )


class Desk(Group):
    """The editors' desk in the browser."""

    enabled: bool = Field(True, description="Whether `bot run` serves it; `bot web` always does.")
    host: str = Field(
        "127.0.0.1",
        description="Address it listens on. Anything but this machine's own needs "
        "BOT_DESK__SECRET_KEY and an https BOT_DESK__URL.",
    )
    port: int = Field(8700, ge=0, le=65_535, description="Its port; 0: any free one.")
    url: str = Field(
        "", description="Its address for people, such as https://desk.example.org; empty: as above."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs its forms, at least 32 characters; empty: one is made in BOT_DATA_DIR.",
    )
    behind_proxy: bool = Field(
        False, description="Believe X-Forwarded-For: only behind a proxy of your own that sets it."
    )
    undo_seconds: int = Field(
        30, ge=0, le=600, description="How long an approval at the desk can be taken back."
    )
    api_per_minute: int = Field(
        600, ge=0, le=100_000, description="Requests a minute of one token to the API; 0: any."
    )

    @field_validator("url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/\s@]+/?", value):
            raise ValueError("write it as https://desk.example.org, without a path")
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """Where people find it."""
        return self.url or f"http://{self.host}:{self.port}"


class Publish(Group):
    """How patient the publisher is, in seconds."""

    lease_seconds: float = Field(
        120,
        ge=1,
        description="The longest one delivery may take; at least twice the platforms' timeouts. "
        "With several workers, what a dead one left is looked up after this time.",
    )
    settle_seconds: float = Field(
        120, ge=0, description="Wait before looking for a post whose sending ended unclear."
    )
    recheck_seconds: float = Field(
        600, ge=0, description="Wait before looking again when it was not there."
    )
    verify_seconds: float = Field(20, ge=0, description="Wait before a post is read back.")
    backoff_seconds: float = Field(
        30,
        gt=0,
        description="First wait after a failure that may be tried again; doubles each time, up to "
        "15 minutes.",
    )
    daily_most: int = Field(
        50, ge=1, description="The most posts a channel sends in 24 hours; further ones wait."
    )


class XPrices(Group):
    """What X bills for a post, in US dollars (pay-per-use, April 2026)."""

    post: Decimal = Field(Decimal("0.015"), ge=0, description="A post without a link.")
    post_with_link: Decimal = Field(Decimal("0.200"), ge=0, description="A post with one.")
    alt_text: Decimal = Field(Decimal("0.005"), ge=0, description="Alt text of a picture.")
    owned_read: Decimal = Field(
        Decimal("0.001"), ge=0, description="One of the account's own posts, read back."
    )
    user_read: Decimal = Field(Decimal("0.010"), ge=0, description="Who the account is.")
    delete: Decimal = Field(Decimal("0.010"), ge=0, description="Taking a post down.")


class Log(Group):
    """The log, on standard error."""

    style: Literal["console", "json"] = Field("console", description="console or json.")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least serious event to write."
    )
