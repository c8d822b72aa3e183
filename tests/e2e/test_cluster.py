"""From one machine to several: back up, move to PostgreSQL, run a cluster, kill a member."""

import contextlib
import json
import os
import signal
from pathlib import Path

import pytest

from bot.app import SystemClock
from bot.demo.sandbox import stand_ins, variables

SEED = Path(__file__).parents[2] / "bot" / "demo" / "articles" / "seed.html"


@pytest.fixture
def platforms(tmp_path):
    with stand_ins(tmp_path / "sandbox.db", SystemClock()) as server:
        yield server


@pytest.fixture
def env(platforms):
    return dict(variables(platforms)) | {
        "BOT_PUBLISH__VERIFY_SECONDS": 0,
        "BOT_SCHEDULE__TICK_SECONDS": 1,
        "BOT_DESK__PORT": 0,
        "BOT_LOG__STYLE": "json",
    }


class Log:
    """What a process has said so far."""

    def __init__(self, process):
        self.lines, self.entries = process.stderr, []

    def wait(self, event, count):
        """Read on until there are so many of these events; return them all."""
        while len(self.of(event)) < count:
            line = next(self.lines, None)
            assert line is not None, f"the log ended without {count} × {event}: {self.entries}"
            with contextlib.suppress(ValueError):
                self.entries.append(json.loads(line))
        return self.of(event)

    def of(self, event):
        return [entry for entry in self.entries if entry["event"] == event]


def test_a_newsroom_grows(bot, start, env, platforms, postgres):
    done = bot("run", "--cluster", env=env)
    assert done.returncode == 2
    assert "SQLite is for one machine" in done.stderr
    assert bot("ingest", SEED, env=env).returncode == 0
    made = json.loads(bot("db", "backup", "kept.tar", "--json", env=env).stdout)
    assert made["rows"]["posts"] == 2
    with postgres.database() as url:
        moved = bot("db", "move", url, env=env)
        assert moved.returncode == 0, moved.stderr
        assert "each compared" in moved.stdout
        new = env | {"BOT_DATABASE_URL": url, "BOT_DATA_DIR": "another"}
        cluster = start("run", "--cluster", env=new)
        log = Log(cluster)
        log.wait("bot.started", 4)
        dies = log.of("member.started")[2]
        os.kill(dies["pid"], signal.SIGKILL)
        assert log.wait("member.died", 1)[0]["pid"] == dies["pid"]
        assert log.wait("member.started", 5)[-1]["part"] == dies["part"] == "publisher"
        assert bot("approve", "1", "2", env=new).returncode == 0
        sent = log.wait("post.published", 2)
        assert {entry["channel"] for entry in sent} == {"x", "linkedin"}
        assert len(platforms.state.posts("x")) == len(platforms.state.posts("linkedin")) == 1
        cluster.send_signal(signal.SIGTERM)
        assert cluster.wait(30) == 0
    again = bot("db", "restore", "kept.tar", env=env | {"BOT_DATA_DIR": "third"})
    assert again.returncode == 0, again.stderr
    assert "Every channel is paused" in again.stdout
