"""`bot run --cluster` without `--only`: a whole cluster on one machine, to try it."""

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog
import typer

log = structlog.get_logger(__name__)

#: What runs: two publishers, so that one may die.
MEMBERS = ("scheduler", "web", "publisher", "publisher")

#: Seconds that members get to stop; each stops within ten by itself.
_STOP = 15


@dataclass
class Trial:
    """The members of the cluster, each a process like those on machines of their own."""

    command: tuple[str, ...] = (sys.executable, "-m", "bot", "run", "--cluster", "--only")
    ends: threading.Event = field(default_factory=threading.Event)
    running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; a member that dies is started again.

        Raises:
            typer.Exit: a member refuses its settings; all are stopped.
        """
        with self._signals():
            self.running = [self._start(part) for part in MEMBERS]
            try:
                while not self.ends.wait(1.0):
                    self._look()
            finally:
                self._stop()

    def _start(self, part: str) -> tuple[str, subprocess.Popen[bytes]]:
        started = subprocess.Popen((*self.command, part))  # noqa: S603 -- ourselves
        log.info("member.started", part=part, pid=started.pid)
        return part, started

    def _look(self) -> None:
        for number, (part, process) in enumerate(self.running):
            code = process.poll()
            if code == 2:  # it has said why, and would say it again
                raise typer.Exit(code)
            if code is not None:
                log.warning("member.died", part=part, pid=process.pid, code=code)
                self.running[number] = self._start(part)

    def _stop(self) -> None:
        for _, process in self.running:
            process.terminate()
        for _, process in self.running:
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        earlier = {
            number: signal.signal(number, lambda *_: self.ends.set())
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)
