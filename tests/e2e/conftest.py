"""The `bot` command as a user runs it: a real process in a folder of its own."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def bot(folder):
    """Run the command to its end; BOT_ variables of the machine do not count."""

    def run(*args, env=None, stdin=None):
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, args)],
            cwd=folder,
            env=environment(env),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def start(folder):
    """Start the command; it is killed at the latest when the test ends."""
    running = []

    def begin(*args, env=None):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *map(str, args)],
            cwd=folder,
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def environment(extra=None):
    from pathlib import Path

    clean = {k: v for k, v in os.environ.items() if not k.upper().startswith("BOT_")}
    here = Path(__file__).resolve()
    clean["PYTHONPATH"] = f"{here.parents[2]}{os.pathsep}{here.parent / 'site'}"
    return {**clean, **{k: str(v) for k, v in (extra or {}).items()}}
