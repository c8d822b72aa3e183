"""One SQLite file has one publisher, whatever name it is opened by and whoever's folder is whose."""

import pytest

from bot.app import build
from bot.domain.errors import ConfigError
from bot.settings import model


@pytest.mark.parametrize("name", ["same", "linked", "roundabout"])
def test_two_bots_with_folders_of_their_own_and_one_file(tmp_path, clock, name):
    (tmp_path / "shared").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "shared")
    named = {
        "same": tmp_path / "shared" / "bot.db",
        "linked": tmp_path / "linked" / "bot.db",
        "roundabout": tmp_path / "one" / ".." / "shared" / "bot.db",
    }
    first, second, other = (
        build(model()(data_dir=tmp_path / folder, database_url=f"sqlite:///{path}"), clock)
        for folder, path in (
            ("one", named["same"]),
            ("two", named[name]),
            ("three", tmp_path / "shared" / "other.db"),
        )
    )
    with first.publishing():
        with pytest.raises(ConfigError, match="Another process is publishing"):
            second.publishing().__enter__()
        with other.publishing():
            pass
    with second.publishing():
        pass
    for app in (first, second, other):
        app.close()
