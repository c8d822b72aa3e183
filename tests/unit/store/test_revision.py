"""The revision is the same for exactly as long as nothing was written."""

from datetime import UTC, datetime

from bot.domain.people import Role
from bot.store import open_store

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_it_changes_with_every_write_and_only_then(url, tmp_path):
    store, other = (open_store(url, tmp_path / "cards") for _ in range(2))
    try:
        seen = [store.revision.now()]
        store.people.all()
        other.people.all()
        assert store.revision.now() == seen[-1], "reading is no change"
        store.people.add("asha", Role.EDITOR, by="test", now=NOW)
        seen.append(store.revision.now())
        other.pauses.pause("x", "The account is hacked", now=NOW, by="asha")
        seen.append(store.revision.now())
        assert store.revision.now() == seen[-1]
        assert len(set(seen)) == 3, "one's own write and another process's both count"
    finally:
        store.close()
        other.close()
