import pytest

from bot.app import build
from bot.settings import model
from tests.site import serving
from tests.unit.watching.newsroom import Newsroom


@pytest.fixture
def site():
    with serving() as server:
        yield server


@pytest.fixture
def settings():
    return {}


@pytest.fixture
def app(tmp_path, clock, settings):
    values = {
        "data_dir": tmp_path,
        "channels": ("x",),
        "fetch": {"allow_private": True},
        **settings,
    }
    made = build(model()(**values), clock)
    yield made
    made.close()


@pytest.fixture
def newsroom(app, site, clock):
    return Newsroom(app, site, clock)
