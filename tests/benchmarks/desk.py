"""How fast the desk answers 20 editors with 10,000 posts kept, and what memory the process takes.

    python -m tests.benchmarks.desk [--posts 10000] [--editors 20] [--seconds 30] [--think 1]
                                    [--decide 0.05]

After every page was asked for once, each editor asks for a random page, reads it (`--think` seconds
on average, from half to one and a half times), and asks for the next; one page in twenty
(`--decide`) is followed by a decision, a hold or a release, which voids what the desk has kept of
its pages. After that the same for ten
seconds without thinking, closed loop: how much one process can answer at all. Prints the median
and the 95th percentile of every page, over loopback, the processor time of a page, and the memory
of the server's process.
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
PAGES = (
    "/",
    "/?list=published",
    "/?list=rejected&page=20",
    "/?q=harbour",
    "/calendar",
    "/record",
    "ARTICLE",
)
CLOSED_LOOP = 10


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


def signed_in(url, name):
    session = requests.Session()
    session.trust_env = False
    token = re.search(r'name="csrf" value="(\w+)"', session.get(url + "/sign-in").text)[1]
    data = {"name": name, "password": PASSWORD, "csrf": token}
    assert session.post(url + "/sign-in", data=data).status_code == 200
    return session


def editor(url, session, name, keys, load, times):
    chance = random.Random(name)
    time.sleep(chance.random() * load.think)
    until = time.monotonic() + load.seconds
    while time.monotonic() < until:
        page = chance.choice(PAGES)
        path = f"/articles/{chance.choice(keys)}" if page == "ARTICLE" else page
        answer = timed(session.get, url + path, times[page])
        if page == "ARTICLE" and chance.random() < load.decide * len(PAGES):
            decide(url, session, answer.text, times["a decision"])
        time.sleep(chance.uniform(0.5, 1.5) * load.think)


def timed(ask, address, times, **more):
    began = time.perf_counter()
    answer = ask(address, **more)
    times.append(time.perf_counter() - began)
    assert answer.status_code == 200, address
    return answer


def decide(url, session, page, times):
    """Hold a post that waits, or let a held one go; another editor may have been faster."""
    held = re.search(r'action="/decide/release".*?name="post" value="(\d+)"', page, re.DOTALL)
    waits = re.search(r'name="post" value="(\d+:\w+)"', page)
    token = re.search(r'name="csrf" value="(\w+)"', page)[1]
    data = {"csrf": token, "back": "/keys", "reason": "measured"}
    action, post = ("release", held) if held else ("hold", waits)
    if post is None:
        return
    began = time.perf_counter()
    session.post(f"{url}/decide/{action}", data=data | {"post": post[1]}, allow_redirects=False)
    times.append(time.perf_counter() - began)


def run(url, process, sessions, keys, load):
    """Let every editor work for a while and print what they saw."""
    times, before = defaultdict(list), worked(process.pid)
    threads = [
        threading.Thread(target=editor, args=(url, session, name, keys, load, times))
        for name, session in sessions.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report(times)
    count = sum(len(found) for found in times.values())
    share = (worked(process.pid) - before) / count * 1000
    print(f"{count / load.seconds:.0f} requests a second, processor time of each: {share:.1f} ms")


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
    parser.add_argument("--decide", type=float, default=0.05)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        keys = fill(Path(folder), chosen.posts)
        print(f"{chosen.posts} posts kept in {time.perf_counter() - began:.0f} s")
        process, url = served(Path(folder))
        try:
            sessions = {f"e{n}": signed_in(url, f"e{n}") for n in range(chosen.editors)}
            for page in PAGES:  # as after a minute of work: the desk is loaded, templates compiled
                path = f"/articles/{keys[0]}" if page == "ARTICLE" else page
                sessions["e0"].get(url + path)
            print(
                f"{chosen.editors} editors, a page each, then {chosen.think:g} s of reading; a "
                f"decision after {chosen.decide:.0%} of the pages; {chosen.seconds} s"
            )
            run(url, process, sessions, keys, chosen)
            print(f"the same without reading, closed loop, {CLOSED_LOOP} s")
            loop = argparse.Namespace(think=0, decide=chosen.decide, seconds=CLOSED_LOOP)
            run(url, process, sessions, keys, loop)
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
