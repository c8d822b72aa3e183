"""What is checked before an edition, and what somebody is told about when it is missing."""

from datetime import time
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.choices import Group


class Preflight(Group):
    """The rehearsal: everything the next edition needs is tried, without posting."""

    times: Annotated[tuple[str, ...], NoDecode] = Field(
        ("20:00", "06:30"), description="When, in the site's zone; never: only by hand."
    )
    clock_url: str = Field(
        "",
        description="A web server whose time of day this machine's is compared with; empty: the "
        "first channel's platform.",
    )
    clock_seconds: float = Field(30, gt=0, description="Most seconds the clock may be wrong.")
    free_megabytes: float = Field(500, ge=0, description="Least space on the disk of the data.")
    backup_hours: float = Field(
        0, ge=0, description="How old the newest backup may be; 0: there need not be one."
    )
    quiet_hours: float = Field(
        36, gt=0, description="A source that showed nothing readable for so long is not fresh."
    )
    lasting_days: float = Field(
        7, ge=0, description="Least days that a token or an API version must last."
    )

    @field_validator("times", mode="before")
    @classmethod
    def _times(cls, value: Any) -> Any:
        if value == "never":
            return ()
        names = value.split(",") if isinstance(value, str) else value
        given = [name.strip() for name in names if name.strip()]
        try:
            return tuple(f"{time.fromisoformat(name):%H:%M}" for name in given)
        except ValueError as exc:
            raise ValueError(f"write times of day such as 20:00,06:30; not {value!r}") from exc


class Alarms(Group):
    """What somebody is told when it is missing, and the sign of life for those outside."""

    article_by: time = Field(time(7, 20), description="Alarm where no article appeared that day.")
    approved_by: time = Field(time(7, 40), description="Alarm where nothing of it was approved.")
    live_by: time = Field(time(7, 50), description="Alarm where nothing went live.")
    stuck_minutes: float = Field(20, gt=0, description="A post so late is stuck.")
    error_rate: float = Field(
        0.5, gt=0, le=1, description="Share of an hour's tries that may fail, of at least four."
    )
    spend_month: float = Field(
        0, ge=0, description="US dollars a month that X may cost; 0: no alarm."
    )
    escalate_minutes: float = Field(
        20, gt=0, description="BOT_MESSAGES__ESCALATION is told after this time, too."
    )
    remind_hours: float = Field(6, gt=0, description="An alarm that lasts is told again.")
    heartbeat_url: SecretStr = Field(
        SecretStr(""),
        description="Called while all duties are done, as healthchecks.io and others want it: they "
        "tell you when the calls stop, because then this machine cannot.",
    )
    heartbeat_seconds: int = Field(60, ge=5, description="How often.")


class Health(Group):
    """What machines ask: /livez, /readyz and /metrics of `bot run`."""

    host: str = Field("127.0.0.1", description="Address they are served at; they hold no secrets.")
    port: int = Field(8702, ge=0, le=65_535, description="Its port; 0: not served.")
