"""What the clock calls: each duty is idempotent, never runs twice at once, and never breaks it.

A duty loads what it needs when it is first done, so that a bot is ready before all of it is there.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

from bot.app.loading import LOADING
from bot.courier import Courier, local
from bot.domain.errors import BotError
from bot.domain.schedule import latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App
    from bot.edition import Ingested
    from bot.health.alarms import Watch
    from bot.health.heartbeat import Heartbeat

    Rehearsal = Callable[[Callable[[], bool]], None]
    from bot.steering import Follower

log = structlog.get_logger(__name__)

#: When nobody is at work, in the newsroom's zone.
NIGHT = time(3, 0)


class Duties:
    """The worker's duties.

    Attributes:
        rehearsal: makes the rehearsal when its time has come; ends early when told to stop.
        running: the duties being done just now, and since which uptime.
        beats: the uptime at which each duty ended last, well or not.
        failing: why each duty failed that did not end well the last time.
    """

    def __init__(
        self,
        app: App,
        stopping: threading.Event,
        courier: Courier | None = None,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        self.app = app
        self.stopping = stopping
        self.rehearsal = rehearsal
        self.courier = courier or local(app)
        self.running: dict[str, float] = {}
        self.beats: dict[str, float] = {}
        self.failing: dict[str, str] = {}
        self._change = threading.Condition()
        self._read_at = datetime.min.replace(tzinfo=UTC)

    def tick(self) -> None:
        """See to all that is due: to decide by policy, send, look up, verify and expire."""
        self._do("settings", self._follow)
        self._do("decide", self._decide)
        self._do("tick", lambda: self.courier.round(self.stopping.is_set))

    def deliver(self, post_id: int) -> bool:
        """Do what is due for one post, if anything is; return whether that changed it."""
        changed: list[bool] = []

        def work() -> None:
            with LOADING:
                from bot.app.delivery import deliver
            changed.append(deliver(self.app, post_id, self.stopping.is_set))

        self._do("deliver", work)
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
        self._do("ask", self._ask)

    def hooks(self) -> None:
        """Tell other programs what has happened."""
        self._do("hooks", self._tell_programs)

    def rehearse(self) -> None:
        """Try, at its times, all that the next edition needs, and tell the operators."""
        self._do("preflight", self._rehearse)

    def tidy(self) -> None:
        """Remove, once a night, what is past its time."""
        self._do("tidy", self._tidy)

    def alarms(self) -> None:
        """Tell what is missing or wrong, and the world outside that we are alive."""
        self._do("alarms", self._alarms)
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

    @cached_property
    def _follower(self) -> Follower:
        with LOADING:
            from bot.steering import Follower
        return Follower(self.app)

    def _follow(self) -> None:
        if changed := self._follower.look():
            log.info("settings.taken_over", names=changed)

    def _decide(self) -> None:
        with LOADING:
            from bot.deciding.rounds import decide
        decide(self.app)

    @cached_property
    def _watch_over(self) -> Watch:
        with LOADING:
            from bot.health.alarms import Watch
        return Watch(self.app)

    @cached_property
    def _heartbeat(self) -> Heartbeat:
        with LOADING:
            from bot.health.heartbeat import Heartbeat
        return Heartbeat(self.app)

    def _alarms(self) -> None:
        self._watch_over.look()

    def _ask(self) -> None:
        with LOADING:
            from bot.asking.rounds import ask
        ask(self.app)

    def _tell_programs(self) -> None:
        with LOADING:
            from bot.hooks import tell
        tell(self.app)

    def _rehearse(self) -> None:
        if self.rehearsal is not None:
            self.rehearsal(self.stopping.is_set)
            return
        with LOADING:
            from bot.health.preflight import rehearse
        rehearse(self.app)

    def _ingest(self) -> None:
        with LOADING:
            from bot.edition import Ingested
            from bot.watching.round import read_inbox
        began = self.app.clock.now()
        if self.app.settings.inbox_dir is not None:
            result = Ingested()
            read_inbox(self.app, result)
            _tell(result)
        self._read_at = began

    def _watch(self) -> None:
        with LOADING:
            from bot.edition import Ingested
            from bot.watching.pushed import subscribe, take_arrivals
            from bot.watching.rechecks import recheck
            from bot.watching.round import watch
        result = Ingested()
        take_arrivals(self.app, result)
        watch(self.app, result, stopping=self.stopping)
        recheck(self.app, result)
        subscribe(self.app)
        if result.sources:
            _tell(result)

    def _tidy(self) -> None:
        with LOADING:
            from bot.app.tidying import tidy
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
