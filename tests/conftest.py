import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
import structlog

from bot.domain.article import Article
from bot.domain.ledger import Draft
from bot.domain.post import Content
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import Rules
from bot.store import open_store
from tests import guard
from tests import postgres as postgresql
from tests.fakes import FakeAccount, FakeClock

# No test is about time. On a laptop every run tries other examples; CI tries the same ones every
# time, so that a change is judged by what it changed.
hypothesis.settings.register_profile("laptop", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "laptop")


#: CI may not skip.
pytest_plugins = ["tests.noskip"]

guard.watch()


def pytest_sessionfinish(session):
    """A connection beyond loopback fails the run, even where the code under test swallowed it."""
    if guard.BEYOND and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    """Say what was tried."""
    for line in guard.BEYOND:
        terminalreporter.write_line(f"Beyond loopback: {line}", red=True)


@pytest.fixture(autouse=True)
def _log_as_shipped():
    """A test that sets the log up leaves no trace in the next one."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def account():
    return FakeAccount()


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of the tests' own, with a database `migrated` to copy."""
    with postgresql.cluster() as running:
        postgresql.migrated(running, running.folder / "cards")
        yield running


@pytest.fixture
def url(request, tmp_path):
    """Address of an empty database; the tests of the store have it of both kinds."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'bot.db'}"
    else:
        with request.getfixturevalue("postgres").database("migrated") as made:
            yield made


@pytest.fixture
def store(url, tmp_path):
    opened = open_store(url, tmp_path / "data" / "cards")
    yield opened
    opened.close()


@pytest.fixture
def article():
    return Article(
        key="2026-11-23-rates-held",
        url="https://theshiftmaker.com/articles/2026-11-23-rates-held",
        title="Rates held",
        dek="The bank waits.",
        published_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        body=("The central bank held its rate at 6.5 % on Monday.",),
        source="test",
    )


@pytest.fixture
def content():
    return Content(text="The bank held its rate at 6.5 %.", alt_text="Rates held")


@pytest.fixture
def drafted(store, article, content, clock):
    """A post in the queue."""
    store.archive.add(article, now=clock.now())
    draft = Draft(
        article_key=article.key,
        platform="x",
        channel="x",
        content=content,
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=12),
    )
    return store.desk.draft(draft, now=clock.now())


@pytest.fixture
def approved(store, drafted, clock):
    return store.desk.approve(drafted, by="asha", via="cli", now=clock.now())


@pytest.fixture
def outbox(store, clock):
    rules = Rules(settle=120, recheck=600, verify=20)
    return Outbox(store.ledger, store.lookout, store.pauses, store.shelf, clock, rules)


@pytest.fixture
def edited(content):
    return replace(content, text="Something else entirely.")
