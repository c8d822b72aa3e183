"""How fast the bot is there, and how small it stays: python -m tests.benchmarks.startup

Times depend on the machine, so they are given as ratios to `python -c 'import requests'`: medians
of some runs each, taken in turn, by the clock and by processor time, which other programs disturb
less. Memory is resident: idle with the rehearsal made, after the desk's first visitor, and after
an article whose cards were drawn.
"""

import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 7
PYTHON = sys.executable
BASE = "import requests"
COMMANDS = {
    BASE: (PYTHON, "-c", "import requests"),
    "bot --help": (PYTHON, "-m", "bot", "--help"),
    "bot queue": (PYTHON, "-m", "bot", "queue"),
}


def main():
    clean = {k: v for k, v in os.environ.items() if not k.upper().startswith("BOT_")}
    clean["PYTHONPATH"] = str(ROOT)
    clean.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed bot is compiled
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS.values():
            _timed(command, folder, clean)  # compiled, and the database made
        taken = {name: [] for name in (*COMMANDS, "bot run to /readyz")}
        for _ in range(RUNS):
            for name, command in COMMANDS.items():
                taken[name].append(_timed(command, folder, clean))
            with _Running(folder, clean) as bot:
                taken["bot run to /readyz"].append(bot.until_ready())
        with _Running(folder, clean) as bot:
            bot.until_ready()
            time.sleep(30)
            memory = {"idle": bot.resident()}
            bot.get(bot.desk, "/sign-in")
            memory["after the desk's first visitor"] = bot.resident()
            bot.put(ROOT / "tests" / "data" / "articles" / "seed.json")
            time.sleep(90)  # it looks every minute
            memory["after an article"] = bot.resident()
    rows = {}
    for name, runs in taken.items():
        clock, processor = (statistics.median(one) for one in zip(*runs, strict=True))
        rows[name] = {"seconds": round(clock, 2), "processor seconds": round(processor, 2)}
    for row in rows.values():
        for kind in ("seconds", "processor seconds"):
            row[f"ratio of {kind}"] = round(row[kind] / rows[BASE][kind], 1)
    print(json.dumps({"times": rows, "resident MB": memory}, indent=1))


def _timed(command, folder, environ):
    """Return seconds by the clock, and of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=True)
    clock = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class _Running:
    """A bot that runs while its context lasts."""

    def __init__(self, folder, environ):
        self.health, self.desk = _free(), _free()
        self.inbox = Path(folder) / "inbox"
        self.inbox.mkdir(exist_ok=True)
        ours = {"HEALTH__PORT": self.health, "DESK__PORT": self.desk, "INBOX_DIR": self.inbox}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [PYTHON, "-m", "bot", "run"],
            cwd=folder,
            env=environ | {f"BOT_{name}": str(value) for name, value in ours.items()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def until_ready(self):
        """Return seconds by the clock, and of the processor, from its start to /readyz."""
        while not self.get(self.health, "/readyz"):
            assert self.process.poll() is None, "it ended"
            time.sleep(0.02)
        clock = time.perf_counter() - self.began
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split()
        return clock, (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def put(self, article):
        """Put an article of just now into the inbox."""
        found = json.loads(article.read_text(encoding="utf-8"))
        found["published_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        (self.inbox / "new.json").write_text(json.dumps(found), encoding="utf-8")

    def resident(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return round(int(status.split("VmRSS:")[1].split()[0]) / 1000)

    def get(self, port, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def _free():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


main()
