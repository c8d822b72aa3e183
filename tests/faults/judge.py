"""What became of a run, seen from outside: the platforms' own record against the database.

Knows nothing of how the bot works, only what it promises.
"""

import re
from dataclasses import dataclass, field

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.http.sandbox import State

#: How the harness names its posts; nothing else is ever posted.
MARK = re.compile(r"Story ([0-9]+-[0-9]+[a-z]) v([0-9]+)")

#: A post rests here when nobody has to do anything, or somebody was asked and told why.
RESTS = frozenset({"drafted", "on_hold", "rejected", "failed", "expired", "verified"})
OUT = frozenset({"published", "verified"})

FIELDS = "id, channel, state, CAST(content AS TEXT) AS content, asks, reason, retry_at, look_at"


@dataclass
class Verdict:
    """Broken promises in plain words, and what was left to a person."""

    doubles: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    unclear: list = field(default_factory=list)

    @property
    def broken(self):
        return [*self.doubles, *self.lost, *self.wrong]


class Books:
    """The bot's database, opened anew for every look, so that it can be looked at any time."""

    def __init__(self, url):
        self.url = url
        self.engine = create_engine(url, poolclass=NullPool)

    def rows(self, query):
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def posts(self):
        return self.rows(f"SELECT {FIELDS} FROM posts ORDER BY id")  # noqa: S608 -- our own words

    def receipts(self):
        found = self.rows("SELECT post_id, remote_id FROM receipts")
        return {row["post_id"]: row["remote_id"] for row in found}

    def unquiet(self):
        """Return the posts that still have to come to rest by themselves."""
        return [post for post in self.posts() if not rests(post)]


def rests(post):
    if post["state"] == "unclear":
        return bool(post["asks"])
    if post["state"] == "published":
        return bool(post["asks"]) or post["look_at"] is None
    return post["state"] in RESTS


def mark(words):
    """Return which post a text is of, and which version of it."""
    found = MARK.search(words)
    return (found[1], int(found[2])) if found else (None, 0)


def live(folder):
    """Return what the platforms have taken, deleted or not: {mark: [(version, id), …]}."""
    taken = {}
    with State(folder / "sandbox.db") as record:
        for platform in record.platforms():
            for post in record.posts(platform, deleted=True):
                name, version = mark(post["shown"])
                taken.setdefault(name, []).append((version, post["id"]))
    return taken


def judge(run):
    """Return what is wrong with a run that has come to rest, or should have.

    Args:
        run: has `folder`, `books`, and `approved`: the versions approved, by mark.
    """
    verdict = Verdict()
    taken = live(run.folder)
    posts = {mark(post["content"])[0]: post for post in run.books.posts()}
    receipts = run.books.receipts()
    for name, found in taken.items():
        if len(found) > 1:
            verdict.doubles.append(f"{name} is live {len(found)} times: {found}")
        for version, _ in found:
            if version not in run.approved.get(name, ()):
                verdict.wrong.append(f"{name} v{version} was published and never approved")
    for name, post in posts.items():
        _compare(name, post, taken.get(name, []), receipts.get(post["id"]), verdict)
    if None in taken or set(taken) - set(posts):
        verdict.wrong.append(f"live, but not in the database: {set(taken) - set(posts)}")
    verdict.wrong.extend(_books(run))
    return verdict


def _compare(name, post, found, receipt, verdict):
    state = post["state"]
    if not rests(post):
        verdict.lost.append(f"{name} stays {state} ({post['reason'] or 'no reason'})")
    if found and state not in OUT and not (state == "unclear" and post["asks"]):
        verdict.lost.append(f"{name} is live and said to be {state}")
    if state in OUT:
        _compare_live(name, post, found, receipt, verdict)
    if state in ("failed", "expired", "rejected", "on_hold") and not post["reason"]:
        verdict.wrong.append(f"{name} is {state} without a reason")
    if state == "unclear" and post["asks"]:
        there = "is live" if found else "is not live"
        verdict.unclear.append(f"{name} {there}: {post['asks']}")


def _compare_live(name, post, found, receipt, verdict):
    if not found:
        verdict.lost.append(f"{name} is said to be {post['state']}, and is nowhere")
        return
    if receipt not in [one for _, one in found]:
        verdict.wrong.append(f"{name} has the receipt {receipt} of another post")
    if mark(post["content"])[1] != found[0][0]:
        verdict.wrong.append(f"{name}: the database says another text than followers see")
    if post["asks"]:
        verdict.wrong.append(f"{name}: a false alarm: {post['asks']}")


def _books(run):
    """Return what is wrong inside the database."""
    from bot.store import open_store

    opened = open_store(run.books.url, run.folder / "cards")
    try:
        yield from opened.audit.verify(run.head).findings
    finally:
        opened.close()
    if run.books.url.startswith("sqlite"):
        for row in run.books.rows("PRAGMA integrity_check"):
            if row["integrity_check"] != "ok":
                yield f"the database is damaged: {row['integrity_check']}"
    attempts = run.books.rows("SELECT post_id, fence FROM attempts WHERE outcome IS NULL")
    for row in attempts:
        yield f"attempt {row['fence']} at post {row['post_id']} was never closed"
