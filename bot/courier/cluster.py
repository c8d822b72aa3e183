"""The courier of many machines: Procrastinate, in the PostgreSQL database that is there anyway.

Its jobs are hints. Every scheduler and publisher gives out, in each round, what waits in the
ledger; any publisher takes a job and asks the ledger whether there is something to do. A job that
is lost, doubled or left behind by a machine that died therefore changes nothing.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator

import structlog

from bot.app import App
from bot.app.delivery import catch_up, refuse_alone, waiting
from bot.courier.port import Deliver
from bot.domain.errors import ConfigError, StoreError
from bot.store.engine import conninfo, writing

try:
    import procrastinate
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
    from procrastinate.jobs import Status
    from psycopg import OperationalError
except ImportError as exc:
    raise ConfigError(
        "--cluster needs Procrastinate, which is not installed; nothing was started. Install it: "
        'pip install "shiftmaker-bot[cluster]".'
    ) from exc

log = structlog.get_logger(__name__)

QUEUE = "deliveries"

#: What happens when the server goes away; it comes back, and so does the worker.
LOST = (ConnectorException, OperationalError, OSError)

#: Seconds between two looks for jobs whose worker has died, and after which it counts as dead.
SWEEP, DEAD = 60, 60


class Cluster:
    """Gives out jobs; where it `delivers`, also does them, one at a time.

    Args:
        app: everything, wired.
        delivers: whether this process is a publisher.
    """

    shared = True

    def __init__(self, app: App, *, delivers: bool) -> None:
        refuse_alone(app)
        self.app = app
        self.delivers = delivers
        self.where = conninfo(app.settings.url)
        self._given = procrastinate.App(
            connector=procrastinate.SyncPsycopgConnector(
                conninfo=self.where, min_size=1, max_size=2, timeout=10
            )
        )
        self._busy = threading.Lock()
        self._ends = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def running(self, deliver: Deliver) -> Iterator[None]:
        """Make the engine's tables if need be, and do jobs until the end of the block."""
        try:
            with self._given.open():
                self._make_tables()
                with self._working(deliver) if self.delivers else contextlib.nullcontext():
                    yield
        except ConnectorException as exc:
            raise StoreError(
                f"The jobs cannot be reached in the database ({exc.__cause__ or exc}); nothing is "
                "lost. Start again when it is back."
            ) from exc

    def round(self, stopping: Callable[[], bool]) -> int:
        """Give out what waits; the jobs are done by whoever is free, here or elsewhere."""
        if self.delivers and self._busy.acquire(blocking=False):
            try:  # else a delivery is being done, which begins with the same
                catch_up(self.app)
            finally:
                self._busy.release()
        return self._give_out(stopping)

    def _give_out(self, stopping: Callable[[], bool]) -> int:
        given = 0
        for number in waiting(self.app):
            if stopping():
                break
            given += self._give(number)
        return given

    def _give(self, number: int) -> bool:
        try:
            self._given.configure_task(
                "deliver", queue=QUEUE, queueing_lock=f"post-{number}"
            ).defer(post_id=number)
        except AlreadyEnqueued:
            return False
        except ConnectorException as exc:
            raise StoreError(
                f"The jobs cannot be reached in the database ({exc.__cause__ or exc}); the next "
                "round tries again."
            ) from exc
        return True

    def _make_tables(self) -> None:
        with writing(self.app.store.engine):  # one process at a time
            if not self._given.check_connection():
                self._given.schema_manager.apply_schema()

    # ---- doing jobs ------------------------------------------------------------

    @contextlib.contextmanager
    def _working(self, deliver: Deliver) -> Iterator[None]:
        thread = threading.Thread(target=self._work, args=(deliver,), name="courier", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ends.set()
            if self._loop and self._serving:
                with contextlib.suppress(RuntimeError):  # the loop has ended just now
                    self._loop.call_soon_threadsafe(self._serving.cancel)
            thread.join()

    def _work(self, deliver: Deliver) -> None:
        while not self._ends.is_set():
            try:
                asyncio.run(self._serve(deliver))
            except LOST as exc:
                log.warning("courier.lost", reason=str(exc))
            self._ends.wait(1)

    async def _serve(self, deliver: Deliver) -> None:
        jobs = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self.where, min_size=1, max_size=4, timeout=10
            )
        )

        def one(post_id: int) -> None:
            with self._busy:
                changed = deliver(post_id)
            if changed:  # what waited for it on its account may follow at once
                with contextlib.suppress(StoreError):
                    self._give_out(self._ends.is_set)

        jobs.task(name="deliver", queue=QUEUE)(one)
        async with jobs.open_async():
            self._loop = asyncio.get_running_loop()
            working = jobs.run_worker_async(
                queues=[QUEUE],
                concurrency=1,
                delete_jobs="always",
                fetch_job_polling_interval=5,
                install_signal_handlers=False,
            )
            self._serving = asyncio.create_task(working)
            if self._ends.is_set():
                self._serving.cancel()
            sweeping = asyncio.create_task(_sweep(jobs))
            try:
                await self._serving
            except asyncio.CancelledError:
                log.debug("courier.stopped")
            finally:
                sweeping.cancel()
                await asyncio.gather(sweeping, return_exceptions=True)


async def _sweep(jobs: procrastinate.App) -> None:
    """Remove jobs whose worker has died: what they were about is given out anew."""
    while True:
        await asyncio.sleep(SWEEP)
        with contextlib.suppress(*LOST):  # somebody else was first, or the server is away
            for job in await jobs.job_manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=DEAD
            ):
                if job.id is not None:
                    await jobs.job_manager.finish_job_by_id_async(
                        job.id, status=Status.FAILED, delete_job=True
                    )
                    log.warning("courier.removed", job=job.id, post=job.task_kwargs.get("post_id"))
