"""Who holds an SQLite file's write lock, as far as Linux tells."""

import contextlib
import os
from pathlib import Path

#: Byte of the `-shm` file that a writer locks (sqlite.org/walformat.html, 2.3).
_WRITE_LOCK = 120

_LOCKS, _PROCESSES = Path("/proc/locks"), Path("/proc")


def holder(database: str) -> str:
    """Return the process that is writing, and whether it stands still; "" where nobody can tell.

    The lock itself is not asked for: closing a file drops all locks this process has on it.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        found = Path(f"{database}-shm").stat()
        where = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
        for line in _LOCKS.read_text(encoding="ascii").splitlines():
            # 1: POSIX  ADVISORY  WRITE 4711 fe:00:2164641 120 120
            _, kind, _, mode, pid, file, first, last = line.replace("-> ", "").split()[:8]
            covers = int(first) <= _WRITE_LOCK and (last == "EOF" or int(last) >= _WRITE_LOCK)
            if (kind, mode, file) == ("POSIX", "WRITE", where) and covers:
                return _told(int(pid))
    return ""


def _told(pid: int) -> str:
    name, _, rest = (_PROCESSES / str(pid) / "stat").read_text().partition("(")[2].rpartition(")")
    if rest.split()[0] in {"T", "t"}:
        return f"Process {pid} ({name}) stands still in the middle of writing: kill -CONT {pid}"
    return f"Process {pid} ({name}) is writing"
