"""A whole bot against the stand-ins, with time that a test sets, and readers that are servers."""

from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.demo.sandbox import stand_ins
from bot.settings import model
from tests.ears import listening
from tests.fakes import FakeClock

#: 07:00 in Kolkata on a Monday.
EDITION = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def clock():
    return FakeClock(at=EDITION)


@pytest.fixture
def readers():
    with listening() as operators, listening() as others:
        yield operators, others


@pytest.fixture
def platforms(tmp_path, clock):
    with stand_ins(tmp_path / "sandbox.db", clock) as server:
        yield server


_CARDS = {}


@pytest.fixture(autouse=True)
def _each_card_drawn_once(monkeypatch):
    draw = App.draw

    def once(self, content, size):
        known = (content, size, self.settings.templates_dir)
        if known not in _CARDS:
            _CARDS[known] = draw(self, content, size)
        return _CARDS[known]

    monkeypatch.setattr(App, "draw", once)


@pytest.fixture
def app(tmp_path, clock, readers, platforms):
    (tmp_path / "inbox").mkdir()
    operators, others = readers
    accounts = {name: platforms.credentials(name) for name in platforms.sandboxes}
    settings = model()(
        data_dir=tmp_path / "data",
        inbox_dir=tmp_path / "inbox",
        messages={"operators": operators.address, "escalation": others.address},
        publish={"settle_seconds": 0, "recheck_seconds": 0, "verify_seconds": 0},
        **accounts,
    )
    built = App(settings, clock)
    yield built
    built.close()


@pytest.fixture
def again(app):
    """Return the same bot with other settings."""
    made = []

    def build(**changes):
        values = {name: getattr(app.settings, name) for name in type(app.settings).model_fields}
        for name, change in changes.items():
            old = values[name]
            values[name] = old.model_copy(update=change) if isinstance(change, dict) else change
        built = App(app.settings.model_copy(update=values), app.clock)
        made.append(built)
        return built

    yield build
    for one in made:
        one.close()
