"""The desk listens at once and is loaded for its first visitor."""

import threading

import pytest
import requests

from bot.app import App, build
from bot.settings import model
from bot.web import server as module
from bot.web.proof import pages
from bot.web.server import DeskServer
from tests.fakes import FakeClock


@pytest.fixture
def app(tmp_path):
    built = build(model()(data_dir=tmp_path / "data", desk={"port": 0}), FakeClock())
    yield built
    built.close()


def test_it_is_loaded_for_its_first_visitor(app, monkeypatch):
    loaded = []
    load = module.load
    monkeypatch.setattr(module, "load", lambda one: loaded.append(one) or load(one))
    with DeskServer(app) as served:
        assert loaded == []
        with requests.Session() as session:
            assert session.get(f"{served.url}/sign-in", timeout=30).status_code == 200
            assert session.get(f"{served.url}/sign-in", timeout=30).status_code == 200
    assert loaded == [app]


def test_it_stops_without_ever_having_had_a_visitor(app):
    before = threading.active_count()
    with DeskServer(app):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_rehearsal_finds_a_page_that_cannot_be_shown(app, tmp_path):
    (fine,) = pages(app)
    assert fine.ok, fine
    own = tmp_path / "own"
    (own / "web").mkdir(parents=True)
    (own / "web" / "inbox.html").write_text("{% if %}")
    broken = app.settings.model_copy(update={"templates_dir": own})
    (found,) = pages(App(broken, app.clock))
    assert not found.ok
    assert "inbox.html" in found.detail
    desk = app.settings.desk.model_copy(update={"enabled": False})
    (off,) = pages(App(app.settings.model_copy(update={"desk": desk}), app.clock))
    assert off.detail == "is switched off"
