"""What an operator chooses about when channels post."""

import re
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from bot.choices import Group, Site
from bot.domain.errors import ConfigError
from bot.domain.schedule import WEEKDAYS, Late, Timetable, read_holidays

_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class Times(Group):
    """When this channel posts. Empty: like the site."""

    edition: str = Field(
        "",
        pattern=rf"^({_TIME})?$",
        description="The channel's own edition time, 08:30; its posts wait for it. Empty: the "
        "site's edition, and posts go out when their article does.",
    )
    timezone: str = Field("", description="IANA zone of these times, such as Europe/London.")
    weekdays: str = Field(",".join(WEEKDAYS), description="On which days posts go out.")
    holidays: Path | None = Field(
        None, description="File of days without posts: one YYYY-MM-DD a line, # comments."
    )
    quiet: str = Field(
        "",
        pattern=rf"^({_TIME}-{_TIME})?$",
        description="Hours in which nothing goes out, such as 22:00-06:30.",
    )
    slots: str = Field(
        "",
        pattern=rf"^({_TIME}(\s*,\s*{_TIME})*)?$",
        description="The only times posts are given, one post each: 07:00,12:30,18:00.",
    )
    spacing_minutes: float = Field(0, ge=0, description="Least time between two posts.")
    daily: int = Field(
        25,
        ge=0,
        description="Most posts of one day; what is left waits for the next one, until it expires. "
        "0: no limit.",
    )
    late: Late = Field(
        Late.SEND,
        description="A post that is late because the machine slept or was down: send (at once), "
        "next (with the next edition or slot) or skip (it expires).",
    )
    late_minutes: float = Field(60, gt=0, description="How late that is.")

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return Site._known_zone(value) if value else value  # noqa: SLF001 -- the same rule

    @field_validator("holidays", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("weekdays")
    @classmethod
    def _weekdays(cls, value: str) -> str:
        days = _names(value)
        unknown = [day for day in days if day not in WEEKDAYS]
        if unknown or not days:
            raise ValueError(f"name days of {','.join(WEEKDAYS)}; not {value!r}")
        return value

    def timetable(self, site: Site, edition: time) -> Timetable:
        """Return these times in full. Raises ConfigError where the holidays cannot be read."""
        quiet = [time.fromisoformat(at) for at in re.findall(r"\d\d:\d\d", self.quiet)]
        return Timetable(
            zone=ZoneInfo(self.timezone or site.timezone),
            edition=time.fromisoformat(self.edition) if self.edition else edition,
            waits=bool(self.edition),
            weekdays=frozenset(WEEKDAYS.index(day) for day in _names(self.weekdays)),
            holidays=_holidays(self.holidays),
            quiet=(quiet[0], quiet[1]) if quiet else None,
            slots=tuple(time.fromisoformat(at) for at in _names(self.slots)),
            spacing=timedelta(minutes=self.spacing_minutes),
            daily=self.daily,
            late=self.late,
            late_after=timedelta(minutes=self.late_minutes),
        )


def _names(value: str) -> list[str]:
    return [name.strip().lower() for name in value.split(",") if name.strip()]


def _holidays(path: Path | None) -> frozenset[date]:
    if path is None:
        return frozenset()
    try:
        return read_holidays(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            f"The holidays file {path} cannot be read: {exc}. Fix it or unset it."
        ) from exc
