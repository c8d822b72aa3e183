"""Whether all is well: single checks, troubles, and the alarms that troubles become.

Pure: what is known and the time in, what is to be told out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.message import Message, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried.

    Attributes:
        fix: what to do when it is not ok.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""


#: Looks at something and says what it found.
Look = Callable[[], Iterable[Check]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Something that runs out at a known time: a token, an API version.

    Attributes:
        least_days: replace it so long before.
    """

    what: str
    until: datetime
    fix: str
    least_days: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong just now.

    Attributes:
        key: the same for the same trouble, so that it is told once.
        text: what happened, what was kept safe, what to do next.
        until: after this time nobody wants to know any more (a day's alarm, the next day).
    """

    key: str
    title: str
    text: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A trouble that lasts.

    Attributes:
        told_at: when its readers were told last; None while nobody was reached.
        escalated_at: when those were told who are told when nobody mends it.
    """

    trouble: Trouble
    raised_at: datetime
    told_at: datetime | None = None
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long an alarm waits.

    Attributes:
        escalate: before others are told, too.
        remind: before the same people are told again.
    """

    escalate: timedelta
    remind: timedelta


class Step(StrEnum):
    """What is to be done about an alarm."""

    TELL = "tell"
    ESCALATE = "escalate"
    CLEAR = "clear"  # say that all is well again
    DROP = "drop"  # say nothing; its time is over, or nobody was ever told


def steps(
    troubles: Iterable[Trouble], known: Mapping[str, Alarm], now: datetime, patience: Patience
) -> Iterator[tuple[Step, Alarm]]:
    """Yield what is to be done: each trouble is told once, again after a while, and cleared once.

    Args:
        troubles: all that is wrong now.
        known: the alarms there are, by key.
        now: the time.
        patience: how long an alarm waits.
    """
    wrong = {one.key: one for one in troubles}
    for key, trouble in wrong.items():
        alarm = known.get(key)
        alarm = replace(alarm, trouble=trouble) if alarm else Alarm(trouble=trouble, raised_at=now)
        if alarm.told_at is None or now - alarm.told_at >= patience.remind:
            yield Step.TELL, alarm
        if alarm.escalated_at is None and now - alarm.raised_at >= patience.escalate:
            yield Step.ESCALATE, alarm
    for key, alarm in known.items():
        if key not in wrong:
            over = alarm.trouble.until is not None and alarm.trouble.until <= now
            yield (Step.DROP if over or alarm.told_at is None else Step.CLEAR), alarm


def message(step: Step, alarm: Alarm, now: datetime, link: str = "") -> Message:
    """Return what is said at this step."""
    trouble = alarm.trouble
    lasts = f"{_span(now - alarm.raised_at)}"
    if step is Step.CLEAR:
        text = f"It is right again, after {lasts}. It was: {trouble.text}"
        return Message(title=f"All clear: {trouble.title}", text=text, urgency=Urgency.GOOD)
    again = "" if now - alarm.raised_at < timedelta(minutes=1) else f"\nIt has lasted for {lasts}."
    if step is Step.ESCALATE:
        again += " Nobody has mended it."
    return Message(title=trouble.title, text=trouble.text + again, urgency=Urgency.ALARM, link=link)


def _span(length: timedelta) -> str:
    minutes = max(1, round(length.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
