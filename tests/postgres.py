"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, thrown away."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest

from bot.store import open_store

#: Debian's place of the server's programs, newest version last.
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))

#: Nobody needs these databases after a power cut.
SAFE = ("max_connections=200",)
FAST = (*SAFE, "fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binaries():
    """Return the folder of initdb and pg_ctl, None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next(reversed(DEBIAN), None)


def required():
    """Return that folder. A laptop may lack it, and skips; CI may not (`tests.noskip`)."""
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL here")
    return found


class Cluster:
    """A running server; `restart` and `stop` are for tests about a server that fails."""

    def __init__(self, folder, *, durable=False):
        self.folder = Path(folder)
        self.bin = binaries()
        self.data = self.folder / "data"
        # The server refuses to run as root.
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.data, "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = [
            "listen_addresses=''",
            f"unix_socket_directories='{self.folder}'",
            *(SAFE if durable else FAST),
        ]
        with contextlib.ExitStack() as stack:
            conf = stack.enter_context((self.data / "postgresql.conf").open("a"))
            conf.write("\n".join(settings) + "\n")
        self.start()

    def run(self, program, *args):
        command = [*self.prefix, str(self.bin / program), *map(str, args)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, timeout=120)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def url(self, database):
        return f"postgresql+psycopg://bot@/{database}?host={self.folder}"

    def execute(self, statement):
        where = f"host={self.folder} user=bot dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def database(self, template="template1"):
        """Make a database; it is dropped at the end, whoever is still connected."""
        name = f"t{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def cluster(*, durable=False):
    """Run a server; `durable`, for benchmarks: as it would be in life. Its folder is short, as a socket's path must be."""
    required()
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        running = Cluster(folder, durable=durable)
        try:
            yield running
        finally:
            running.stop("immediate")


def migrated(running, cards):
    """Make the database `migrated`, with the schema: copies of it are quick to make."""
    running.execute("CREATE DATABASE migrated")
    open_store(running.url("migrated"), cards).close()
    return "migrated"
