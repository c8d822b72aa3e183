"""Measure delivering, end to end: `python -m tests.benchmarks.deliveries [--posts 200]`.

Real `bot run` processes against stand-ins of X and LinkedIn over HTTP, on SQLite and PostgreSQL;
then how long it takes from kill -9 until the next post is out. Prints JSON.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.article import Article
from bot.domain.ledger import Draft
from bot.domain.post import Content
from bot.store import open_store
from tests import postgres
from tests.faults.judge import Books
from tests.faults.places import Files, Server
from tests.faults.processes import bot, platforms, preload

RUN = ("run",)
CLUSTER = ("run", "--cluster", "--only", "publisher")

#: What is measured: database, command, processes. A second publisher on SQLite is refused.
CASES = [
    ("sqlite", RUN, 1),
    ("sqlite", RUN, 2),
    ("sqlite", RUN, 4),
    ("postgresql", RUN, 1),
    ("postgresql", RUN, 2),
    ("postgresql", RUN, 4),
    ("postgresql", CLUSTER, 1),
    ("postgresql", CLUSTER, 2),
    ("postgresql", CLUSTER, 4),
]


def fill(url, folder, count):
    """Approve `count` posts, due now, half of them on each channel."""
    store = open_store(url, folder / "cards")
    now = datetime.now(UTC)
    for number in range(count):
        key = f"a{number}"
        article = Article(key=key, url=f"https://e.test/{key}", title="t", dek="", source="b")
        store.archive.add(article, now=now)
        channel = ("x", "linkedin")[number % 2]
        draft = Draft(
            article_key=key,
            platform=channel,
            channel=channel,
            content=Content(text=f"Post {number}: the bank held its rate."),
            due_at=now,
            expires_at=now + timedelta(hours=12),
        )
        post = store.desk.draft(draft, now=now)
        store.desk.approve(post, by="asha", via="benchmark", now=now)
    store.close()


def environ(given, url, folder):
    return {
        **given,
        "BOT_DATA_DIR": str(folder),
        "BOT_DATABASE_URL": url,
        "BOT_DESK__ENABLED": "false",
        "BOT_X_TIMES__DAILY": "10000",
        "BOT_LINKEDIN_TIMES__DAILY": "10000",
        "BOT_PUBLISH__DAILY_MOST": "10000",
        "BOT_SCHEDULE__TICK_SECONDS": "1",
        "BOT_PUBLISH__VERIFY_SECONDS": "3600",
        "BOT_LOG__STYLE": "json",
    }


def sent(books):
    return books.rows("SELECT count(*) AS n FROM receipts")[0]["n"]


def until(books, count):
    """Wait until so many posts are out; return when that was."""
    ends = time.monotonic() + 300
    while sent(books) < count:
        assert time.monotonic() < ends, "it does not come to an end"
        time.sleep(0.02)
    return time.monotonic()


def deliveries(place, command, workers, count, folder, number):
    """Return posts per second from the first to the last."""
    folder.mkdir()
    url = place.make(number, folder)
    books = Books(url)
    fill(url, folder, count)
    with platforms(folder, {}, members=False) as given:
        settings = environ(given, url, folder)
        running = [bot(folder, settings, *command) for _ in range(workers)]
        try:
            first = until(books, 2)
            last = until(books, count)
        finally:
            for process in running:
                process.signal(signal.SIGTERM)
            for process in running:
                if not process.wait(15):
                    process.kill()
    place.drop(number)
    shutil.rmtree(folder)
    return round((count - 2) / (last - first), 1)


def resumed(place, folder, number, workers):
    """Return the seconds from kill -9 to the next post; with one worker a fresh one is started."""
    folder.mkdir()
    url = place.make(number, folder)
    books = Books(url)
    fill(url, folder, 400)
    with platforms(folder, {}, members=False) as given:
        settings = environ(given, url, folder)
        running = [bot(folder, settings, "run", anew=True) for _ in range(workers)]
        try:
            until(books, 4)
            running[0].kill()
            killed, had = time.monotonic(), sent(books)
            if workers == 1:
                running.append(bot(folder, settings, "run", anew=True))
            seconds = until(books, had + 1) - killed
        finally:
            for process in running:
                process.kill()
    place.drop(number)
    shutil.rmtree(folder)
    return round(seconds, 2)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.deliveries")
    parser.add_argument("--posts", type=int, default=200)
    wanted = parser.parse_args()
    preload()
    found = {"posts": wanted.posts, "per_second": {}, "kill_to_next_post_seconds": {}}
    with tempfile.TemporaryDirectory() as name, postgres.cluster(durable=True) as running:
        folder = Path(name)
        places = {"sqlite": Files(folder), "postgresql": Server(running)}
        for number, (kind, command, workers) in enumerate(CASES, start=1):
            title = f"{kind}, {workers} × bot {' '.join(command)}"
            rate = deliveries(
                places[kind], command, workers, wanted.posts, folder / str(number), number
            )
            found["per_second"][title] = rate
            print(f"{rate:6} posts a second  {title}", file=sys.stderr, flush=True)
        for number, (kind, workers) in enumerate(
            (("sqlite", 1), ("postgresql", 1), ("postgresql", 2)), start=101
        ):
            found["kill_to_next_post_seconds"][f"{kind}, {workers} of bot run"] = resumed(
                places[kind], folder / str(number), number, workers
            )
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
