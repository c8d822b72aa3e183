"""Raises alarms, tells them once, escalates, reminds, and says when all is well again."""

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.app import App
from bot.domain.errors import BotError, NotTold, StoreError
from bot.domain.health import Alarm, Patience, Step, Trouble, message, steps
from bot.domain.message import Message
from bot.domain.ports import Messenger
from bot.health.absence import causes

log = structlog.get_logger(__name__)


class Watch:
    """Looks for what is wrong, and tells it.

    With the database out of order nothing can be remembered but in here: that one alarm is told
    once a process.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._lost: Alarm | None = None

    def look(self) -> list[tuple[Step, Alarm]]:
        """Look once; return what was done about which alarm. Raises nothing a reader can meet."""
        try:
            # Reading alone goes on while another program stands still in the middle of a write.
            self.app.store.vitals.writable()
            done = [step for step in self._steps() if self._do(*step)]
        except StoreError as exc:
            self._database_lost(str(exc))
            return []
        if self._lost is not None:
            self._tell(self.app.messages.operators, Step.CLEAR, self._lost)
            self._lost = None
        return done

    def _steps(self) -> list[tuple[Step, Alarm]]:
        choices = self.app.settings.alarms
        patience = Patience(
            escalate=timedelta(minutes=choices.escalate_minutes),
            remind=timedelta(hours=choices.remind_hours),
        )
        known = self.app.store.alarms.all()
        return list(steps(causes(self.app), known, self.app.clock.now(), patience))

    def _do(self, step: Step, alarm: Alarm) -> bool:
        store, now = self.app.store.alarms, self.app.clock.now()
        match step:
            case Step.TELL:
                store.keep(replace(alarm, told_at=None), now=now)  # what cannot be kept is not told
                if self._tell(self.app.messages.operators, step, alarm):
                    store.keep(replace(alarm, told_at=now), now=now)
            case Step.ESCALATE:
                if self._tell(self.app.messages.escalation, step, alarm):
                    kept = store.all().get(alarm.trouble.key, alarm)
                    store.keep(replace(kept, escalated_at=now), now=now)
            case Step.CLEAR:
                self._tell(self.app.messages.operators, step, alarm)
                if alarm.escalated_at is not None:
                    self._tell(self.app.messages.escalation, step, alarm)
                store.forget(alarm, now=now)
            case Step.DROP:
                store.forget(alarm, now=now)
        return True

    def _tell(self, messenger: Messenger, step: Step, alarm: Alarm) -> bool:
        """Tell one alarm; False where nobody was reached, so that it is told again."""
        said = message(step, alarm, self.app.clock.now(), self.app.settings.desk.url)
        urgent = step in (Step.TELL, Step.ESCALATE)
        log.log(40 if urgent else 20, f"alarm.{step}", key=alarm.trouble.key, title=said.title)
        return delivered(messenger, said)

    def _database_lost(self, reason: str) -> None:
        if self._lost is None:
            trouble = Trouble(key="database", title="The database cannot be used", text=reason)
            alarm = Alarm(trouble=trouble, raised_at=self.app.clock.now())
            if self._tell(self.app.messages.operators, Step.TELL, alarm):
                self._lost = alarm


def delivered(messenger: Messenger, said: Message) -> bool:
    """Send a message; False where it reached nobody. Some of several readers are enough."""
    try:
        messenger.send(said)
    except NotTold as exc:
        log.error("message.not_delivered", reason=str(exc), title=said.title)
        return exc.reached > 0
    except BotError as exc:
        log.error("message.not_delivered", reason=str(exc), title=said.title)
        return False
    return True
