"""How long it takes to know an article again, among how many remembered ones.

    python -m tests.benchmarks.sightings [--most 1000000]

Fills a real SQLite database to 10³, 10⁴, 10⁵ and 10⁶ remembered articles and looks up 400 each
time: known by id, by address, by headline and day, and unknown ones. Prints a table and a line
of JSON, in milliseconds an article; flat means that the last is not far above the first.
"""

import argparse
import json
import random
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert

from bot.domain.article import Article
from bot.domain.sighting import traits
from bot.pipeline.detect import candidates, judge
from bot.store import open_store
from bot.store.engine import writing
from bot.store.intake_schema import sightings

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
    """Remember the articles of these numbers, in bulk."""
    for begin in range(first, last, BATCH):
        rows = [
            {
                **asdict(traits(article(n), guid=str(n), source="feed")),
                "source": "feed",
                "article_key": f"k{n}",
                "at": START,
            }
            for n in range(begin, min(begin + BATCH, last))
        ]
        with writing(store.engine) as connection:
            connection.execute(insert(sightings), rows)


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
        times = []
        for _ in range(10):
            numbers = [rng.randrange(size) for _ in range(10)]
            shown = candidates([(*way(article(n), n), True) for n in numbers], "feed")
            start = time.perf_counter()
            judged = judge(shown, store.sightings, "feed")
            times.append((time.perf_counter() - start) * 100)
            known = sum(one.verdict != "new" for one in judged)
            assert known == (0 if name == "unknown" else len(numbers)), (name, known)
        took[name] = round(median(times), 3)
    return took


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=1_000_000)
    most = parser.parse_args().most
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bot.db", Path(folder) / "cards")
        have, size = 0, 1000
        while size <= most:
            fill(store, have, size)
            found[size] = look(store, size)
            print(f"{size:>9,}: {found[size]}")
            have, size = size, size * 10
        store.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
