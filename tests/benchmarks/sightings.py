"""How long it takes to know an article again, among how many remembered ones.

    python -m tests.benchmarks.sightings [--most 1000000] [--database sqlite|postgresql]

Fills a real database to 10³, 10⁴, 10⁵ and 10⁶ remembered articles and looks up 400 each time, in
feeds of ten: known by id, by address, by headline and day, and unknown ones. Prints a table and a
line of JSON, in milliseconds an article: the median, the slowest feed, and the processor's part,
which is the same on a busy machine; flat means that the last is not far above the first. "scans" are the lookups that read the whole table.
"""

import argparse
import contextlib
import json
import random
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event, insert

from bot.domain.article import Article
from bot.domain.sighting import traits
from bot.pipeline.detect import candidates, judge
from bot.store import open_store
from bot.store.engine import writing
from bot.store.intake_schema import sightings
from tests import postgres

WORDS = [
    "bank",
    "holds",
    "rate",
    "cut",
    "firm",
    "law",
    "court",
    "model",
    "chip",
    "price",
    "vote",
    "plan",
    "minister",
    "study",
    "finds",
    "new",
    "record",
    "energy",
    "data",
    "school",
    "train",
    "port",
    "harvest",
    "water",
    "fund",
    "bill",
    "party",
    "border",
    "river",
]
START = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 20_000
EVERY = 10


def article(number: int) -> Article:
    """Return an article, always the same for its number."""
    rng = random.Random(number)
    title = " ".join(rng.choices(WORDS, k=8))
    return Article(
        key=f"k{number}",
        url=f"https://site.example/{number}",
        title=title,
        published_at=START + timedelta(minutes=number % 3_000_000),
        body=(f"{title} said number {number} to everybody who would listen. " * 4,),
    )


def fill(store, first: int, last: int) -> None:
    """Remember the articles of these numbers, in bulk; indexes are built when all rows are there.

    Every `EVERY`th is an article that can be asked for, the others are only as large as one.
    """
    rng = random.Random(first)
    with writing(store.engine) as connection:
        for index in sightings.indexes:
            index.drop(connection)
        for begin in range(first, last, BATCH):
            numbers = range(begin, min(begin + BATCH, last))
            rows = [real(n) if n % EVERY == 0 else other(n, rng) for n in numbers]
            connection.execute(insert(sightings), rows)
        for index in sightings.indexes:
            index.create(connection)


def real(number: int) -> dict[str, Any]:
    """Return the row of an article."""
    known = asdict(traits(article(number), guid=str(number), source="feed"))
    return {**known, "source": "feed", "article_key": f"k{number}", "at": START}


def other(number: int, rng: random.Random) -> dict[str, Any]:
    """Return a row with digests of its own."""
    digests = {name: rng.getrandbits(63) for name in ("guid", "url", "body", "head", "tail")}
    day = START.toordinal() + number % 3_000_000 // 1440
    rest = {"day": day, "title": f"{number} " + " ".join(WORDS[:8]), "listing": 0}
    return {**digests, **rest, "source": "feed", "article_key": f"k{number}", "at": START}


def look(store, size: int) -> dict[str, float]:
    """Return milliseconds for each way of knowing an article."""
    rng = random.Random(size)
    ways = {
        "id": lambda a, n: (str(n), a),
        "address": lambda a, n: ("", a),
        "headline": lambda a, n: ("", Article(key="x", url="https://site.example/x/" + str(n), title=a.title, published_at=a.published_at)),
        "unknown": lambda a, n: (f"x{n}", article(n + 50_000_000)),
    }  # fmt: skip
    took = {}
    for name, way in ways.items():
        times, work = [], []
        for _ in range(10):
            numbers = [n * EVERY for n in rng.sample(range(size // EVERY), 10)]
            shown = candidates([(*way(article(n), n), True) for n in numbers], "feed")
            start, worked = time.perf_counter(), time.process_time()
            judged = judge(shown, store.sightings, "feed")
            work.append((time.process_time() - worked) * 100)
            times.append((time.perf_counter() - start) * 100)
            known = sum(one.verdict != "new" for one in judged)
            assert known == (0 if name == "unknown" else len(numbers)), (name, known)
        took[name] = round(median(times), 3)
        took[f"{name} at most"] = round(max(times), 3)
        took[f"{name}, processor"] = round(median(work), 3)
    return took


def scans(store, size: int) -> int:
    """Return how many lookups of a feed would read the whole table, by the database's own word."""
    sqlite = store.engine.dialect.name == "sqlite"
    heard: list[tuple[str, Any]] = []

    def hear(connection, cursor, statement, parameters, context, executemany):
        heard.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", hear)
    store.sightings.find([traits(article(size + n), guid="x", source="feed") for n in range(20)])
    event.remove(store.engine, "before_cursor_execute", hear)
    asked = [(s, p) for s, p in heard if "FROM sightings" in s]
    bad = re.compile("^SCAN" if sqlite else "Seq Scan|sightings_pkey")
    with store.engine.connect() as connection:
        plans = [
            connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {s}", p).all()
            for s, p in asked
        ]
    return sum(any(bad.search(str(row[-1])) for row in plan) for plan in plans)


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """Make an empty database; yield its address."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bot.db"
    else:
        with postgres.cluster() as running, running.database() as url:
            yield url


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    found = {}
    with database(asked.database) as url, tempfile.TemporaryDirectory() as folder:
        store = open_store(url, Path(folder) / "cards")
        have, size = 0, 1000
        while size <= asked.most:
            start = time.perf_counter()
            fill(store, have, size)
            if asked.database == "postgresql":  # as the server does by itself within a minute
                with writing(store.engine) as connection:
                    connection.exec_driver_sql("ANALYZE sightings")
            filled = round(time.perf_counter() - start)
            found[size] = {**look(store, size), "scans": scans(store, size)}
            print(f"{size:>9,}: {found[size]} (filled in {filled} s)", flush=True)
            have, size = size, size * 10
        store.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
