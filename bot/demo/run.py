"""Play one edition: a shipped article, the real pipeline, stand-in platforms on loopback."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.app import App, build
from bot.demo.sandbox import stand_ins
from bot.domain.errors import ContentError
from bot.domain.ports import Clock
from bot.domain.post import FINAL, LIVE, Post, State
from bot.edition import approve_by_policy, ingest
from bot.http.sandbox import Server
from bot.settings import Base, model

#: Who approves in a demo: shown wherever an approval is shown.
POLICY = "policy:demo"

#: What a demo leaves in its folder, and all that --fresh removes.
LEFT = (
    "bot.db",
    "bot.db-wal",
    "bot.db-shm",
    "bot.db.witness",
    "sandbox.db",
    "sandbox.db-wal",
    "sandbox.db-shm",
)

#: Rounds of the publisher before the demo gives up, and seconds between two of them.
ROUNDS, PAUSE = 120, 0.05


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a demo has shown.

    Attributes:
        receipts: one mapping per live post: platform, id, permalink, text, length, limit, card,
            alt_text, verified, seconds.
        posted: how many posts this very run sent.
        note: why that is not all of them, "" where it is.
    """

    article_id: str
    receipts: list[dict[str, Any]]
    posted: int
    seconds: float
    note: str
    complete: bool

    def as_json(self) -> dict[str, Any]:
        """Return the stable shape of `bot demo --json`."""
        return {
            "article_id": self.article_id,
            "receipts": self.receipts,
            "posted": self.posted,
            "note": self.note,
            "seconds": self.seconds,
        }


class Demo:
    """A demo in a folder of its own: run it twice, and the second run posts nothing.

    Args:
        folder: of the database, the cards and the stand-ins' own record.
        fresh: forget what earlier demos left there.
        say: called with one plain line per step.

    Raises:
        ConfigError: the folder cannot be written, or the port is taken.
        StoreError: the database in it cannot be used.
    """

    def __init__(
        self, folder: Path, clock: Clock, *, fresh: bool, port: int, say: Callable[[str], None]
    ) -> None:
        self.folder = folder.resolve()
        self.clock = clock
        self.say = say
        if fresh:
            _forget(self.folder)
        self.server: Server = stand_ins(self.folder / "sandbox.db", clock, port=port)
        self.app: App | None = None

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self.app is not None:
            self.app.close()
        self.server.close()

    @property
    def url(self) -> str:
        """Address of the timeline page."""
        return f"{self.server.url}/"

    def play(self) -> Played:
        """Take the article in, make, approve, publish and verify its posts."""
        began = self.clock.uptime()
        self.say(f"Sandbox  stand-ins of X and LinkedIn at {self.server.url}")
        app = self.app = build(demo_settings(self.folder, self.server), self.clock)
        with as_file(files("bot.demo") / "articles" / "seed.html") as path:
            article = app.read(str(path))
            skipped = ingest(app, [str(path)]).skipped
        posts = app.store.desk.of_article(article.key)
        if not posts:
            raise ContentError("; ".join(one.reason for one in skipped))
        self.say(f"Article  {article.title}")
        before = [post for post in posts if post.state in LIVE]
        waiting = [post for post in posts if post.state is State.DRAFTED]
        for post in approve_by_policy(app, waiting, by=POLICY, via="demo", despite_warnings=True):
            self.say(f"Approved {post.channel}: by {POLICY}; in production an editor does this")
        done = self._publish(app, article.key)
        receipts = [r for post in done if (r := _receipt(post, app, self.server.url))]
        return Played(
            article_id=article.key,
            receipts=receipts,
            posted=len(receipts) - sum(1 for p in before if p.state is not State.SENDING),
            seconds=round(self.clock.uptime() - began, 2),
            note=_note(before, done, self.folder),
            complete=len(receipts) == len(app.settings.channels),
        )

    def _publish(self, app: App, key: str) -> list[Post]:
        said: dict[int, State] = {}
        with app.publishing():
            for _ in range(ROUNDS):
                app.publish_due()
                posts = list(app.store.desk.of_article(key))
                for post in posts:
                    if said.get(post.id) is not post.state:
                        self.say(f"{post.state.capitalize()} {post.channel}")
                        said[post.id] = post.state
                if all(post.state in FINAL or post.asks for post in posts):
                    break
                self.clock.wait(PAUSE)
        return posts


def demo_settings(folder: Path, server: Server) -> Base:
    """Return settings that post to the stand-ins and wait less than real platforms need."""
    impatient = {"connect_timeout": 2, "read_timeout": 2}
    accounts: dict[str, Any] = {
        name: {**server.credentials(name), **impatient} for name in server.sandboxes
    }
    waits = {"settle_seconds": 0.3, "recheck_seconds": 0.2, "verify_seconds": 0}
    return model()(data_dir=folder, publish=waits, **accounts)


def _receipt(post: Post, app: App, url: str) -> dict[str, Any] | None:
    receipt = app.store.lookout.receipt(post)
    if receipt is None:
        return None
    measure = app.dialects[post.channel].measure(post.content.text)
    card = post.content.card or ""
    width, height = app.store.shelf.size(card) or (0, 0)
    tries = [t for t in app.store.history.attempts(post.id) if t["ended_at"]]
    taken = sum((t["ended_at"] - t["started_at"]).total_seconds() for t in tries)
    return {
        "platform": post.platform,
        "id": receipt.remote_id,
        # The stand-ins may have been on another port when the post was made.
        "permalink": re.sub(r"^http://127\.0\.0\.1:\d+", url, receipt.permalink),
        "text": post.content.text,
        "length": measure.length,
        "limit": measure.limit,
        "card": {"path": str(app.store.shelf.path(card)), "width": width, "height": height},
        "alt_text": post.content.alt_text,
        "verified": post.state is State.VERIFIED,
        "seconds": round(taken, 2),
    }


def _note(before: list[Post], done: list[Post], folder: Path) -> str:
    asking = [f"{post.channel}: {post.asks or post.reason}" for post in done if not _out(post)]
    if asking:
        return " ".join(asking)
    again = [post.channel for post in before if post.state is not State.SENDING]
    if not again:
        return ""
    return (
        f"Nothing was sent to {' and '.join(again)}: an earlier demo in {folder} has published "
        "this article there, and a post is never sent twice. `bot demo --fresh` starts over."
    )


def _out(post: Post) -> bool:
    return post.state in (State.PUBLISHED, State.VERIFIED)


def _forget(folder: Path) -> None:
    for name in LEFT:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "cards", ignore_errors=True)
