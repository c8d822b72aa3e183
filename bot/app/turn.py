"""What publishing takes, and whose turn it is: one process on an SQLite file, one of many else."""

import contextlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import filelock

from bot.app.money import Purse
from bot.domain.errors import ConfigError
from bot.domain.ports import Clock
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import recover
from bot.pipeline.rules import Rules
from bot.pipeline.timing import Timing
from bot.settings import Base
from bot.store import Leases, Store


def outbox(
    settings: Base, store: Store, clock: Clock, purse: Purse, timing: Callable[[], Timing]
) -> Outbox:
    """Return what delivering needs; on a shared database, time is the database's."""
    publish = settings.publish
    rules = Rules(
        lease=publish.lease_seconds,
        settle=publish.settle_seconds,
        recheck=publish.recheck_seconds,
        verify=publish.verify_seconds,
        backoff=publish.backoff_seconds,
        daily=publish.daily_most,
    )
    parts = (store.ledger, store.lookout, store.pauses, store.shelf)
    others: dict[str, Any] = {"chance": random.SystemRandom().random, "money": purse}
    others["daily"] = lambda channel: timing().quota(channel)  # as it stands when a post is sent
    if store.leases is None:
        return Outbox(*parts, clock, rules, **others)
    return Outbox(*parts, store.leases.clock, rules, store.leases, **others)


@contextlib.contextmanager
def publishing(
    leases: Leases | None, lock: Path, box: Outbox, look_back: Callable[[], None]
) -> Iterator[None]:
    """Be a publisher, and make sense of what an earlier one left.

    Args:
        leases: of a shared database; None where one process has it to itself.
        lock: the file whose lock that process holds; the kernel frees it when it dies.
        box: what is published from.
        look_back: called first where one process has the database to itself.

    Raises:
        ConfigError: another process is publishing from this SQLite database.
        StoreError: the database cannot be used.
    """
    with _alone(lock) if leases is None else _among(leases):
        if leases is None:
            look_back()
        recover(box)
        yield


@contextlib.contextmanager
def _among(leases: Leases) -> Iterator[None]:
    leases.begin()
    try:
        yield
    finally:
        leases.end()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    lock = filelock.FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as exc:
        raise ConfigError(
            f"Another process is publishing from {path.parent}; it sends what is due. Stop it first if "
            "you want to publish from here."
        ) from exc
    except OSError as exc:
        raise ConfigError(
            f"The lock {path} cannot be taken ({exc.strerror}), so nothing is sent: another process "
            "might be publishing. Let the bot's user own the file and its folder."
        ) from exc
    try:
        yield
    finally:
        lock.release()
