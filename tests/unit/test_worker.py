"""The scheduler is only a clock: what it calls, when, and what it and its watchdog survive."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import App, SystemClock
from bot.domain.errors import ConfigError, StoreError, WorkerError
from bot.duties import Duties
from bot.settings import model
from bot.worker import STUCK, Heart


class Awake(SystemClock):
    """The real clock, whose uptime a test can move on: the machine sleeps, or time is set."""

    ahead = 0.0

    def uptime(self):
        return super().uptime() + self.ahead


@pytest.fixture
def app(tmp_path):
    (tmp_path / "inbox").mkdir()
    settings = model()(
        data_dir=tmp_path / "data", inbox_dir=tmp_path / "inbox", preflight={"times": ()}
    )
    built = App(settings, Awake())
    yield built
    built.close()


@pytest.fixture
def duties(app):
    return Duties(app, threading.Event())


@pytest.fixture
def heart(duties):
    made = Heart(duties, ("scheduler", "publisher"))
    yield made
    made.stop()
    assert duties.rest(20)


class Counted:
    """Replaces what a duty does; says when it was done."""

    def __init__(self, fail=None):
        self.times, self.fail, self.done = 0, fail, threading.Semaphore(0)

    def __call__(self, *args, **kwargs):
        self.times += 1
        self.done.release()
        if self.fail:
            raise self.fail

    def wait(self):
        assert self.done.acquire(timeout=20)


def test_late_runs_are_never_dropped_and_never_pile_up(heart):
    heart.start()
    assert heart.clock._job_defaults == {
        "coalesce": True,
        "max_instances": 1,
        "misfire_grace_time": None,
    }


def test_a_run_that_was_missed_for_hours_happens_once(heart, monkeypatch):
    ticks = Counted()
    monkeypatch.setattr(App, "publish_due", ticks)
    job_added = Heart._every

    def missed(self, seconds, duty):
        job_added(self, seconds, duty)
        job = self.clock.get_jobs()[-1]
        job.modify(next_run_time=datetime.now(UTC) - timedelta(hours=5))

    monkeypatch.setattr(Heart, "_every", missed)
    heart.start()
    ticks.wait()
    assert not ticks.done.acquire(timeout=1)  # 900 intervals ago, and yet one


def test_a_database_in_trouble_does_not_stop_the_clock(heart, monkeypatch):
    for failure in (StoreError("The disk is full."), ZeroDivisionError("a bug")):
        ticks = Counted(failure)
        monkeypatch.setattr(App, "publish_due", ticks)
        heart.duties.tick()
        heart.duties.tick()
        assert ticks.times == 2
    assert heart.duties.beats["tick"]


def test_the_first_tick_and_the_clock_s_own_never_run_together(duties, monkeypatch):
    inside, out, calls = threading.Event(), threading.Event(), []

    def slow(app, stopping):
        calls.append(stopping)
        inside.set()
        out.wait(20)

    monkeypatch.setattr(App, "publish_due", slow)
    first = threading.Thread(target=duties.tick)
    first.start()
    assert inside.wait(20)
    duties.tick()  # returns at once
    assert len(calls) == 1
    assert not duties.rest(0.01)
    out.set()
    first.join()
    duties.tick()
    assert len(calls) == 2


def test_a_clock_set_back_an_hour_is_mended(app, heart, monkeypatch):
    ticks = Counted()
    monkeypatch.setattr(App, "publish_due", ticks)
    heart.start()
    ticks.wait()
    assert heart.duties.rest(20)
    for job in heart.clock.get_jobs():  # what it looks like to APScheduler
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    heart.look()
    assert not ticks.done.acquire(timeout=0.2)
    app.clock.ahead += 61  # three intervals later
    heart.look()
    ticks.wait()


def test_a_dead_scheduler_thread_ends_the_process_with_a_reason(heart, monkeypatch):
    monkeypatch.setattr(App, "publish_due", Counted())

    def broken(*args):
        raise StoreError("database is locked")  # escapes APScheduler's own loop

    heart.start()
    assert heart.duties.rest(20)
    monkeypatch.setattr(heart.clock, "_process_jobs", broken)
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    heart.clock.wakeup()
    heart.clock._thread.join(20)
    assert heart.clock.running  # APScheduler does not know
    with pytest.raises(WorkerError, match="thread has died"):
        heart.look()


def test_a_duty_that_does_not_end_is_noticed(app, heart, monkeypatch):
    inside, out = threading.Event(), threading.Event()
    monkeypatch.setattr(App, "publish_due", lambda *args: (inside.set(), out.wait(20)))
    for quick in ("read", "edition", "watch", "hooks"):
        monkeypatch.setattr(heart.duties, quick, lambda: None)
    heart.start()
    assert inside.wait(20)
    while set(heart.duties.running) != {"tick"}:  # the others end by themselves
        out.wait(0.01)
    app.clock.ahead += STUCK - 60
    heart.look()  # slow, and yet no new clock beside it
    app.clock.ahead += 61
    with pytest.raises(WorkerError, match="'tick' has not ended"):
        heart.look()
    out.set()


def at(app, *parts):
    app.clock.now = lambda: datetime(*parts, tzinfo=UTC)


def test_a_reading_that_failed_is_repeated_and_one_that_worked_is_not(app, duties, monkeypatch):
    reads = Counted(StoreError("The disk is full."))
    monkeypatch.setattr("bot.watching.round.read_inbox", reads)
    at(app, 2026, 11, 23, 1, 30)
    duties.edition()
    duties.edition()
    assert reads.times == 2
    reads.fail = None
    duties.edition()
    duties.edition()
    assert reads.times == 3


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ((2026, 11, 23, 1, 29), False),
        ((2026, 11, 23, 1, 30), True),
        ((2026, 11, 23, 9, 0), True),  # slept over it
        ((2026, 11, 22, 1, 0), False),  # the clock was set back
    ],
)
def test_the_edition_is_due_from_seven_in_kolkata(app, duties, monkeypatch, now, due):
    duties._read_at = datetime(2026, 11, 22, 20, tzinfo=UTC)
    read = Counted()
    monkeypatch.setattr(duties, "read", read)
    at(app, *now)
    duties.edition()
    assert bool(read.times) is due


def test_templates_are_read_anew_and_wrong_ones_leave_the_old(tmp_path):
    own = tmp_path / "templates"
    (own / "posts").mkdir(parents=True)
    app = App(model()(data_dir=tmp_path / "data", templates_dir=own), SystemClock())
    first = app.words
    app.reload()
    second = app.words
    assert second is not first
    assert app.studio.tools.words is second
    (own / "posts/vocabulary.toml").write_text("{[")
    (own / "posts" / "x.txt.j2").write_text("{{ broken")
    try:
        app.reload()
    except ConfigError:
        assert app.words is second
    else:
        pytest.fail("the wrong template was taken")
    app.close()


def test_a_bot_is_ready_before_what_only_some_duty_needs_is_loaded():
    """Else a start takes two seconds more, and an idle bot 60 MB more."""
    late = {"fastapi", "uvicorn", "alembic", "apprise", "typst", "PIL", "trafilatura", "lxml"}
    late |= {"feedparser", "dateparser", "ftfy", "argon2", "cryptography", "matplotlib", "jinja2"}
    code = "import sys, bot.worker, bot.web.server, bot.cli.running; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not late & set(found.stdout.split())
