"""Measure a round's cost as finished posts pile up: `python -m tests.benchmarks.due`.

Wanted: flat within 1.5 × from a hundred to a million finished posts. Prints JSON.
"""

import argparse
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import text

from bot.pipeline.publish import Outbox
from bot.pipeline.rules import Rules
from bot.pipeline.tick import tick
from bot.store import open_store
from tests import postgres
from tests.fakes import FakeClock

#: Numbers from 1 to :n, in both dialects.
NUMBERS = (
    "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < :n) "
    "SELECT {columns} FROM k"
)
ARTICLE = {
    "key": "'a' || i",
    "url": "'u' || i",
    "title": "'t'",
    "content_hash": "'h'",
    "revision": "1",
    "source": "'b'",
    "article": "'{}'",
    "first_seen_at": "'2026-01-01 00:00:00.000000'",
}
#: Mostly verified, every fifth not readable, the others ended otherwise.
STATES = "CASE WHEN i % 10 < 7 THEN 'verified' WHEN i % 10 < 9 THEN 'published' ELSE 'expired' END"
POST = {
    "article_key": "'a' || i",
    "platform": "'x'",
    "channel": "'x'",
    "state": STATES,
    "content": '\'{"text": "Post"}\'',
    "fingerprint": "'f'",
    "findings": "'[]'",
    "variants": "'[]'",
    "due_at": "'2026-01-01 00:00:00.000000'",
    "expires_at": "'2026-01-01 12:00:00.000000'",
    "fence": "1",
    "tries": "1",
    "checks": "0",
    "reason": "''",
    "asks": "''",
    "created_at": "'2026-01-01 00:00:00.000000'",
    "updated_at": "'2026-01-01 00:00:00.000000'",
}
TYPES = {
    "article": "json",
    "content": "json",
    "findings": "json",
    "variants": "json",
    "first_seen_at": "timestamptz",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
}


def put(store, table, columns, count):
    postgresql = store.engine.dialect.name == "postgresql"
    shown = ", ".join(
        f"CAST({value} AS {TYPES[name]})" if postgresql and name in TYPES else value
        for name, value in columns.items()
    )
    query = NUMBERS.format(columns=shown)
    with store.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO {table} ({', '.join(columns)}) {query}"),
            {"n": count},
        )


def measure(url, folder, count):
    """Return the fewest milliseconds of a round in which nothing is due."""
    clock = FakeClock(at=datetime.now(UTC) + timedelta(days=1))
    store = open_store(url, folder / "cards", clock=clock)
    put(store, "articles", ARTICLE, count)
    put(store, "posts", POST, count)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    parts = (store.ledger, store.lookout, store.pauses, store.shelf)
    leases = (store.leases,) if store.leases else ()
    outbox = Outbox(*parts, clock, Rules(), *leases)
    times = []
    for _ in range(60):
        start = perf_counter()
        assert tick(outbox, lambda channel: None, stopping=lambda: False) == 0
        times.append(1000 * (perf_counter() - start))
    store.close()
    return round(min(times), 2)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.due")
    parser.add_argument("--most", type=int, default=6, help="10 to this power")
    wanted = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as name, postgres.cluster() as running:
        for power in range(2, wanted.most + 1, 2):
            count, folder = 10**power, Path(name) / str(power)
            folder.mkdir()
            found[f"sqlite, {count} finished posts"] = measure(
                f"sqlite:///{folder / 'bot.db'}", folder, count
            )
            with running.database() as url:
                found[f"postgresql, {count} finished posts"] = measure(url, folder, count)
    print(json.dumps({"milliseconds_per_round": found}, indent=2))


if __name__ == "__main__":
    main()
