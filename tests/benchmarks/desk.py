"""How fast the desk answers 20 editors with 10,000 posts kept, and what memory the process takes.

    python -m tests.benchmarks.desk [--posts 10000] [--editors 20] [--seconds 30] [--think 1]

Prints the median and the 95th percentile of every page, over loopback, beside the memory of the
server's process. `--think 0` asks without a pause: that measures throughput, not editors.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from sqlalchemy import insert, select

from bot.app import build
from bot.domain.article import Article
from bot.domain.people import Role
from bot.pipeline.draft import draft
from bot.settings import model
from bot.store import schema
from bot.web import passwords
from tests.stories import story

PASSWORD = "correct horse battery"
PAGES = ("/", "/?list=published", "/?list=rejected&page=20", "/?q=harbour", "/record", "ARTICLE")


def rows_of(about, like, count, now):
    """Return rows of articles, posts and receipts, and the keys of the articles that wait."""
    articles, posts, receipts, waiting = [], [], [], []
    for number in range(1, count // 2):
        key, at = f"bench-{number}", now - timedelta(hours=number)
        text, section = story(number)[0], ("AI", "Economy", "Science")[number % 3]
        said = about["article"] | {"key": key, "title": text, "section": section}
        row = {"key": key, "url": f"https://x.example/{number}", "title": text, "article": said}
        articles.append({**about, **row, "first_seen_at": at})
        waits = number <= 20
        state = "drafted" if waits else ("published", "rejected", "expired")[number % 3]
        due = now + timedelta(hours=1) if waits else at
        waiting += [key] if waits else []
        for one in like:
            post = {**one, "id": 10 + len(posts), "article_key": key, "state": state}
            post |= {"due_at": due, "reason": "Timing", "created_at": at, "updated_at": at}
            posts.append(post | {"approved_fingerprint": one["fingerprint"]})
            if state == "published":
                known = {"post_id": post["id"], "part": 0, "found": 0, "at": at}
                known |= {"remote_id": str(post["id"]), "permalink": "https://x.com/i/1"}
                receipts.append(known)
    return articles, posts, receipts, waiting


def fill(folder, count):
    """Keep that many posts: most of them over, as after years of use; return what waits.

    The rows are written at once: what is measured is reading them.
    """
    app = build(model()(data_dir=folder))
    now = datetime.now(UTC)
    title, dek, body = story(0)
    first = Article(key="bench-0", url="https://x.example/0", title=title, dek=dek, body=body)
    app.store.archive.add(first, now=now)
    draft(first, app.studio)
    with app.store.engine.begin() as connection:
        like = connection.execute(select(schema.posts)).mappings().all()
        about = connection.execute(select(schema.articles)).mappings().one()
        articles, posts, receipts, waiting = rows_of(about, like, count, now)
        for table, rows in (
            (schema.articles, articles),
            (schema.posts, posts),
            (schema.receipts, receipts),
        ):
            connection.execute(insert(table), rows)
    kept = passwords.hashed(PASSWORD, name="nobody")
    for number in range(25):
        user = app.store.people.add(f"e{number}", Role.APPROVER, by="bench", now=now)
        app.store.people.rehash(user, kept)
    app.close()
    return waiting


def served(folder):
    """Serve the desk from a process of its own; return it and its address."""
    env = {"PATH": os.environ["PATH"], "BOT_DATA_DIR": str(folder), "BOT_DESK__PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "web"],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
    )
    line = process.stdout.readline()
    return process, re.search(r"http://[\d.:]+", line)[0]


def editor(url, name, keys, until, think, times):
    session = requests.Session()
    session.trust_env = False
    token = re.search(r'name="csrf" value="(\w+)"', session.get(url + "/sign-in").text)[1]
    data = {"name": name, "password": PASSWORD, "csrf": token}
    assert session.post(url + "/sign-in", data=data).status_code == 200
    chance = random.Random(name)
    time.sleep(chance.random() * think)
    while time.monotonic() < until:
        page = chance.choice(PAGES)
        path = f"/articles/{chance.choice(keys)}" if page == "ARTICLE" else page
        began = time.perf_counter()
        answer = session.get(url + path)
        times[page].append(time.perf_counter() - began)
        assert answer.status_code == 200, path
        time.sleep(chance.uniform(0.5, 1.5) * think)


def worked(pid):
    """Return the processor time a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def main():
    parser = argparse.ArgumentParser()
    for name, default in (("posts", 10_000), ("editors", 20), ("seconds", 30)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--think", type=float, default=1.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        keys = fill(Path(folder), chosen.posts)
        print(f"{chosen.posts} posts kept in {time.perf_counter() - began:.0f} s")
        process, url = served(Path(folder))
        try:
            times, before = defaultdict(list), worked(process.pid)
            until = time.monotonic() + chosen.seconds + 5
            threads = [
                threading.Thread(
                    target=editor, args=(url, f"e{n}", keys, until, chosen.think, times)
                )
                for n in range(chosen.editors)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            report(times)
            count = sum(len(found) for found in times.values())
            share = (worked(process.pid) - before) / count * 1000
            print(f"processor time a page, signing in included: {share:.1f} ms")
            print(f"memory of the process at most: {memory(process.pid):.0f} MB")
        finally:
            process.terminate()
            process.wait(20)


def report(times):
    everything = sorted(t for found in times.values() for t in found)
    for page, found in [*times.items(), ("all pages", everything)]:
        ordered = sorted(found)
        middle, high = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        print(f"{page:<26}{len(ordered):>6} p50 {middle * 1000:6.1f} ms  p95 {high * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
