"""One complete morning, for hosts that have nothing but cron. Idempotent: everything is done once."""

from dataclasses import dataclass

from bot.app import App
from bot.deciding.rounds import decide
from bot.domain.post import State
from bot.edition import Ingested
from bot.health.alarms import Watch
from bot.health.heartbeat import Heartbeat
from bot.health.preflight import rehearse
from bot.watching.pushed import everything

#: Seconds between two rounds while posts are on their way.
PAUSE = 2.0

#: A post in one of these is the bot's to go on with.
_UNDERWAY = (State.SENDING, State.BEGUN, State.UNCLEAR, State.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a morning came to.

    Attributes:
        new: keys of new articles.
        drafted: how many posts were made of them.
        live: how many posts went live in this call.
        waiting: how many wait for somebody's yes.
        underway: how many are still on their way; the next call goes on with them.
        wrong: what somebody should know, in plain words.
    """

    new: list[str]
    drafted: int
    live: int
    waiting: int
    underway: int
    wrong: list[str]


def morning(app: App, *, wait: float) -> Done:
    """Read, make posts, send what is due, look at what was sent, and tell what is missing.

    Args:
        app: everything, wired.
        wait: most seconds to go on for posts that are on their way.

    Raises:
        ConfigError: there is nothing to read, or another process is publishing.
        StoreError: the database cannot be used.
    """
    with app.publishing():
        before = _live(app)
        read = everything(app)
        _send(app, wait)
        rehearse(app)
        Watch(app).look()
    alarms = app.store.alarms.all().values()
    wrong = [f"{one.trouble.title}: {one.trouble.text}" for one in alarms]
    Heartbeat(app).beat(well=not wrong)
    return Done(
        new=read.new,
        drafted=len(read.posts),
        live=_live(app) - before,
        waiting=_count(app, State.DRAFTED, State.ON_HOLD),
        underway=_underway(app),
        wrong=wrong + _unread(read),
    )


def _send(app: App, wait: float) -> None:
    until = app.clock.uptime() + wait
    decide(app)
    app.publish_due()
    while _underway(app) and app.clock.uptime() < until:
        app.clock.wait(PAUSE)
        app.publish_due()


def _underway(app: App) -> int:
    return sum(1 for post in app.store.desk.posts(_UNDERWAY) if not post.asks)


def _count(app: App, *states: State) -> int:
    return len(app.store.desk.posts(states))


def _live(app: App) -> int:
    return _count(app, State.BEGUN, State.PUBLISHED, State.VERIFIED)


def _unread(read: Ingested) -> list[str]:
    return [one.reason for one in read.skipped if one.code]
