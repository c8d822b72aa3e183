"""The real time: everything gets its time from here, and nothing else reads a clock."""

import time
import uuid
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """The real time; everything else gets its time from here."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def uptime(self) -> float:
        """Return seconds since the machine started, sleep included where the system tells."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def boot(self) -> str:
        """Return the kernel's name of this boot; a name of this process where it has none."""
        return _boot()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


_PROCESS = uuid.uuid4().hex


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return _PROCESS
