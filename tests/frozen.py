"""A process that stands still in the middle of writing to an SQLite file, as under SIGSTOP."""

import contextlib
import os
import signal
import subprocess
import sys

_WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("DELETE FROM transitions")
print("writing", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def frozen(database):
    """Keep the write lock in a process that does not run; it is undone at the end."""
    command = [sys.executable, "-c", _WRITER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"writing\n"
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            yield process
        finally:
            process.kill()
