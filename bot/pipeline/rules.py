"""The numbers of the publish protocol, and the waits they give."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ledger import Look
from bot.domain.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How patient the publisher is. All in seconds.

    Attributes:
        lease: how long one attempt may take. Nothing is written to the wire after three tenths
            of it, counted from before the claim.
        settle: how long after an unclear attempt the platform is first asked; longer than a
            platform takes to accept late.
        recheck: until it is asked again, when the post was not there.
        need_absent: how often it must be absent before it is sent again.
        verify: how long after publishing the post is read back.
        backoff: the first wait after a failure that may be tried again; doubles each time.
        backoff_most: the longest such wait.
        give_up: how long looking may keep failing before an editor is asked.
    """

    lease: float = 120
    settle: float = 120
    recheck: float = 600
    need_absent: int = 2
    verify: float = 20
    backoff: float = 30
    backoff_most: float = 900
    give_up: float = 3600

    def retry_at(self, now: datetime, tries: int) -> datetime:
        """Return when to try again after `tries` tries without success."""
        wait = min(self.backoff_most, self.backoff * 2 ** max(0, tries))
        return now + timedelta(seconds=wait)


def look_after(clock: Clock, seconds: float) -> Look:
    """Return a look at the platform `seconds` from now, safe against a clock that is set."""
    return Look(
        at=clock.now() + timedelta(seconds=seconds),
        uptime=clock.uptime() + seconds,
        boot=clock.boot(),
    )
