"""What couriers need of the bot: what waits, one delivery, and catching up between two."""

from collections.abc import Callable, Sequence

from bot.app import App
from bot.domain.errors import ConfigError
from bot.pipeline.reap import reap
from bot.pipeline.tick import begin
from bot.pipeline.tick import deliver as deliver_post


def refuse_alone(app: App) -> None:
    """Refuse several machines on a database that cannot be shared. Raises ConfigError."""
    if app.store.leases is None:
        raise ConfigError(
            "SQLite is for one machine, so --cluster cannot run on it; nothing was started. Make a "
            "PostgreSQL database, `bot db move` to it, and set BOT_DATABASE_URL."
        )


def waiting(app: App) -> Sequence[int]:
    """Return the posts that may be delivered now, oldest first. Raises StoreError."""
    refuse_alone(app)
    leases = app.store.leases
    assert leases is not None  # noqa: S101 -- just refused; for the type checker
    clock = leases.clock
    return leases.waiting(now=clock.now(), uptime=clock.uptime(), boot=clock.boot())


def catch_up(app: App) -> None:
    """Do what belongs to no post in particular: see `begin` and `reap`. Raises StoreError."""
    begin(app.outbox)
    reap(app.outbox, app.timing.ruling)


def deliver(app: App, number: int, stopping: Callable[[], bool]) -> bool:
    """Do what is due for this post, if anything is; return whether that changed it.

    Raises:
        UsageError: there is no such post.
        StoreError: the database cannot be used; the post is given out again.
    """
    begin(app.outbox)
    post = app.store.ledger.post(number)
    deliver_post(post, app.connect, app.outbox, app.timing.ruling, stopping=stopping)
    return app.store.ledger.post(number) != post
