"""What the clock calls: each duty is idempotent, never runs twice at once, and never breaks it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time

import structlog

from bot.app import App
from bot.app.delivery import deliver
from bot.app.tidying import tidy
from bot.asking.rounds import ask
from bot.courier import Courier, local
from bot.domain.errors import BotError
from bot.domain.schedule import latest
from bot.edition import Ingested
from bot.health.alarms import Watch
from bot.health.heartbeat import Heartbeat
from bot.health.preflight import rehearse
from bot.hooks import tell
from bot.watching.pushed import subscribe, take_arrivals
from bot.watching.rechecks import recheck
from bot.watching.round import read_inbox, watch

log = structlog.get_logger(__name__)

#: When nobody is at work, in the newsroom's zone.
NIGHT = time(3, 0)


class Duties:
    """The worker's duties.

    Attributes:
        running: the duties being done just now, and since which uptime.
        beats: the uptime at which each duty ended last, well or not.
        failing: why each duty failed that did not end well the last time.
    """

    def __init__(self, app: App, stopping: threading.Event, courier: Courier | None = None) -> None:
        self.app = app
        self.stopping = stopping
        self.courier = courier or local(app)
        self.running: dict[str, float] = {}
        self.beats: dict[str, float] = {}
        self.failing: dict[str, str] = {}
        self._change = threading.Condition()
        self._watch_over = Watch(app)
        self._heartbeat = Heartbeat(app)
        self._read_at = datetime.min.replace(tzinfo=UTC)

    def tick(self) -> None:
        """See to all that is due: to send, look up, verify and expire."""
        self._do("tick", lambda: self.courier.round(self.stopping.is_set))

    def deliver(self, post_id: int) -> bool:
        """Do what is due for one post, if anything is; return whether that changed it."""
        changed: list[bool] = []
        self._do(
            "deliver",
            lambda: changed.append(deliver(self.app, post_id, self.stopping.is_set)),
        )
        return any(changed)

    def read(self) -> None:
        """Take in new articles and make their posts."""
        self._do("ingest", self._ingest)

    def watch(self) -> None:
        """Read the watched sources whose time has come."""
        self._do("watch", self._watch)

    def edition(self) -> None:
        """Read at the edition time, however the machine slept or its clock was set."""
        last = latest(self.app.settings.schedule.edition, self.app.house.zone, self.app.clock.now())
        if self._read_at < last:
            self.read()

    def ask(self) -> None:
        """Ask editors to decide: new posts, reminders, escalation."""
        self._do("ask", lambda: ask(self.app))

    def hooks(self) -> None:
        """Tell other programs what has happened."""
        self._do("hooks", lambda: tell(self.app))

    def rehearse(self) -> None:
        """Try, at its times, all that the next edition needs, and tell the operators."""
        self._do("preflight", lambda: rehearse(self.app))

    def tidy(self) -> None:
        """Remove, once a night, what is past its time."""
        self._do("tidy", self._tidy)

    def alarms(self) -> None:
        """Tell what is missing or wrong, and the world outside that we are alive."""
        self._do("alarms", self._watch_over.look)
        self._heartbeat.beat(well=not self.failing)

    def reload(self) -> None:
        """Read templates, vocabulary and holidays anew; wrong ones leave the old in use."""
        self._do("reload", self._reload)

    def rest(self, within: float) -> bool:
        """Wait until nothing is being done; False where that takes more than `within` seconds."""
        with self._change:
            return self._change.wait_for(lambda: not self.running, timeout=within)

    def _do(self, name: str, work: Callable[[], object]) -> None:
        with self._change:
            if name in self.running or self.stopping.is_set():
                return
            self.running[name] = self.app.clock.uptime()
        failed = ""
        try:
            work()
        except BotError as exc:
            # A wrong template or a full disk must not stop what is already approved.
            failed = str(exc)
            log.error(f"{name}.failed", reason=failed)
        except Exception as exc:  # a bug in one duty must not stop the clock
            failed = type(exc).__name__
            log.exception(f"{name}.bug")
        finally:
            with self._change:
                del self.running[name]
                self.beats[name] = self.app.clock.uptime()
                self.failing.pop(name, None)
                if failed:
                    self.failing[name] = failed
                self._change.notify_all()

    def _ingest(self) -> None:
        began = self.app.clock.now()
        if self.app.settings.inbox_dir is not None:
            result = Ingested()
            read_inbox(self.app, result)
            _tell(result)
        self._read_at = began

    def _watch(self) -> None:
        result = Ingested()
        take_arrivals(self.app, result)
        watch(self.app, result, stopping=self.stopping)
        recheck(self.app, result)
        subscribe(self.app)
        if result.sources:
            _tell(result)

    def _tidy(self) -> None:
        night = latest(NIGHT, self.app.house.zone, self.app.clock.now())
        if self.app.store.alarms.first("tidy", night):
            gone = tidy(self.app)
            log.info("db.pruned", **{name.replace(" ", "_"): n for name, n in gone.items() if n})

    def _reload(self) -> None:
        self.app.reload()
        log.info("bot.reloaded")


def _tell(result: Ingested) -> None:
    for one in result.skipped:
        log.debug("article.skipped", article=one.id, reason=one.reason)
    log.info(
        "ingest.done",
        sources=len(result.sources),
        new=result.new,
        updated=result.updated,
        held=result.held,
        posts=len(result.posts),
    )
