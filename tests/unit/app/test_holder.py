"""A writer that stands still holds up the others for a bounded time, and they say who it is."""

import pytest

from bot.domain.errors import StoreError
from bot.store import engine
from bot.store.holder import holder
from tests.frozen import frozen


@pytest.fixture
def impatient(store, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 50)
    store.engine.dispose()
    return tmp_path / "data" / "bot.db"


def test_the_others_are_told_which_process_stands_still(store, drafted, impatient):
    with frozen(impatient) as process:
        told = (
            rf"locked\. Process {process.pid} \(python.*\) stands still.*kill -CONT {process.pid}"
        )
        with pytest.raises(StoreError, match=told):
            store.vitals.writable()
        assert store.desk.post(drafted.id) == drafted  # reading goes on
    assert store.vitals.writable()
    assert store.desk.post(drafted.id) == drafted


def test_one_that_is_at_work_is_told_as_well(store, impatient):
    with engine.writing(store.engine):
        assert "is writing" in holder(str(impatient))
    assert holder(str(impatient)) == ""
    assert holder(str(impatient.with_name("no.db"))) == ""
