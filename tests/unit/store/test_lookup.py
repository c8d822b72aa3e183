"""Many articles are looked up at once, by index, and none hides another."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from bot.domain.sighting import traits
from bot.store.lookup import MOST

WORDS = "Read the whole story on our site, where our reporters have everything that matters today. "


@pytest.fixture
def of(article):
    def make(number, body=""):
        title = f"Ward {number} votes on the budget of {number}"
        url = f"https://a.example/{number}"
        body = (body or f"{number} {WORDS * 2}",)
        return traits(
            replace(article, title=title, url=url, body=body), guid=str(number), source="feed"
        )

    return make


@pytest.fixture
def said(store):
    """The statements that reach the database, with what they were asked for."""
    heard = []

    def hear(connection, cursor, statement, parameters, context, executemany):
        heard.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(store.engine, "before_cursor_execute", hear)


def test_a_text_that_hundreds_share_hides_no_other_article(store, of, clock):
    many = [(of(number, WORDS * 2), "") for number in range(3 * MOST)]
    store.sightings.remember("feed", [*many, (of(9001), "k")], now=clock.now())
    elsewhere = replace(of(9001), guid=None, url=None, body=None)  # known by headline and day
    boilerplate = replace(of(9002, WORDS * 2), guid=None, url=None)
    shared, (mine,) = store.sightings.find([boilerplate, elsewhere])
    assert mine.article_key == "k"
    assert len(shared) == MOST


def test_a_feed_is_looked_up_in_a_query_for_each_trait_and_written_in_one(store, of, clock, said):
    feed = [(of(number), "") for number in range(50)]
    store.sightings.find([one for one, _ in feed])
    assert len([s for s, _ in said if "FROM sightings" in s]) == 5  # guid, url; body, head, tail
    said.clear()
    store.sightings.remember("feed", feed, now=clock.now())
    assert len([s for s, _ in said if "sightings" in s]) == 2


def test_what_is_shown_again_as_it_was_is_not_written_again(store, of, clock, said):
    feed = [(of(number), "") for number in range(5)]
    store.sightings.remember("feed", feed, now=clock.now())
    said.clear()
    store.sightings.remember("feed", feed, now=clock.now())
    assert not [s for s, _ in said if s.startswith(("INSERT", "UPDATE"))]
    became = [(one, "k") for one, _ in feed[:1]]
    store.sightings.remember("feed", became, now=clock.now())
    assert [s for s, _ in said if s.startswith("UPDATE sightings")]
    assert store.sightings.count() == 5


def test_the_same_article_twice_in_one_feed_is_remembered_once(store, of, clock):
    store.sightings.remember("feed", [(of(1), "first"), (of(1), "second")], now=clock.now())
    ((one,),) = store.sightings.find([of(1)])
    assert one.article_key == "second"


def test_every_lookup_uses_an_index(store, of, clock, said):
    store.sightings.remember("feed", [(of(1), "")], now=clock.now())
    said.clear()
    store.sightings.find([of(number) for number in range(5)])
    asked = [(s, p) for s, p in said if "FROM sightings" in s]
    assert len(asked) == 5
    sqlite = store.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    with store.engine.connect() as connection:
        if not sqlite:  # a table of one row is read whole by any planner that may
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            steps = [str(row[-1]) for row in plan]
            assert not [s for s in steps if s.startswith("SCAN") or "Seq Scan" in s], steps
            assert any("ix_sightings" in step for step in steps), steps


def test_an_archive_taken_in_at_once_is_looked_up_by_index_right_away(store, of, clock, said):
    """PostgreSQL's own statistics come a minute later; the next round does not wait for them."""
    sqlite = store.engine.dialect.name == "sqlite"
    if not sqlite:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE sightings SET (autovacuum_enabled = false)")
    one = of(0)
    archive = [(replace(one, guid=n, url=n, body=n, head=n, tail=n), "") for n in range(1, 30_000)]
    store.sightings.remember("feed", archive, now=clock.now())
    said.clear()
    store.sightings.find([of(number) for number in range(9_000, 9_020)])
    asked = [(s, p) for s, p in said if "FROM sightings" in s]
    assert len(asked) == 5
    with store.engine.connect() as connection:
        for statement, parameters in asked:
            explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
            plan = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            steps = [str(row[-1]) for row in plan]
            assert not [s for s in steps if s.startswith("SCAN") or "Seq Scan" in s], steps
