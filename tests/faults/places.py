"""Where a run keeps its database: a file of its own, or a database on one server for all."""

import contextlib
import shutil

from bot.store import open_store
from tests import postgres


class Files:
    """Makes each run its own SQLite file, a copy of one that was made once."""

    name = "sqlite"

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.template = folder / "template.db"
        open_store(f"sqlite:///{self.template}", folder / "cards").close()

    def make(self, seed, folder):
        shutil.copyfile(self.template, folder / "bot.db")
        return f"sqlite:///{folder / 'bot.db'}"

    def drop(self, seed):
        """It goes with the run's folder."""


class Server:
    """Makes each run a database of its own on one PostgreSQL server."""

    name = "postgresql"

    def __init__(self, running):
        self.running = running
        self.template = postgres.migrated(running, running.folder / "cards")

    def make(self, seed, folder):
        self.drop(seed)
        self.running.execute(f"CREATE DATABASE run{seed} TEMPLATE {self.template}")
        return self.running.url(f"run{seed}")

    def drop(self, seed):
        self.running.execute(f"DROP DATABASE IF EXISTS run{seed} WITH (FORCE)")


class Both:
    """Every third run is on PostgreSQL, so that a seed always means the same."""

    def __init__(self, files, server):
        self.files, self.server = files, server

    def of(self, seed):
        return self.server if seed % 3 == 0 else self.files


class One:
    """Every run is of one kind."""

    def __init__(self, place):
        self.place = place

    def of(self, seed):
        return self.place


@contextlib.contextmanager
def places(kind, folder):
    """Yield what says where a run is: `of(seed)`.

    Args:
        kind: "sqlite", "postgresql", "both", or "" for both where there is a server.
        folder: for what all runs share.
    """
    kind = kind or ("both" if postgres.binaries() else "sqlite")
    if kind == "sqlite":
        yield One(Files(folder))
        return
    with postgres.cluster() as running:
        server = Server(running)
        yield One(server) if kind == "postgresql" else Both(Files(folder), server)
