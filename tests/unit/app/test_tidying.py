"""Every night what is past its time goes; what the proof needs stays."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import build
from bot.app.tidying import tidy
from bot.domain.sighting import traits
from bot.duties import Duties
from bot.settings import model
from tests.unit.store.test_shelf import card, kept, post


@pytest.fixture
def app(clock, tmp_path):
    made = build(model()(data_dir=tmp_path / "data"), clock)
    yield made
    made.close()


def test_cards_go_with_their_posts_and_headlines_with_the_years(app, article, clock):
    store = app.store
    one = kept(store, card("one"), at=datetime(2020, 1, 1, tzinfo=UTC))
    made = post(store, article, clock, one)
    store.desk.decide(made, "rejected", by="ed", reason="no news", now=clock.now())
    seen = traits(article, guid="7", source="home")
    store.sightings.remember("home", [(seen, "a")], now=clock.now())
    assert not any(tidy(app).values())
    clock.advance(timedelta(days=400).total_seconds())
    would = tidy(app, dry=True)
    assert (would["cards"], would["headlines of old articles"]) == (1, 1)
    assert store.shelf.read(one.sha256) == b"one"
    assert tidy(app) == would
    assert store.shelf.size(one.sha256) is None
    assert store.sightings.count() == 1
    assert not any(tidy(app).values())


def test_the_night_does_it_once(app):
    store = app.store
    kept(store, card("one"), at=datetime(2020, 1, 1, tzinfo=UTC))
    Duties(app, threading.Event()).tidy()
    assert store.shelf.size(card("one").sha256) is None
    kept(store, card("two"), at=datetime(2020, 1, 1, tzinfo=UTC))
    Duties(app, threading.Event()).tidy()
    assert store.shelf.size(card("two").sha256) is not None
