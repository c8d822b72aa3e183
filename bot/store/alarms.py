"""The alarms there are, and what was done at its time already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, update

from bot.domain.health import Alarm, Trouble
from bot.domain.ledger import Event
from bot.store.alarm_schema import alarms, marks
from bot.store.audit import record
from bot.store.engine import reading, writing

#: The mark of when a backup was restored last.
RESTORED = "restored"


@dataclass(frozen=True)
class Alarms:
    """Every method is one transaction."""

    engine: Engine

    def all(self) -> dict[str, Alarm]:
        """Return what is wrong and was noticed, by key."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(alarms).order_by(alarms.c.raised_at)).mappings().all()
        return {
            row["key"]: Alarm(
                trouble=Trouble(
                    key=row["key"], title=row["title"], text=row["text"], until=row["until"]
                ),
                raised_at=row["raised_at"],
                told_at=row["told_at"],
                escalated_at=row["escalated_at"],
            )
            for row in rows
        }

    def keep(self, alarm: Alarm, *, now: datetime) -> None:
        """Write an alarm down as it is now; a new one is an event of the history."""
        trouble = alarm.trouble
        values = {
            "title": trouble.title,
            "text": trouble.text,
            "until": trouble.until,
            "raised_at": alarm.raised_at,
            "told_at": alarm.told_at,
            "escalated_at": alarm.escalated_at,
        }
        with writing(self.engine) as connection:
            changed = connection.execute(
                update(alarms).where(alarms.c.key == trouble.key).values(**values)
            )
            if not changed.rowcount:
                connection.execute(insert(alarms).values(key=trouble.key, **values))
                record(connection, _event("alarm.raised", trouble, now))

    def forget(self, alarm: Alarm, *, now: datetime) -> None:
        """Let an alarm go."""
        with writing(self.engine) as connection:
            gone = connection.execute(delete(alarms).where(alarms.c.key == alarm.trouble.key))
            if gone.rowcount:
                record(connection, _event("alarm.cleared", alarm.trouble, now))

    def last(self, name: str) -> datetime | None:
        """Return the time for which something was claimed last by `first`."""
        with reading(self.engine) as connection:
            return connection.execute(select(marks.c.at).where(marks.c.name == name)).scalar()

    def first(self, name: str, at: datetime) -> bool:
        """Claim what happens at this time: True for one caller, whoever asks how often."""
        with writing(self.engine) as connection:
            last = connection.execute(select(marks.c.at).where(marks.c.name == name)).scalar()
            if last is None:
                connection.execute(insert(marks).values(name=name, at=at))
            elif last < at:
                connection.execute(update(marks).where(marks.c.name == name).values(at=at))
            return last is None or last < at


def _event(name: str, trouble: Trouble, now: datetime) -> Event:
    return Event(at=now, name=name, who="bot", detail={"key": trouble.key, "title": trouble.title})
