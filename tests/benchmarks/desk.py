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
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from bot.app import build
from bot.domain.article import Article
from bot.domain.ledger import Draft
from bot.domain.people import Role
from bot.domain.post import State
from bot.pipeline.draft import draft
from bot.settings import model
from bot.web import passwords
from tests.stories import story

PASSWORD = "correct horse battery"
PAGES = ("/", "/?list=published", "/?list=rejected&page=20", "/?q=harbour", "/record", "ARTICLE")


def fill(folder, count):
    """Keep that many posts, most of them decided about long ago, as after years of use."""
    app = build(model()(data_dir=folder))
    app.store.engine.pool.connect().close()
    now = datetime.now(UTC)
    title, dek, body = story(0)
    first = Article(key="bench-0", url="https://x.example/0", title=title, dek=dek, body=body)
    app.store.archive.add(first, now=now)
    kept = draft(first, app.studio)
    keys = []
    for number in range(1, count // 2):
        title, dek, body = story(number)
        article = replace(
            first,
            key=f"bench-{number}",
            url=f"https://x.example/{number}",
            title=title,
            dek=dek,
            body=body,
            section=("AI", "Economy", "Science")[number % 3],
        )
        at = now - timedelta(hours=number)
        app.store.archive.add(article, now=at)
        waits = number <= 20
        for post in kept:
            made = app.store.desk.draft(
                Draft(
                    article_key=article.key,
                    platform=post.platform,
                    channel=post.channel,
                    content=post.content,
                    due_at=now + timedelta(hours=1) if waits else at,
                    expires_at=now + timedelta(hours=12),
                ),
                now=at,
            )
            if not waits:
                to = State.REJECTED if number % 2 else State.ON_HOLD
                app.store.desk.decide(made, to, by="bench", reason="Timing", now=at)
        if waits:
            keys.append(article.key)
    for number in range(25):
        user = app.store.people.add(f"e{number}", Role.APPROVER, by="bench", now=now)
        app.store.people.rehash(user, passwords.hashed(PASSWORD, name="nobody"))
    app.close()
    return keys


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
            times = defaultdict(list)
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
            report(times, chosen)
            print(f"memory of the process at most: {memory(process.pid):.0f} MB")
        finally:
            process.terminate()
            process.wait(20)


def report(times, chosen):
    everything = sorted(t for found in times.values() for t in found)
    for page, found in [*times.items(), ("all pages", everything)]:
        ordered = sorted(found)
        middle, high = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        print(f"{page:<26}{len(ordered):>6} p50 {middle * 1000:6.1f} ms  p95 {high * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
