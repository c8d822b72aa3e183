"""Points at which a real `bot` process can be killed: around every statement, commit and request.

Nothing of this is in the package. `install` is called in a forked process by the harness, in one
that was started anew by `tests/faults/site/sitecustomize.py`.
"""

import http.client
import importlib
import os
import re
import signal
import threading
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

#: How a request begins that makes a post, at either platform.
POSTING = re.compile(rb"POST \S*(?:/2/tweets|/rest/posts) ")


class Points:
    """Counts the points a process passes; dies, as by kill -9, at the one it was told.

    Args:
        kill_at: number of that point, from 1; 0: none.
        note: file that gets the point's name first.
        only: the one name of a point that counts; "": all.
        stop_at: number of the post before which the process stands still, from 1; 0: none.
    """

    def __init__(self, kill_at, note, *, only="", stop_at=0):
        self.kill_at = kill_at
        self.note = note
        self.only = only
        self.stop_at = stop_at
        self.sends = 0
        self.passed = 0
        self.lock = threading.Lock()

    def posting(self):
        """Stand still, if it is time, just before a post leaves."""
        with self.lock:
            self.sends += 1
            now = self.sends == self.stop_at
        if now:
            os.kill(os.getpid(), signal.SIGSTOP)

    def __call__(self, name):
        if self.only not in ("", name):
            return
        with self.lock:
            self.passed += 1
            if self.passed != self.kill_at:
                return
            with Path(self.note).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def install(environ):
    """Watch this process's database and network.

    Args:
        environ: FAULTS_KILL_AT, number of the point to die at, counted among those named
            FAULTS_KILL_ON where that is given; FAULTS_NOTE, a file; FAULTS_STOP_AT, number of the post to stand still before;
            FAULTS_BREAK, name of a way to break the protocol (`tests.faults.breaks`).
    """
    numbers = (int(environ.get(f"FAULTS_{name}_AT", "0")) for name in ("KILL", "STOP"))
    kill_at, stop_at = numbers
    note, only = environ.get("FAULTS_NOTE", os.devnull), environ.get("FAULTS_KILL_ON", "")
    point = Points(kill_at, note, only=only, stop_at=stop_at)
    _watch_statements(point)
    _watch_commits(point)
    for method in ("connect", "send", "getresponse"):
        _watch_line(point, method)
    if environ.get("FAULTS_BREAK"):
        breaks = importlib.import_module("tests.faults.breaks")
        getattr(breaks, environ["FAULTS_BREAK"])()


def _verb(statement):
    words = statement.split(None, 3)
    verb = words[0].lower()
    if verb == "insert":
        return f"insert {words[2]}"
    return f"update {words[1]}" if verb == "update" else verb


def _watch_statements(point):
    @event.listens_for(Engine, "before_cursor_execute")
    def before(connection, cursor, statement, parameters, context, executemany):
        point(f"before {_verb(statement)}")

    @event.listens_for(Engine, "after_cursor_execute")
    def after(connection, cursor, statement, parameters, context, executemany):
        point(f"after {_verb(statement)}")


def _watch_commits(point):
    real = DefaultDialect.do_commit

    def commit(self, connection):
        point("before commit")
        real(self, connection)
        point("after commit")

    DefaultDialect.do_commit = commit


def _watch_line(point, method):
    real = getattr(http.client.HTTPConnection, method)

    def called(self, *args, **kwargs):
        if method == "send" and POSTING.match(bytes(args[0])[:200]):
            point.posting()
        point(f"before {method}")
        result = real(self, *args, **kwargs)
        point(f"after {method}")
        return result

    setattr(http.client.HTTPConnection, method, called)
