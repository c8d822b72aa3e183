"""Real processes: `bot` and the stand-in platforms, and the ways to end them."""

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = Path(__file__).parent / "site"


def preload():
    """Load all of the bot once; what is forked afterwards starts with it."""
    import bot

    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if not found.name.startswith(("bot.__main__", "bot.store.migrations")):
            importlib.import_module(found.name)
    importlib.import_module("alembic.command")
    gc.collect()
    gc.freeze()  # else every child copies what its garbage collector merely looks at


class Process:
    """A child of this process, known by its number."""

    def __init__(self, pid):
        self.pid = pid
        self.status = None

    def ended(self):
        """Return whether it is over; never waits."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is not None

    def wait(self, seconds):
        """Wait for its end, at most so long; return whether it came."""
        until = time.monotonic() + seconds
        while not self.ended():
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        return True

    def stopped(self):
        """Return whether it stands still, by SIGSTOP."""
        stat = Path(f"/proc/{self.pid}/stat")
        return not self.ended() and stat.read_text().rpartition(")")[2].split()[0] == "T"

    def signal(self, number):
        if not self.ended():
            os.kill(self.pid, number)

    def kill(self):
        """kill -9, and wait until it is gone."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            _, self.status = os.waitpid(self.pid, 0)

    @property
    def killed(self):
        return self.ended() and os.WIFSIGNALED(self.status)

    @property
    def code(self):
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else None


def fork(body, log):
    """Run `body` in a child whose output goes to the file `log`; nothing of ours runs after it."""
    pid = os.fork()
    if pid:
        return Process(pid)
    code = 70
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        code = body() or 0
    except SystemExit as exc:
        code = exc.code if isinstance(exc.code, int) else 1
    except BaseException:  # noqa: BLE001 -- the child must end here, whatever it was
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def bot(folder, environ, *arguments, anew=False):
    """Start `bot` with these arguments; `anew`: by a fresh Python instead of a fork of this one.

    A fork begins where `import bot` has ended, which makes it start twenty times as fast.
    """
    log = folder / "bot.log"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BOT_", "FAULTS_"))}
    environ = {**clean, **environ}
    if anew:
        environ["PYTHONPATH"] = os.pathsep.join([str(SITE), str(ROOT)])
        with log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=folder,
                env=environ,
                stdout=output,
                stderr=output,
            )
        started.returncode = 0  # waited for here, by its number
        return Process(started.pid)

    def body():
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(folder)
        from bot.cli import main
        from tests.faults import hook

        hook.install(environ)
        sys.argv = ["bot", *arguments]
        main()

    return fork(body, log)


@contextmanager
def platforms(folder, options, members):
    """Serve the stand-ins; yield the settings that lead to them.

    Args:
        folder: where they keep their record, `sandbox.db`.
        options: by platform, what its `Options` get.
        members: LinkedIn's account is a member's, which cannot be read back.
    """
    reading, writing = os.pipe()

    def body():
        from bot import platforms as kinds
        from bot.app import SystemClock
        from bot.demo.sandbox import USUAL
        from bot.http.sandbox import Server

        os.close(reading)
        stands = []
        for name in USUAL:
            kind = kinds.sandbox(name)
            stands.append(kind(kind.Options(**options.get(name, {}))))
        server = Server(stands, folder / "sandbox.db", clock=SystemClock())
        given = {}
        for name in server.sandboxes:
            of = "member" if members and name == "linkedin" else ""
            for key, value in server.credentials(name, of).items():
                given[f"BOT_{name.upper()}__{key.upper()}"] = str(value)
        os.write(writing, json.dumps(given).encode())
        os.close(writing)
        server.serve_forever()

    process = fork(body, folder / "sandbox.log")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        given = pipe.read()
    try:
        yield json.loads(given)
    finally:
        process.kill()
