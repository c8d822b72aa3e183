"""One SQLite file has one publisher, whatever name it is opened by and whoever's folder is whose."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import build
from bot.domain.errors import ConfigError
from bot.domain.ledger import Draft
from bot.domain.post import State
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


def test_a_lock_that_cannot_be_taken_is_said(tmp_path, clock):
    """It was made by another user, as by one command under sudo."""
    app = build(model()(data_dir=tmp_path / "data"), clock)
    app.store.lock.mkdir()
    with pytest.raises(ConfigError, match="so nothing is sent"):
        app.publishing().__enter__()
    app.close()


@pytest.fixture
def at(tmp_path, clock):
    def make():
        return build(model()(data_dir=tmp_path / "data", channels=["x"]), clock)

    return make


def copied(app):
    """Copy the database by hand, and return how it is put back."""
    app.close()
    database = app.settings.data_dir / "bot.db"
    kept = database.read_bytes()

    def back():
        for name in ("bot.db-wal", "bot.db-shm"):
            database.with_name(name).unlink(missing_ok=True)
        database.write_bytes(kept)

    return back


def published(app, account, drafts):
    app.accounts.publishers["x"] = (0, account)
    with app.publishing():
        app.publish_due()
    return [app.store.desk.post(post.id).state for post in drafts]


def test_an_older_copy_put_back_by_hand_sends_nothing(at, account, article, clock, drafts):
    app = at()
    posts = drafts(app)
    back = copied(app)
    app = at()
    assert published(app, account, posts) == [State.PUBLISHED, State.DRAFTED]
    app.close()
    back()
    for _ in range(2):  # and goes on not to
        app = at()
        assert published(app, account, posts) == [State.ON_HOLD, State.ON_HOLD]
        assert "An older copy" in app.store.pauses.all()["x"]
        app.close()
    assert len(account.sent) == 1
    app = at()
    app.store.pauses.resume("x", by="asha", now=clock.now())
    app.close()
    app = at()
    published(app, account, posts)
    assert not app.store.pauses.all()  # who has looked is not asked again
    app.close()


def test_the_same_database_is_no_older_copy(at, account, drafts):
    app = at()
    posts = drafts(app)
    app.close()
    for _ in range(3):
        app = at()
        assert published(app, account, posts)[1] is State.DRAFTED
        assert not app.store.pauses.all()
        app.close()
    (app.settings.data_dir / "bot.db.witness").write_text("torn")
    app = at()
    published(app, account, posts)
    assert not app.store.pauses.all()
    app.close()


@pytest.fixture
def drafts(article, content, clock):
    """Make an approved post and a drafted one."""

    def make(app):
        made = []
        for key in ("one", "two"):
            known = replace(article, key=key, url=f"https://x.test/{key}")
            app.store.archive.add(known, now=clock.now())
            draft = Draft(
                article_key=key,
                platform="x",
                channel="x",
                content=content,
                due_at=clock.now(),
                expires_at=clock.now() + timedelta(hours=12),
            )
            made.append(app.store.desk.draft(draft, now=clock.now()))
        app.store.desk.approve(made[0], by="asha", via="cli", now=clock.now())
        return made

    return make
