"""Backups while the bot works, restoring them safely, and moving to PostgreSQL, row by row."""

import io
import json
import tarfile
import threading
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest

from bot.app import App, database
from bot.domain.card import Card
from bot.domain.delivery import Outcome, Receipt, Ticket
from bot.domain.errors import ConfigError, ContentError, UsageError
from bot.domain.ledger import Draft, Settlement
from bot.domain.post import Content, State
from bot.edition import Ingested, take
from bot.settings import model
from bot.store import backup
from bot.store.copying import Different, copy
from bot.store.engine import connect, conninfo, open_engine, writing
from tests.fakes import FakeClock

PNG = b"a picture, as far as the shelf can tell"
CARD = Card(
    png=PNG,
    sha256=sha256(PNG).hexdigest(),
    width=1200,
    height=675,
    layout="headline",
    alt_text="Rates held.",
)


@pytest.fixture
def apps(tmp_path):
    """Open the bot in a folder of its own, on SQLite or at an address."""
    opened = []

    def make(name, url=""):
        settings = model()(data_dir=tmp_path / name, database_url=url, channels=("x", "linkedin"))
        opened.append(App(settings, FakeClock()))
        return opened[-1]

    yield make
    for app in opened:
        app.close()


@pytest.fixture
def app(apps, article):
    """A bot with a post in every state that matters here."""
    made = apps("data")
    made.store.shelf.put(CARD)
    for number, state in enumerate(("drafted", "approved", "published", "sending", "begun")):
        _post(made, replace(article, key=state, url=f"https://x.test/{state}"), number, state)
    return made


def _post(app, article, number, state):
    now = app.clock.now()
    app.store.archive.add(article, now=now)
    parts = ("2/ And so on.",) if state == "begun" else ()
    draft = Draft(
        article_key=article.key,
        platform="x",
        channel="x",
        content=Content(text=f"Zinsen, ₹{number} 🏦", card=CARD.sha256, alt_text="a", parts=parts),
        due_at=now,
        expires_at=now + timedelta(hours=12),
    )
    post = app.store.desk.draft(draft, now=now)
    if state == "drafted":
        return
    post = app.store.desk.approve(post, by="asha", via="cli", now=now)
    if state == "approved":
        return
    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=post.fingerprint)
    app.store.ledger.save_ticket(post, ticket, now=now)
    attempt = app.store.ledger.claim(post, ticket, now=now)
    if state != "sending":
        receipt = Receipt(remote_id=str(number), permalink=f"p/{number}")
        settled = Settlement(outcome=Outcome.PUBLISHED, receipt=receipt)
        app.store.ledger.settle(attempt, settled, now=now)


def rows(app):
    engine = app.store.engine
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT id, hash FROM events ORDER BY id").all()


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, apps):
    """An empty bot to restore into."""
    if request.param == "sqlite":
        yield apps("elsewhere")
        return
    with request.getfixturevalue("postgres").database("migrated") as url:
        made = apps("elsewhere", url)
        yield made
        made.close()


def test_a_backup_restored_is_everything_and_sends_nothing(app, elsewhere, tmp_path):
    before = rows(app)
    where, about = database.backup(app, tmp_path / "kept" / "one.tar")
    assert where.stat().st_mode & 0o777 == 0o600
    assert about.chain == before[-1].hash
    database.restored(elsewhere, where, by="asha")
    store = elsewhere.store
    assert rows(elsewhere)[: len(before)] == before
    assert store.audit.verify(about.chain).findings == ()
    assert store.shelf.read(CARD.sha256) == PNG
    states = {post.article_key: post.state for post in store.desk.posts()}
    # What was to be sent may have gone out since; what was being sent is looked up at the start.
    assert states == {
        "drafted": State.ON_HOLD,
        "approved": State.ON_HOLD,
        "published": State.PUBLISHED,
        "sending": State.SENDING,
        "begun": State.PUBLISHED,
    }
    assert set(store.pauses.all()) == {"x", "linkedin"}
    held = next(post for post in store.desk.posts() if post.article_key == "approved")
    assert "Look at the account for what went out since" in held.reason
    store.archive.add(replace(store.archive.find("drafted"), key="new", url="u"), now=held.due_at)


def test_killed_while_restoring_it_is_all_there_or_not_at_all(
    app, elsewhere, tmp_path, monkeypatch
):
    """There is no moment at which it would send."""
    where, _ = database.backup(app, tmp_path / "one.tar")

    class Died(BaseException):
        pass

    def dies(moment):
        def copying(kept, target):
            if moment == "after":
                copy(kept, target)
            raise Died

        return copying

    for moment in ("before", "after"):
        monkeypatch.setattr(backup, "copy", dies(moment))
        with pytest.raises(Died):
            database.restored(elsewhere, where, by="asha")
        waiting = elsewhere.store.desk.posts((State.DRAFTED, State.APPROVED, State.BEGUN))
        assert waiting == []
    assert set(elsewhere.store.pauses.all()) == {"x", "linkedin"}


def test_what_the_backup_has_forgotten_is_not_posted_again(app, apps, article, tmp_path):
    """This morning's article went out after the backup was made: to the restored bot it is new."""
    where, _ = database.backup(app, tmp_path / "one.tar")
    other = apps("restored")
    database.restored(other, where, by="asha")
    result = Ingested()
    now = other.clock.now()
    for key, at in (("old", now), ("undated", None), ("new", now + timedelta(seconds=1))):
        known = replace(article, key=key, url=f"https://x.test/{key}", published_at=at)
        take(other, known, result, by_hand=False)
    states = {post.article_key: (post.state, post.reason) for post in result.posts}
    assert {key: state for key, (state, _) in states.items()} == {
        "old": State.ON_HOLD,
        "undated": State.ON_HOLD,
        "new": State.DRAFTED,
    }
    assert "look at the account" in states["old"][1]


def test_nothing_is_restored_under_a_running_publisher(app, apps, tmp_path):
    where, _ = database.backup(app, tmp_path / "one.tar")
    other, same = apps("restored"), apps("restored")
    with other.publishing(), pytest.raises(ConfigError, match="Another process is publishing"):
        database.restored(same, where, by="asha")
    assert same.store.desk.posts() == []


def test_a_backup_is_of_one_moment_while_others_write(app, apps, tmp_path, article):
    """A writer goes on all the time; the copy's own checks find anything torn."""
    stop, written = threading.Event(), []
    writer = apps("data")

    def write():
        while not stop.is_set():
            number = len(written)
            _post(writer, replace(article, key=f"w{number}", url=f"u{number}"), number, "approved")
            written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for name in ("one", "two"):
            have = len(written)
            where, about = database.backup(app, tmp_path / f"{name}.tar")
            assert have <= about.rows["posts"] - 5 <= len(written) + 1
            while len(written) == have:
                pass
    finally:
        stop.set()
        thread.join()
    restored = apps("restored")
    database.restored(restored, where, by="asha")
    assert restored.store.audit.verify(about.chain).findings == ()
    assert len(restored.store.desk.posts(limit=10_000)) == about.rows["posts"]


def test_a_backup_never_overwrites_and_names_what_is_wrong(app, apps, tmp_path):
    where, _ = database.backup(app)
    assert where.parent == tmp_path / "data" / "backups"
    with pytest.raises(UsageError, match="is there already"):
        database.backup(app, where)
    with pytest.raises(UsageError, match="is not empty"):
        database.restored(app, where, by="asha")
    (tmp_path / "no.tar").write_bytes(b"no")
    with pytest.raises(UsageError, match="is no backup made by"):
        database.restored(apps("other"), tmp_path / "no.tar", by="asha")
    with pytest.raises(UsageError, match="is no backup made by"):
        database.restored(apps("other"), tmp_path / "gone.tar", by="asha")
    assert not list((tmp_path / "data").glob("**/.backup-*"))


def test_a_backup_that_was_changed_is_refused(app, apps, tmp_path):
    where, _ = database.backup(app)
    with tarfile.open(where) as tar:
        tar.extractall(tmp_path / "open", filter="data")
    forged = connect(f"sqlite:///{tmp_path / 'open' / 'bot.db'}")
    with forged.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql("UPDATE events SET who = 'nobody' WHERE id = 2")
    forged.dispose()
    with tarfile.open(tmp_path / "forged.tar", "w") as tar:
        for name in ("backup.json", "bot.db"):
            tar.add(tmp_path / "open" / name, name)
    other = apps("other")
    with pytest.raises(UsageError, match="was changed since it was made"):
        database.restored(other, tmp_path / "forged.tar", by="asha")
    assert other.store.desk.posts() == []


def test_a_backup_cannot_write_outside(apps, tmp_path):
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        words = json.dumps({}).encode()
        entry = tarfile.TarInfo("../../evil")
        entry.size = len(words)
        tar.addfile(entry, io.BytesIO(words))
    with pytest.raises(UsageError, match="is no backup"):
        database.restored(apps("other"), tmp_path / "evil.tar", by="asha")
    assert not (tmp_path / "evil").exists()


class TestMove:
    @pytest.fixture
    def url(self, postgres):
        with postgres.database("migrated") as made:
            yield made

    def test_every_row_and_card_arrives_and_the_old_one_publishes_no_more(self, app, apps, url):
        moved = database.move(app, url, by="asha")
        before = [row for row in rows(app) if row.id <= moved.rows["events"]]
        assert moved.chain == before[-1].hash
        assert moved.rows["posts"] == 5
        new = apps("machine-two", url)  # which has none of the files
        assert rows(new)[: len(before)] == before
        assert new.store.audit.verify(moved.chain).findings == ()
        assert new.store.shelf.read(CARD.sha256) == PNG
        assert new.store.pauses.all() == {}
        assert set(app.store.pauses.all()) == {"x", "linkedin"}
        old, there = app.store.desk.posts(), new.store.desk.posts()
        assert [(p.id, p.state, p.content) for p in old] == [
            (p.id, p.state, p.content) for p in there
        ]
        _post(new, replace(new.store.archive.find("drafted"), key="n", url="n"), 9, "published")
        new.close()

    def test_what_was_moved_is_counted_before_anybody_asks(self, app, apps, url):
        """A table that PostgreSQL has never counted is read whole, however many rows it has."""
        moved = database.move(app, url, by="asha")
        new = apps("machine-two", url)
        with new.store.engine.connect() as connection:
            counted = connection.exec_driver_sql(
                "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND reltuples > 0"
            ).all()
        names = {name for name, _ in counted}
        assert {name for name, count in moved.rows.items() if count} <= names
        new.close()

    def test_only_sqlite_is_moved_and_only_to_an_empty_postgresql(self, app, apps, url):
        with pytest.raises(UsageError, match="only to PostgreSQL"):
            database.move(app, "sqlite:///other.db", by="asha")
        database.move(app, url, by="asha")
        with pytest.raises(UsageError, match="is not empty"):
            database.move(app, url, by="asha")
        new = apps("two", url)
        with pytest.raises(UsageError, match="Only an SQLite database is moved"):
            database.move(new, url, by="asha")
        new.close()

    def test_not_while_a_publisher_runs(self, app, apps, url):
        with apps("data").publishing(), pytest.raises(ConfigError, match="Stop it first"):
            database.move(app, url, by="asha")

    def test_a_row_that_does_not_arrive_as_it_is_undoes_the_copy(self, app, url):
        """A trigger of somebody's own in the new database changes what is put in."""
        with psycopg.connect(conninfo(url), autocommit=True) as connection:
            connection.execute(
                "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.text = 'meddled'; RETURN NEW; END $$"
            )
            connection.execute(
                "CREATE TRIGGER meddle BEFORE INSERT ON tickets "
                "FOR EACH ROW EXECUTE FUNCTION meddle()"
            )
        target = open_engine(url)
        try:
            with pytest.raises(Different, match="Row 1 of tickets was not copied as it is"):
                copy(app.store.engine, target)
            with target.connect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM posts").scalar() == 0
        finally:
            target.dispose()


def test_a_card_drawn_on_one_machine_is_sent_from_another(apps, postgres):
    with postgres.database("migrated") as url:
        one, two = apps("one", url), apps("two", url)
        one.store.shelf.put(CARD)
        assert two.store.shelf.read(CARD.sha256) == PNG
        two.store.shelf.path(CARD.sha256).unlink()
        with writing(two.store.engine) as connection:
            connection.exec_driver_sql("UPDATE card_files SET data = 'changed'")
        with pytest.raises(ContentError, match="was changed"):
            two.store.shelf.read(CARD.sha256)
        one.close()
        two.close()
