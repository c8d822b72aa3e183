import multiprocessing
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from bot.domain.delivery import Outcome, Receipt, Ticket
from bot.domain.errors import UsageError
from bot.domain.ledger import Event, Settlement
from bot.store import engine as engines
from bot.store import open_store
from bot.store.audit import GENESIS

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def published(store, approved, clock):
    """A post with a story: seen, drafted, approved, sending, published."""
    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    attempt = store.ledger.claim(approved, ticket, now=clock.now())
    receipt = Receipt(remote_id="1", permalink="p/1")
    settlement = Settlement(outcome=Outcome.PUBLISHED, receipt=receipt)
    return store.ledger.settle(attempt, settlement, now=clock.now())


@pytest.fixture
def tamper(store):
    """Write to the database behind the bot's back, as somebody who owns it could."""
    unguarded = {
        "sqlite": ("DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"),
        "postgresql": ("ALTER TABLE events DISABLE TRIGGER USER",),
    }[store.engine.dialect.name]

    def run(*statements):
        with store.engine.begin() as connection:
            for statement in (*unguarded, *statements):
                connection.exec_driver_sql(statement)

    return run


def test_every_change_is_a_row_and_the_chain_holds(store, published):
    rows = list(store.audit.export())
    assert [row["name"] for row in rows] == [
        "article.seen",
        "post.drafted",
        "post.approved",
        "post.sending",
        "post.published",
    ]
    assert [row["who"] for row in rows] == ["bot", "bot", "asha", "publisher", "publisher"]
    assert rows[0]["previous_hash"] == GENESIS
    assert [row["previous_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]
    of_post = rows[1:]
    assert [row["before_hash"] for row in of_post[1:]] == [
        row["after_hash"] for row in of_post[:-1]
    ]
    assert len({row["after_hash"] for row in of_post}) == len(of_post)
    verdict = store.audit.verify()
    assert (verdict.rows, verdict.head, verdict.findings) == (5, rows[-1]["hash"], ())


def test_a_row_says_where_it_was_done(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path, origin="desk-1 pid 7")
    opened.history.note(Event(at=NOW, name="bot.started", who="bot"))
    assert next(iter(opened.audit.export()))["origin"] == "desk-1 pid 7"
    opened.close()


@pytest.mark.parametrize("statement", ["UPDATE events SET who = 'eve'", "DELETE FROM events"])
def test_the_database_refuses_to_change_a_row(store, published, statement):
    with (
        pytest.raises(IntegrityError, match="only ever added"),
        store.engine.begin() as connection,
    ):
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE events SET who = 'eve' WHERE id = 3", "Row 3 (post.approved) was changed."),
        ("UPDATE events SET detail = '{}' WHERE id = 3", "Row 3 (post.approved) was changed."),
        ("UPDATE events SET at = '2020-01-01 00:00:00' WHERE id = 2", "Row 2 (post.drafted) was"),
        ("UPDATE events SET origin = 'x' WHERE id = 1", "Row 1 (article.seen) was changed."),
        ("DELETE FROM events WHERE id = 3", "Row 4 follows row 2: rows are missing."),
        ("DELETE FROM events WHERE id = 1", "Row 2 follows row 0: rows are missing."),
        ("DELETE FROM events WHERE id = 5", "Post 1 was changed without a record."),
        (
            """INSERT INTO events (id, at, name, who, detail, previous_hash, hash)
            SELECT 6, at, 'post.approved', 'eve', '{}', hash, 'made up' FROM events WHERE id = 5""",
            "Row 6 (post.approved) was changed.",
        ),
        ("UPDATE posts SET state = 'verified'", "Post 1 was changed without a record."),
        ('UPDATE posts SET content = \'{"text": "other"}\'', "Post 1 was changed without a"),
        ("UPDATE receipts SET remote_id = '2'", "Post 1 was changed without a record."),
        ("DELETE FROM receipts", "Post 1 was changed without a record."),
    ],
)
def test_a_change_is_found(store, published, tamper, statement, found):
    tamper(statement)
    assert any(found in finding for finding in store.audit.verify().findings)


def test_a_chain_cut_at_its_end_is_found_by_a_hash_noted_before(store, tamper, clock):
    for name in ("a", "b", "c"):
        store.history.note(Event(at=clock.now(), name=name, who="asha"))
    noted = store.audit.verify().head
    store.history.note(Event(at=clock.now(), name="d", who="asha"))
    assert store.audit.verify(noted).findings == ()
    assert store.audit.verify(noted[:12]).findings == ()
    tamper("DELETE FROM events WHERE id >= 3")
    assert store.audit.verify().findings == ()
    (found,) = store.audit.verify(noted).findings
    assert noted in found


@pytest.mark.parametrize("expect", ["abc", "not a hash at all", "é" * 20])
def test_what_is_no_hash_is_refused(store, expect):
    with pytest.raises(UsageError, match="is no hash"):
        store.audit.verify(expect)


def _write(url, folder, who, count):
    opened = open_store(url, folder)
    for number in range(count):
        opened.history.note(Event(at=NOW, name=f"note.{number}", who=who))
    opened.close()


def test_several_processes_write_one_chain(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    opened = open_store(url, tmp_path)
    spawn = multiprocessing.get_context("spawn")
    writers = [
        spawn.Process(target=_write, args=(url, tmp_path, f"writer {n}", 60)) for n in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verdict = opened.audit.verify()
    assert (verdict.rows, verdict.findings) == (180, ())
    assert len({row["who"] for row in opened.audit.export()}) == 3
    opened.close()


def test_the_events_of_an_older_database_are_chained(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'bot.db'}")
    with engine.begin() as connection:
        engines._upgrade(connection, "0001")
        for number in (1, 2, 5):
            connection.exec_driver_sql(
                "INSERT INTO events (id, at, name, who, detail) VALUES (?, ?, 'n', 'w', ?)",
                (number, "2026-11-23 01:30:00", '{"a": 1}'),
            )
    engine.dispose()
    opened = open_store(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    assert opened.audit.verify().findings == ("Row 5 follows row 2: rows are missing.",)
    opened.close()
