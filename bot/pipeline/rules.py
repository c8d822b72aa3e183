"""The numbers of the publish protocol, and the waits they give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ledger import Look, Patience
from bot.domain.ports import Clock
from bot.domain.post import Post
from bot.domain.schedule import Ruling

#: Says whether the channel's timetable lets a due post go out now.
Timed = Callable[[Post], Ruling]


def at_any_time(post: Post) -> Ruling:
    """Let every post go out."""
    del post
    return Ruling.SEND


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
        late: how long after its time an approved post that has not gone out raises an alarm.
        unread: how long reading back may keep failing before an editor is asked.
        daily: the most posts one channel sends in 24 hours; None for any number.
        unanswered: how long an editor may leave a question unanswered before an alarm.
    """

    lease: float = 120
    settle: float = 120
    recheck: float = 600
    need_absent: int = 2
    verify: float = 20
    backoff: float = 30
    backoff_most: float = 900
    give_up: float = 3600
    late: float = 900
    unread: float = 86_400
    unanswered: float = 86_400
    daily: int | None = None

    def retry_at(self, now: datetime, tries: int, chance: float = 0.5) -> datetime:
        """Return when to try again after `tries` tries without success.

        Args:
            now: the time.
            tries: so far.
            chance: from 0 to 1; makes the wait up to a quarter shorter or longer, so that posts
                which failed together are not tried again together.
        """
        wait = min(self.backoff_most, self.backoff * 2 ** min(30, max(0, tries)))
        return now + timedelta(seconds=wait * (0.75 + chance / 2))

    @property
    def patience(self) -> Patience:
        """After how long a state is overdue."""
        return Patience(
            late=timedelta(seconds=self.late),
            sending=timedelta(seconds=2 * self.lease),
            look=timedelta(seconds=self.give_up),
            unanswered=timedelta(seconds=self.unanswered),
        )


def look_after(clock: Clock, seconds: float) -> Look:
    """Return a look at the platform `seconds` from now, safe against a clock that is set."""
    return Look(
        at=clock.now() + timedelta(seconds=seconds),
        uptime=clock.uptime() + seconds,
        boot=clock.boot(),
    )
