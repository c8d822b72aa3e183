"""What an operator chooses about watched sources."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.choices import Group
from bot.domain.rhythm import Rhythm


class Sources(Group):
    """How the sources of `bot source add` are watched."""

    poll_seconds: int = Field(900, ge=30, le=86_400, description="How often a source is read.")
    edition_seconds: int = Field(
        90, ge=30, le=3600, description="How often around the edition time, when news is expected."
    )
    before_minutes: int = Field(10, ge=0, le=720, description="That begins so long before it,")
    after_minutes: int = Field(60, ge=0, le=720, description="and ends so long after it.")
    flood: int = Field(
        5,
        ge=1,
        le=500,
        description="More new articles at once than this wait for an editor's word.",
    )
    recheck: bool = Field(
        True,
        description="Read the page of an article again for two days, to see whether it was "
        "changed or taken down after its posts were made.",
    )
    at_once: int = Field(16, ge=1, le=64, description="How many sources are read at the same time,")
    per_host: int = Field(2, ge=1, le=16, description="and how many of them from one server.")
    contact: str = Field(
        "",
        max_length=120,
        pattern=r"^[\x20-\x7e]*$",
        description="Where a server's owner finds you, such as https://example.org/bot; it is part "
        "of the user agent.",
    )

    def rhythm(self, zone: ZoneInfo, edition: time) -> Rhythm:
        """Return when sources are read."""
        return Rhythm(
            zone=zone,
            edition=edition,
            often=timedelta(seconds=self.edition_seconds),
            seldom=timedelta(seconds=self.poll_seconds),
            before=timedelta(minutes=self.before_minutes),
            after=timedelta(minutes=self.after_minutes),
        )
