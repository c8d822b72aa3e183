"""Whose turn it is to publish: one process from an SQLite file, one of many from PostgreSQL."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import filelock

from bot.domain.errors import ConfigError
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import recover
from bot.store import Leases


@contextlib.contextmanager
def publishing(leases: Leases | None, folder: Path, outbox: Outbox) -> Iterator[None]:
    """Be a publisher, and make sense of what an earlier one left.

    Args:
        leases: of a shared database; None where one process has it to itself.
        folder: where that process keeps its lock, which the kernel frees when it dies.
        outbox: what is published from.

    Raises:
        ConfigError: another process is publishing from this SQLite database.
        StoreError: the database cannot be used.
    """
    with _alone(folder) if leases is None else _among(leases):
        recover(outbox)
        yield


@contextlib.contextmanager
def _among(leases: Leases) -> Iterator[None]:
    leases.begin()
    try:
        yield
    finally:
        leases.end()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = filelock.FileLock(folder / "publisher.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as exc:
        raise ConfigError(
            f"Another process is publishing from {folder}; it sends what is due. Stop it first if "
            "you want to publish from here."
        ) from exc
    try:
        yield
    finally:
        lock.release()
