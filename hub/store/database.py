"""The database: one engine, reading and writing transactions, migrations at start.

Writers are serialised before they begin (`BEGIN IMMEDIATE` on SQLite, one advisory lock on PostgreSQL), so that a
transaction that read a number can also write it. The chained audit trail would make them queue at its end anyway.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from hub.faults import StoreUnusable

BUSY_TIMEOUT_MS = 30_000
_WRITERS_LOCK = 0x5452414D  # "TRAM": any number that nothing else in the database uses
_WRITING = {"writing": True}
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)


class Database:
    """The hub's tables; safe to use from many threads and, on one machine, from several processes."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=8, max_overflow=-1, pool_pre_ping=True)
        self._writer: AbstractContextManager[object] = nullcontext()
        if self._engine.dialect.name == "sqlite":
            self._writer = threading.Lock()  # fairer and quicker than the file's busy-waiting
            _tame_sqlite(self._engine)

    @classmethod
    def opened(cls, url: str) -> Self:
        """Return the migrated database at an address; raise StoreUnusable."""
        database = cls(url)
        database.migrate()
        return database

    def migrate(self) -> None:
        """Bring the tables to this program's version; raise StoreUnusable where they are newer or can't be written."""
        try:
            with self._writer, self._engine.execution_options(**_WRITING).begin() as connection:
                self._queue_up(connection)
                if MigrationContext.configure(connection).get_current_heads() != _newest():
                    command.upgrade(_alembic(connection), "head")
        except (DatabaseError, CommandError) as fault:
            raise StoreUnusable(f"The database can't be opened or brought up to date: {fault}.") from fault

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session over one consistent state; nothing is committed."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that is committed at the end, or rolled back where an exception leaves the block."""
        engine = self._engine.execution_options(**_WRITING)
        with self._writer, Session(engine, expire_on_commit=False) as session, session.begin():
            self._queue_up(session.connection())
            yield session

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """Like `writing`, for rows that stand alone and are put in or replaced whole: such writers do not queue up."""
        engine = self._engine.execution_options(**_WRITING)
        with self._writer, Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def answer(self) -> None:
        """Return once a transaction of a writer was begun and committed; raise DatabaseError."""
        with self.noting() as session:
            session.execute(text("SELECT 1"))

    def _queue_up(self, connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def _alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


@cache
def _newest() -> tuple[str, ...]:
    """The version of the tables that this program knows."""
    return tuple(ScriptDirectory.from_config(_alembic()).get_heads())


def _tame_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")
