"""The heartbeat: APScheduler calls the duties and keeps no state; a watchdog looks after it."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.app import App
from bot.courier import Courier, local
from bot.domain.errors import WorkerError
from bot.duties import Duties
from bot.health.server import HealthServer

log = structlog.get_logger(__name__)

#: What one process can do; all of it by default.
PARTS = ("web", "scheduler", "publisher")

#: Seconds that a stop waits for what is being done. An attempt that is still on the wire then is
#: already written down: it is found unclear at the next start and looked up, never lost.
GRACE = 8.0

#: Seconds after which a duty that does not end is stuck. An attempt has 36 s until it is
#: written to the wire, and 70 s for each answer, whatever the other side does.
STUCK = 900.0


class Heart:
    """The scheduler, and what can be known of its health.

    Jobs live in memory and hold no state: a missed or repeated run changes nothing, because the
    store knows what is due. Late runs are never dropped (misfire_grace_time=None) and pile up to
    one (coalesce); a run never overtakes itself (max_instances=1, and `Duties` sees to it across
    schedulers too).
    """

    def __init__(self, duties: Duties, parts: Collection[str]) -> None:
        self.duties = duties
        self.parts = parts
        self.clock = BackgroundScheduler(timezone="UTC")
        self.started_at = 0.0
        self.ready = False

    def start(self) -> None:
        """Begin to beat: every duty at once, then by its interval."""
        self.duties.app.accounts.take_over()
        self.clock = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        app, schedule = self.duties.app, self.duties.app.settings.schedule
        if "scheduler" in self.parts:
            if app.settings.inbox_dir is not None:
                self._every(schedule.poll_seconds, self.duties.read)
            self._every(schedule.tick_seconds, self.duties.edition)
            self._every(schedule.tick_seconds, self.duties.hooks)
            self._every(schedule.tick_seconds, self.duties.ask)
            self._every(schedule.tick_seconds, self.duties.watch)
            self._every(schedule.tick_seconds, self.duties.alarms)
            self._every(schedule.tick_seconds, self.duties.rehearse)
            self._every(schedule.poll_seconds, self.duties.tidy)
        if "publisher" in self.parts or (self.duties.courier.shared and "scheduler" in self.parts):
            self._every(schedule.tick_seconds, self.duties.tick)
        self.started_at = app.clock.uptime()
        self.clock.start()

    def open(self, ready: Callable[[], None]) -> None:
        """Be ready once `ready` has done what else belongs to a start."""
        ready()
        self.ready = True

    def stop(self) -> None:
        """Call no duty any more; those being done go on."""
        if self.clock.running:
            self.clock.shutdown(wait=False)

    def look(self) -> None:
        """Mend a clock that waits for a time it already had; find one that is dead.

        APScheduler waits for a time of day: with the machine's clock set back an hour it would
        do nothing for an hour, and after a sleep go on too late. The uptime tells.

        Raises:
            WorkerError: the scheduler's thread has died, or a duty does not end.
        """
        if reason := self.ill():
            raise WorkerError(reason)
        up = self.duties.app.clock.uptime()
        if self.late_by(up) > 0 and not self.duties.running:
            log.warning("clock.restarted", reason="the machine slept or its clock was set")
            self.stop()
            self.start()

    def ill(self) -> str:
        """Return why the process should be started again; "" while it need not be."""
        thread = self.clock._thread  # noqa: SLF001 -- `running` stays True when its thread dies
        if self.clock.running and (thread is None or not thread.is_alive()):
            return (
                "The scheduler's thread has died, so nothing would be sent any more. What is "
                "approved is kept. Start the bot again; its log says what happened."
            )
        up = self.duties.app.clock.uptime()
        for name, since in tuple(self.duties.running.items()):
            if up - since > STUCK:
                return (
                    f"The duty {name!r} has not ended for {up - since:.0f} s. What is approved is "
                    "kept, and what was being sent is looked up at the next start. Start again."
                )
        return ""

    def unready(self) -> str:
        """Return why nothing is done just now; "" while all is done. Raises StoreError."""
        if not self.ready:
            return "It is starting."
        late = self.late_by(self.duties.app.clock.uptime())
        if self.clock.running and late > 0 and not self.duties.running:
            return f"No duty was done for {late:.0f} s longer than usual."
        self.duties.app.store.vitals.asking()  # the database answers
        return ""

    def ages(self) -> Mapping[str, float]:
        """Return for each duty how many seconds ago it ended last."""
        up = self.duties.app.clock.uptime()
        return {name: up - at for name, at in tuple(self.duties.beats.items())}

    def failing(self) -> Mapping[str, str]:
        """Return why each duty failed that did not end well the last time."""
        return dict(self.duties.failing)

    def late_by(self, up: float) -> float:
        """Return for how many seconds a beat is overdue; negative while it is not."""
        last = max([self.started_at, *self.duties.beats.values()])
        return up - last - max(10, 3 * self.duties.app.settings.schedule.tick_seconds)

    def _every(self, seconds: int, duty: Callable[[], None]) -> None:
        now = self.duties.app.clock.now()
        self.clock.add_job(duty, IntervalTrigger(seconds=seconds), next_run_time=now)


def run(
    app: App,
    *,
    ready: Callable[[], None],
    parts: Collection[str] = PARTS,
    courier: Courier | None = None,
    rehearsal: Callable[[Callable[[], bool]], None] | None = None,
    leave: Callable[[int], object] = os._exit,
) -> None:
    """Run until SIGTERM or SIGINT, then stop within ten seconds with nothing lost.

    SIGHUP reads the templates and the vocabulary anew.

    Args:
        app: everything, wired.
        ready: called when the clock runs.
        parts: which of `PARTS` this process does.
        courier: brings what is due to whoever delivers it; None: this process itself.
        rehearsal: makes the rehearsal, see `Duties`.
        leave: ends the process while something is still being done; takes the exit code.

    Raises:
        ConfigError: another process is publishing from this database.
        WorkerError: the clock has died.
    """
    stopping = threading.Event()
    courier = courier or local(app)
    duties = Duties(app, stopping, courier, rehearsal)
    heart = Heart(duties, parts)
    with _signals(duties), _signs_of_life(app, heart), contextlib.ExitStack() as held:
        if "publisher" in parts:
            held.enter_context(app.publishing())
        held.enter_context(courier.running(duties.deliver))
        if set(parts) & {"scheduler", "publisher"}:
            heart.start()
        log.info("bot.started", channels=app.settings.channels, parts=tuple(parts))
        heart.open(ready)
        died: WorkerError | None = None
        try:
            while not stopping.wait(1.0):
                if heart.clock.running:
                    heart.look()
        except WorkerError as exc:
            log.error("bot.died", reason=str(exc))
            died = exc
        stopping.set()
        heart.stop()
        if not duties.rest(GRACE):
            code = died.exit_code if died else 0
            log.warning("bot.left", doing=sorted(duties.running), code=code)
            leave(code)  # with the lock held: nobody else may publish while this one still does
    if died:
        raise died
    log.info("bot.stopped")


def _signs_of_life(app: App, heart: Heart) -> contextlib.AbstractContextManager[object]:
    if not app.settings.health.port:
        return contextlib.nullcontext()
    try:
        return HealthServer(app, heart)
    except OSError as exc:
        # What is approved goes out, whether anybody can ask or not.
        log.warning("health.not_served", port=app.settings.health.port, reason=str(exc))
        return contextlib.nullcontext()


@contextlib.contextmanager
def _signals(duties: Duties) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        log.info("bot.stopping", signal=signal.Signals(number).name)
        duties.stopping.set()

    def reload(number: int, frame: FrameType | None) -> None:
        del number, frame
        # Not in the handler: it runs between two lines of whatever holds a lock.
        threading.Thread(target=duties.reload, name="reload").start()

    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload}
    earlier = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
