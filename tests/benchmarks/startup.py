"""How fast the bot is there, and how small it stays: python -m tests.benchmarks.startup

Times depend on the machine, so they are given as ratios to `python -c 'import requests'`, the
median of some runs each, taken in turn.
"""

import json
import os
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


def main():
    clean = {k: v for k, v in os.environ.items() if not k.upper().startswith("BOT_")}
    clean["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:

        def timed(*args):
            began = time.perf_counter()
            subprocess.run(args, cwd=folder, env=clean, capture_output=True, check=True)
            return time.perf_counter() - began

        python = sys.executable
        commands = {
            "import requests": (python, "-c", "import requests"),
            "bot --help": (python, "-m", "bot", "--help"),
            "bot queue": (python, "-m", "bot", "queue"),
        }
        for command in commands.values():
            timed(*command)  # compiled, and the database made
        taken = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                taken[name].append(timed(*command))
        medians = {name: statistics.median(times) for name, times in taken.items()}
        ready, resident = _started(folder, clean)
    base = medians["import requests"]
    print(
        json.dumps(
            {
                "seconds": {name: round(value, 2) for name, value in medians.items()},
                "ratio": {name: round(value / base, 1) for name, value in medians.items()},
                "run to /readyz": {"seconds": round(ready, 2), "ratio": round(ready / base, 1)},
                "idle MB": round(resident),
            },
            indent=1,
        )
    )


def _started(folder, environ):
    """Return seconds from the start of `bot run` to /readyz, and MB resident half a minute later."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Path(folder) / "inbox"
    inbox.mkdir()
    environ = environ | {
        "BOT_HEALTH__PORT": str(port),
        "BOT_DESK__PORT": "0",
        "BOT_INBOX_DIR": str(inbox),
        "BOT_PREFLIGHT__TIMES": " ",
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while not _ready(port):
                assert process.poll() is None, "it ended"
                time.sleep(0.02)
            ready = time.perf_counter() - began
            time.sleep(30)
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            resident = int(status.split("VmRSS:")[1].split()[0]) / 1000
        finally:
            process.send_signal(signal.SIGTERM)
    return ready, resident


def _ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


main()
