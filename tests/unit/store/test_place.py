"""SQLite on a network's file system is refused, where the system tells that it is one."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.store import engine, place

MOUNTS = r"""22 27 0:21 / /proc rw - proc proc rw
27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
90 27 0:44 / /srv/share rw shared:2 - nfs4 files:/share rw,vers=4.2
91 27 0:45 / /srv/share/local rw - xfs /dev/sdb1 rw
92 27 0:46 / /mnt/two\040words rw - fuse.sshfs me@host: rw
93 27 0:47 / /mnt/win rw - cifs //host/share rw
94 27 0:48 / /home/me/mounted rw - fuse.fuse-overlayfs fuse-overlayfs rw
a line that means nothing
"""


@pytest.mark.parametrize(
    "path", ["/srv/share/bot.db", "/srv/share/a/b/bot.db", "/mnt/two words/bot.db", "/mnt/win/x.db"]
)
def test_a_network_is_refused_and_named(path):
    with pytest.raises(ConfigError, match=r"network file system \(.* at /.*\).*nothing was opened"):
        place.refuse_network(Path(path), MOUNTS)


@pytest.mark.parametrize(
    "path",
    ["/var/lib/bot.db", "/srv/share/local/bot.db", "/srv/shared/bot.db", "/home/me/mounted/b.db"],
)
def test_everything_else_is_taken(path):
    place.refuse_network(Path(path), MOUNTS)


def test_a_system_that_does_not_tell_is_taken():
    place.refuse_network(Path("/srv/share/bot.db"), "")


def test_it_is_asked_before_the_file_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "_read", lambda: f"1 0 0:1 / {tmp_path} rw - nfs host:/ rw\n")
    with pytest.raises(ConfigError, match="PostgreSQL"):
        engine.open_engine(f"sqlite:///{tmp_path / 'bot.db'}")
    assert list(tmp_path.iterdir()) == []
