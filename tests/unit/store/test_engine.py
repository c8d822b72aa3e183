"""Opening a database: what is refused, in words an operator can act on."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.errors import ConfigError, StoreError
from bot.store import engine, open_store
from bot.store.engine import _revisions, head
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    "wrong",
    [
        "bot.db",
        "mysql://root@localhost/bot",
        "postgresql+nonsense://bot@localhost/bot",
        "postgresql+asyncpg://bot@localhost/bot",
        "://",
    ],
)
def test_an_address_that_cannot_be_used_is_named_with_the_right_shape(tmp_path, wrong):
    with pytest.raises(ConfigError, match="postgresql://user:password@host/database"):
        open_store(wrong, tmp_path)


def test_postgresql_without_its_driver_names_the_extra(tmp_path):
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path\n"
        "from bot.store import open_store\n"
        "open_store('postgresql://bot@localhost/bot', Path('cards'))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    ).stderr
    assert 'pip install "shiftmaker-bot[postgres]"' in said


def test_a_server_that_is_down_is_said_without_the_password(tmp_path):
    address = f"postgresql://bot:geheim@/bot?host={tmp_path}"
    with pytest.raises(StoreError, match="may be down or restarting") as caught:
        open_store(address, tmp_path)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_that_is_not_there_is_said(postgres, tmp_path):
    with pytest.raises(StoreError, match="Make it on the server"):
        open_store(postgres.url("nowhere"), tmp_path)


def test_a_database_from_a_newer_version_is_refused(store, url, tmp_path):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of the bot") as caught:
        open_store(url, tmp_path)
    assert f"knows up to {head()}" in str(caught.value)
    with store.engine.connect() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
        )


def test_many_may_open_a_new_database_at_once(postgres, tmp_path):
    with postgres.database() as url, ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_store(url, tmp_path), range(4)))
        for one in opened:
            with one.engine.connect() as connection:
                version = connection.execute(text("SELECT version_num FROM alembic_version"))
                assert version.scalar() == head()
            one.close()


def test_every_commit_waits_for_the_disk(postgres, tmp_path):
    """The tests' own server does not by default."""
    with postgres.database("migrated") as url:
        opened = open_store(url, tmp_path)
        with opened.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        opened.close()


def _freeze(frozen, other):
    with engine.writing(frozen) as late:
        late.execute(text("DELETE FROM posts"))
        with engine.writing(other):
            pass  # comes through although the other has not ended
        late.execute(text("DELETE FROM articles"))


def test_a_frozen_machine_does_not_hold_up_the_others(postgres, monkeypatch):
    """One that stands still in the middle of writing is put out, and told so when it wakes."""
    monkeypatch.setattr(engine, "FROZEN", 200)
    with postgres.database("migrated") as url:
        frozen, other = engine.connect(url), engine.connect(url)
        with pytest.raises(StoreError, match="idle-in-transaction timeout"):
            _freeze(frozen, other)
        with engine.reading(frozen) as again:
            assert again.scalar(text("SELECT 1")) == 1
        frozen.dispose()
        other.dispose()


def test_a_restarted_server_is_found_again(postgres, tmp_path, article, clock):
    with postgres.database("migrated") as url:
        opened = open_store(url, tmp_path)
        opened.archive.add(article, now=clock.now())
        postgres.stop()
        with pytest.raises(StoreError, match="tries again"):
            opened.archive.find(article.key)
        postgres.start()
        assert opened.archive.find(article.key) == article
        opened.close()


def test_a_postgresql_database_leaves_no_file_behind(postgres, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with postgres.database("migrated") as url:
        opened = open_store(url, tmp_path / "cards", origin="test", clock=FakeClock())
        opened.leases.begin()
        opened.close()
    assert list(tmp_path.iterdir()) == []


def test_the_revisions_are_those_that_alembic_reads():
    scripts = ScriptDirectory(str(Path(engine.__file__).parent / "migrations"))
    assert [one.revision for one in scripts.walk_revisions()] == list(reversed(_revisions()))
    assert scripts.get_current_head() == head()
