"""Opening the database: pragmas, file modes, migrations, and errors an operator can act on."""

import contextlib
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from bot.domain.errors import ConfigError, StoreError
from bot.store.holder import holder
from bot.store.place import refuse_network

#: Milliseconds to wait for another process's write before giving up.
BUSY_TIMEOUT = 5_000

#: Milliseconds after which PostgreSQL ends a transaction whose program does nothing: a machine
#: that was put to sleep in the middle of one would keep all others from writing until it wakes.
FROZEN = 30_000

#: Any number, the same for every process: who holds it writes (PostgreSQL's advisory locks).
_WRITING = 0x626F74


def open_engine(url: str) -> Engine:
    """Open the database at `url`, create it if need be, and bring its schema up to date.

    SQLite files are made readable by their owner only; WAL, foreign keys and full durability
    are set on every connection. A PostgreSQL database has to be there.

    Raises:
        ConfigError: the address cannot be used, or its driver is not installed.
        StoreError: the file cannot be made or written, or comes from a newer version.
    """
    engine = connect(url)
    try:
        with readable_errors(url):
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(url: str) -> Engine:
    """Return an engine for the database at `url`, whatever its schema is. Raises as `open_engine`."""
    where = _address(url)
    if where.get_backend_name() == "sqlite":
        _make_file(where.database)
        engine = create_engine(where)
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine
    try:
        # A connection from before the server's restart is replaced, not used.
        engine = create_engine(where, pool_pre_ping=True, connect_args={"connect_timeout": 5})
        event.listen(engine, "connect", _on_server)
        return engine  # noqa: TRY300 -- the driver is looked for in `create_engine`
    except ImportError as exc:
        raise ConfigError(
            "BOT_DATABASE_URL names PostgreSQL, whose driver is not installed; nothing was "
            'changed. Install it: pip install "shiftmaker-bot[postgres]".'
        ) from exc


def conninfo(url: str) -> str:
    """Return the address of a PostgreSQL database as its own programs write it."""
    return _address(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _address(url: str) -> URL:
    try:
        where = make_url(url)
        if where.drivername in ("postgresql", "postgres"):
            where = where.set(drivername="postgresql+psycopg")
        where.get_dialect()
    except ModuleNotFoundError:
        pass  # said where the driver is needed
    except (ArgumentError, NoSuchModuleError):
        where = None
    if where is None or where.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ConfigError(
            "BOT_DATABASE_URL cannot be used; nothing was changed. Write sqlite:////path/bot.db, or "
            "postgresql://user:password@host/database."
        )
    return where


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One durable transaction, alone: it takes the write lock at once, never half-way.

    So what it reads is still true when it writes, on SQLite and on PostgreSQL alike.

    Raises:
        StoreError: the database could not be used; nothing was changed.
    """
    with readable_errors(engine.url), engine.begin() as connection:
        _alone(connection)
        yield connection


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_WRITING)))


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view, without a lock. Raises StoreError."""
    with (
        readable_errors(engine.url),
        engine.connect().execution_options(**_view(engine)) as connection,
    ):
        yield connection


def _view(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {"reading": True}


def _make_file(database: str | None) -> None:
    if database is None or database == ":memory:":
        return
    path = Path(database)
    refuse_network(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made before SQLite does, so that -wal and -shm inherit the mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as exc:
        raise StoreError(
            f"The data folder {path.parent} cannot be written ({exc.strerror}); nothing was "
            "changed. Set BOT_DATA_DIR to a folder you own."
        ) from exc


def _on_connect(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        f"busy_timeout={BUSY_TIMEOUT}",
        "wal_autocheckpoint=100",
    ):
        connection.execute(f"pragma {pragma}").close()


def _on_server(connection: Any, record: Any) -> None:
    """Wait for the disk at every commit and for no frozen program, whatever the server's own way."""
    del record
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.execute(
        f"SELECT set_config('idle_in_transaction_session_timeout', '{FROZEN}', false) "
        "WHERE current_setting('idle_in_transaction_session_timeout') = '0'"
    )
    connection.commit()


def _on_begin(connection: Connection) -> None:
    # A deferred transaction that writes late can fail with "locked" after it has read; taking
    # the lock first turns that into waiting.
    late = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if late else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def readable_errors(url: str | URL) -> Iterator[None]:
    """Turn the database's trouble into a StoreError that says what to do."""
    try:
        yield
    except IntegrityError:
        raise  # the caller's own conflict, not the database's trouble
    except DBAPIError as exc:
        raise _store_error(url, str(exc.orig)) from exc


def _store_error(url: str | URL, what: str) -> StoreError:
    name = make_url(url).database or str(url)
    what = " ".join(what.split())
    advice = "The database server may be down or restarting; the bot tries again."
    for cue, hint in {
        "password authentication failed": "Check user and password in BOT_DATABASE_URL.",
        "no password supplied": "Put the password into BOT_DATABASE_URL.",
        "does not exist": "Make it on the server (createdb, createuser), or correct BOT_DATABASE_URL.",
        "permission denied": "Let the bot's user own the database.",
        "locked": "Another program holds it. Close that program; the bot tries again.",
        "readonly": "It is read-only. Give this user write permission on the file and its folder.",
        "idle-in-transaction timeout": "This program stood still in the middle of a change, which"
        " was undone; the bot tries again.",
        "disk is full": "The disk is full. Free some space; nothing is lost.",
        "unable to open": "It cannot be opened. Check BOT_DATA_DIR and its permissions.",
        "not a database": "It is not an SQLite database. Move it away, or set BOT_DATA_DIR.",
        "malformed": "It is damaged. Restore the newest backup.",
    }.items():
        if cue in what:
            advice = hint
            break
    if "locked" in what and (who := holder(name)):
        advice = f"{who}. The bot tries again."
    return StoreError(f"Database {name}: {what}. {advice}")


def study(connection: Connection, table: str = "") -> None:
    """Let PostgreSQL count what was just filled, one table or all.

    By itself it does so a minute later; until then its plans for a table that it has never
    counted read the whole of it. SQLite plans by its indexes.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {table}".rstrip())


@functools.cache
def _revisions() -> tuple[str, ...]:
    """Return the schema revisions this version knows, oldest first.

    Their files' names tell; a test holds them against what Alembic reads. Alembic itself is
    loaded only to migrate: it takes a quarter of a second, which every command would wait for.
    """
    folder = Path(__file__).parent / "migrations" / "versions"
    return tuple(sorted(path.name[1:5] for path in folder.glob("v[0-9]*.py")))


def head() -> str:
    """Return the newest schema revision this version of the bot knows."""
    return _revisions()[-1]


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if revision(connection) == head():
            return
    with engine.begin() as connection:
        _alone(connection)
        known = revision(connection)
        if known == head():
            return
        if known is not None and known not in _revisions():
            raise StoreError(
                f"The database {make_url(str(engine.url)).database} is from a newer version of the "
                f"bot (schema {known}, this one knows up to {head()}); nothing was changed. "
                "Upgrade the bot, or restore the backup made before the upgrade."
            )
        _upgrade(connection)


def _upgrade(connection: Connection, to: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 -- see `_revisions`
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """Return the schema revision the database has, None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
