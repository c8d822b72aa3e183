"""The heartbeat: APScheduler calls a few idempotent functions; all state is in the store."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.app import App
from bot.domain.errors import BotError
from bot.edition import ingest

log = structlog.get_logger(__name__)


def scheduler(app: App, stopping: threading.Event) -> BackgroundScheduler:
    """Return the clock of the bot: a daily edition, a regular poll, and the publisher's tick.

    Jobs live in memory and hold no state: a missed or repeated run changes nothing, because the
    store knows what is due. Late runs are never dropped (misfire_grace_time=None) and pile up to
    one (coalesce); a run never overtakes itself (max_instances=1).
    """
    clock = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    schedule = app.settings.schedule
    edition = CronTrigger(
        hour=schedule.edition.hour, minute=schedule.edition.minute, timezone=app.house.zone
    )
    clock.add_job(_ingest, edition, args=[app], id="edition")
    if app.settings.inbox_dir is not None:
        clock.add_job(_ingest, _every(schedule.poll_seconds), args=[app], id="poll")
    clock.add_job(_tick, _every(schedule.tick_seconds), args=[app, stopping], id="publish")
    return clock


def run(app: App, *, ready: Callable[[], None]) -> None:
    """Run until SIGTERM or SIGINT, then stop with nothing half-done.

    An attempt that is on the wire is finished and written down; no new one is begun.

    Raises:
        ConfigError: another process is publishing from this database.
    """
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        log.info("bot.stopping", signal=signal.Signals(number).name)
        stopping.set()

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with app.publishing():
            clock = scheduler(app, stopping)
            clock.start()
            _ingest(app)
            _tick(app, stopping)
            log.info("bot.started", channels=app.settings.channels)
            ready()
            stopping.wait()
            clock.shutdown(wait=True)
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    log.info("bot.stopped")


def _every(seconds: int) -> IntervalTrigger:
    return IntervalTrigger(seconds=seconds)


#: The edition and the regular poll fall on the same second every morning; one reads for both.
_READING = threading.Lock()


def _ingest(app: App) -> None:
    if app.settings.inbox_dir is None or not _READING.acquire(blocking=False):
        return
    try:
        result = ingest(app, [])
    except BotError as exc:
        # A wrong template or a full disk must not stop what is already approved.
        log.error("ingest.failed", reason=str(exc))
        return
    finally:
        _READING.release()
    for one in result.skipped:
        log.debug("article.skipped", article=one.id, reason=one.reason)
    log.info("ingest.done", new=result.new, updated=result.updated, posts=len(result.posts))


def _tick(app: App, stopping: threading.Event) -> None:
    try:
        app.publish_due(stopping)
    except BotError as exc:
        log.error("tick.failed", reason=str(exc))
