"""Play a day's articles again, with the house's own settings, against the stand-in platforms."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.choices import Publish
from bot.demo.sandbox import stand_ins
from bot.domain.article import Article
from bot.domain.errors import BotError
from bot.domain.post import FINAL, Post, State
from bot.edition import Ingested, approve_by_policy, take
from bot.http.sandbox import Server
from bot.http.sandbox.scenario import keep, read
from bot.settings import Base

#: Who approves in a rehearsal.
POLICY = "policy:rehearsal"

#: Rounds of the publisher before a rehearsal gives up, and seconds between two of them.
ROUNDS, PAUSE = 200, 0.05

#: Waits as short as stand-ins allow.
QUICK = Publish(settle_seconds=0.3, recheck_seconds=0.2, verify_seconds=0, backoff_seconds=0.1)


@dataclass(frozen=True, kw_only=True)
class Played:
    """One post of a rehearsal.

    Attributes:
        state: how it ended; "none" where no post could be made.
        tries: how often it was sent.
        copies: how many of it followers would see. More than one is the one thing that must
            never be.
        asks: what an editor would be asked.
        note: why it ended so, or what followers would not see; "" where all is well.
    """

    article_id: str
    channel: str
    state: str
    tries: int = 0
    copies: int = 0
    price_usd: Decimal = Decimal(0)
    permalink: str = ""
    warnings: tuple[str, ...] = ()
    asks: str = ""
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether it went out once, and was read back as approved where that can be read."""
        return (
            self.state in (State.VERIFIED, State.PUBLISHED) and self.copies == 1 and not self.asks
        )


def of_day(app: App, day: date | None, newest: int) -> list[Article]:
    """Return the articles kept from one day of the newsroom, yesterday where none is named."""
    if newest:
        return list(app.store.archive.newest(newest))
    zone = app.house.zone
    wanted = day or (app.clock.now().astimezone(zone) - timedelta(days=1)).date()
    return [
        article
        for article in app.store.archive.newest(1000)
        if article.published_at and article.published_at.astimezone(zone).date() == wanted
    ]


def rehearse(
    app: App,
    articles: Sequence[Article],
    *,
    scenario: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Played]:
    """Make, approve, publish and verify the posts of these articles in a folder of their own.

    Nothing of the real database, queue or accounts is touched.

    Args:
        app: the real bot, for its settings and its time.
        articles: what to play.
        scenario: a file of what shall go wrong.
        say: called with one plain line per post.

    Raises:
        ConfigError: the scenario, a template or a setting is wrong.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-") as name,
        stand_ins(Path(name) / "sandbox.db", app.clock, names=app.settings.channels) as server,
    ):
        if scenario:
            keep(read(scenario, server.endpoints()), server.state)
        stage = build(_settings(app.settings, Path(name), server), app.clock)
        try:
            return _play(stage, articles, server, say)
        finally:
            stage.close()


def _play(
    stage: App, articles: Sequence[Article], server: Server, say: Callable[[str], None]
) -> list[Played]:
    made: list[Post] = []
    played: list[Played] = []
    for article in articles:
        result = Ingested()
        try:
            take(stage, article, result, by_hand=True)
        except BotError as exc:
            played.append(Played(article_id=article.key, channel="", state="none", note=str(exc)))
            continue
        waiting = [post for post in result.posts if post.state is State.DRAFTED]
        approve_by_policy(stage, waiting, by=POLICY, via="rehearsal", despite_warnings=True)
        made += result.posts
    _publish(stage, made)
    for post in made:
        played.append(_played(stage, stage.store.desk.post(post.id), server))
        say(f"{played[-1].state} {played[-1].channel} {played[-1].article_id}")
    return played


def _publish(stage: App, posts: Sequence[Post]) -> None:
    """Tick until nothing moves any more."""
    numbers = [post.id for post in posts]
    with stage.publishing():
        for _ in range(ROUNDS):
            stage.publish_due()
            now = [stage.store.desk.post(number) for number in numbers]
            if all(_rests(post) for post in now):
                return
            stage.clock.wait(PAUSE)


def _rests(post: Post) -> bool:
    return post.state in (*FINAL, State.FAILED, State.DRAFTED) or bool(post.asks or _unread(post))


def _unread(post: Post) -> bool:
    return post.state is State.PUBLISHED and bool(post.reason)


def _played(stage: App, post: Post, server: Server) -> Played:
    sandbox = server.sandboxes[post.platform]
    receipt = stage.store.lookout.receipt(post)
    shown = [
        one
        for one in sandbox.shown(server.state, stage.clock.now())
        if receipt and one.id == receipt.remote_id
    ]
    notes = [one.note for one in shown if one.note]
    paused = stage.store.pauses.all().get(post.channel, "")
    return Played(
        article_id=post.article_key,
        channel=post.channel,
        state=post.state,
        tries=post.tries,
        copies=_copies(post, server),
        price_usd=stage.price(post),
        permalink=receipt.permalink if receipt else "",
        warnings=tuple(found.message for found in stage.store.desk.findings(post.id)),
        asks=post.asks,
        note=" ".join((post.asks or post.reason or paused, *notes)).strip(),
    )


def _copies(post: Post, server: Server) -> int:
    """Count the live posts with exactly this text, as the platform keeps it."""
    measure = post.content.text.strip()
    wire = {measure, measure.replace("\r\n", "\n")}
    kept = server.state.posts(post.platform)
    return sum(1 for one in kept if {one["text"].strip(), one.get("shown", "").strip()} & wire)


def _settings(real: Base, folder: Path, server: Server) -> Base:
    """Return the house's settings, posting to the stand-ins and keeping everything in `folder`."""
    changed: dict[str, Any] = {
        "data_dir": folder,
        "database_url": "",
        "inbox_dir": None,
        "publish": QUICK,
    }
    for name in real.channels:
        own = real.platform(name)
        member = str(getattr(own, "author", "")).startswith("urn:li:person:")
        keys = server.credentials(name, "member" if member else "") | {"read_timeout": 2}
        keys |= {"image_wait": 0} if "image_wait" in type(own).model_fields else {}
        keys.pop("limit", None)  # the house's own
        changed[name] = own.model_copy(update=type(own)(**keys).model_dump(include=set(keys)))
        changed[f"{name}_times"] = type(real.times(name))()
        changed[f"{name}_caps"] = type(real.caps(name))()
    return real.model_copy(update=changed)
