"""A rehearsal plays kept articles against the stand-ins and touches nothing real."""

from dataclasses import replace
from datetime import timedelta

import pytest
import stamina

from bot.app import SystemClock, build
from bot.demo.rehearse import of_day, rehearse
from bot.domain.post import State
from bot.settings import model
from tests.unit.pipeline.posts import DATA, read


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def app(tmp_path):
    made = build(model()(data_dir=tmp_path / "real"), SystemClock())
    yield made
    made.close()


@pytest.fixture
def story(app):
    """One of yesterday's articles."""
    yesterday = app.clock.now() - timedelta(days=1)
    story = replace(read(DATA / "seed.json"), published_at=yesterday)
    app.store.archive.add(story, now=yesterday)
    return story


def test_yesterdays_articles_go_out_once_and_are_read_back(app, story):
    articles = of_day(app, None, 0)
    assert [article.key for article in articles] == [story.key]
    played = rehearse(app, articles)
    assert sorted(one.channel for one in played) == ["linkedin", "x"]
    assert all(one.ok for one in played), played
    assert app.store.desk.posts(()) == []


def test_a_bad_day_ends_well_too(app, story, tmp_path):
    bad_day = tmp_path / "bad-day.yaml"
    bad_day.write_text(
        "rules:\n"
        "  - {endpoint: x.create, fault: {kind: accept_then_drop}, times: 1}\n"
        "  - {endpoint: linkedin.create, fault: {kind: drop_before}, times: 1}\n"
        "  - {endpoint: '*.upload', fault: {kind: status, status: 503}, times: 2}\n"
    )
    played = rehearse(app, [story], scenario=bad_day)
    assert {one.state for one in played} == {State.VERIFIED}
    assert [one.copies for one in played] == [1, 1]
    assert max(one.tries for one in played) == 2


def test_another_day_has_none(app, story):
    assert of_day(app, (story.published_at - timedelta(days=5)).date(), 0) == []
    assert [article.key for article in of_day(app, None, 3)] == [story.key]
