from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.domain.article import Article
from bot.domain.ledger import Draft
from bot.domain.post import Content
from bot.pipeline.publish import Outbox
from bot.pipeline.rules import Rules
from bot.store import open_store
from tests.fakes import FakeAccount, FakeClock


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


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'data' / 'bot.db'}", tmp_path / "data" / "cards")
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
