"""Real processes, really killed: the command a person would run, and proof that it can fail."""

import json
import os
import subprocess
import sys

import pytest

from tests import postgres
from tests.faults import breaks

RUNS = int(os.environ.get("FAULTS_RUNS", "50"))

#: All of them take ten minutes: FAULTS_BREAKS=all.
QUICK = (breaks.send_before_commit, breaks.other_words_than_approved, breaks.unrecorded)
BREAKS = [*breaks.ALL, *breaks.SHARED] if os.environ.get("FAULTS_BREAKS") == "all" else QUICK


def play(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--folder", folder, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    return done, json.loads(done.stdout)


def test_no_kill_doubles_or_loses_a_post(tmp_path):
    done, told = play(tmp_path, "--runs", RUNS, "--seed", 1, "--jobs", 4)
    assert done.returncode == 0, done.stderr
    assert (told["doubles"], told["lost"]) == (0, 0)
    assert told["runs"] == RUNS
    assert told["kills"] >= 4 * RUNS
    assert told["faults"] > RUNS
    assert "posts live: 0" not in done.stderr
    for kind in ("sqlite, 1 × bot run", "sqlite, 2 × bot run"):
        assert f"  {kind}\n" in done.stderr
    assert ("  postgresql, " in done.stderr) == (postgres.binaries() is not None)
    for point in ("before commit", "after commit", "before send", "after send", "at random"):
        assert f"  {point}\n" in done.stderr


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_a_broken_bot_is_caught(broken, tmp_path):
    shared = broken in breaks.SHARED
    where = ("postgresql", "--workers", 2) if shared else ("sqlite",)
    wanted = ("--runs", 32, "--jobs", 2, "--mutation", broken.__name__, "--database", *where)
    if broken is breaks.unreadable_is_absent:
        wanted += ("--members",)
    done, _ = play(tmp_path, *wanted)
    assert done.returncode == 1, f"nothing caught: {broken.__doc__}"
    assert "harness itself failed" not in done.stderr
    assert "seed " in done.stderr
