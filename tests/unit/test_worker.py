"""The scheduler is only a clock: what it calls, when, and what it survives."""

import threading
from datetime import UTC, datetime

import pytest

from bot import worker
from bot.app import App
from bot.domain.errors import StoreError
from bot.settings import model


@pytest.fixture
def app(tmp_path, clock):
    (tmp_path / "inbox").mkdir()
    settings = model()(data_dir=tmp_path / "data", inbox_dir=tmp_path / "inbox")
    built = App(settings, clock)
    yield built
    built.close()


def jobs(app):
    clock = worker.scheduler(app, threading.Event())
    return {job.id: job for job in clock.get_jobs()}


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 23, 1, 29, tzinfo=UTC), datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        (datetime(2026, 11, 23, 1, 31, tzinfo=UTC), datetime(2026, 11, 24, 1, 30, tzinfo=UTC)),
        (datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_the_edition_is_at_seven_in_kolkata(app, now, due):
    assert jobs(app)["edition"].trigger.get_next_fire_time(None, now) == due


def test_a_late_run_is_never_dropped_and_never_piles_up(app):
    clock = worker.scheduler(app, threading.Event())
    defaults = clock._job_defaults
    assert defaults == {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def test_without_an_inbox_nothing_is_polled(tmp_path, clock):
    app = App(model()(data_dir=tmp_path), clock)
    assert set(jobs(app)) == {"edition", "publish"}


def test_a_database_in_trouble_does_not_stop_the_clock(app, monkeypatch):
    def trouble(*args, **kwargs):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(App, "publish_due", trouble)
    monkeypatch.setattr(worker, "ingest", trouble)
    worker._tick(app, threading.Event())
    worker._ingest(app)  # both have logged and returned


def test_two_readings_at_once_are_one(app, monkeypatch):
    inside, out, calls = threading.Event(), threading.Event(), []

    def slow(app, articles):
        calls.append(articles)
        inside.set()
        out.wait(10)
        raise StoreError("stop here")

    monkeypatch.setattr(worker, "ingest", slow)
    first = threading.Thread(target=worker._ingest, args=(app,))
    first.start()
    assert inside.wait(10)
    worker._ingest(app)  # returns at once
    out.set()
    first.join()
    assert len(calls) == 1
    worker._ingest(app)  # the next one reads again
    assert len(calls) == 2
