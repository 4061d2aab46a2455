"""The kiosk's SQLite file: one connection, in one thread, every transaction on the disk before it counts."""

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from agent.ledger.faults import LedgerFromTheFuture, LedgerLocked, LedgerUnwritable, named
from agent.ledger.schema import SCRIPTS, WORKS_FROM

T = TypeVar("T")

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=2000", "secure_delete=ON")


class Database:
    """The open ledger; only the rooms of agent.ledger write SQL for it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, thread: ThreadPoolExecutor, lock: BinaryIO) -> None:
        self.path = path
        self._connection, self._thread, self._lock = connection, thread, lock

    @classmethod
    async def open(cls, path: Path) -> "Database":
        """Open or make the ledger at `path` and bring it to this program's version; raise LedgerFault.

        A newer one that says that this program can work with it is left at its version (`schema.WORKS_FROM`).
        """
        lock = _alone(path)
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(thread, _connect, path)
        except BaseException:
            thread.shutdown(wait=False)
            lock.close()
            raise
        return cls(path, connection, thread, lock)

    async def transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return `work(connection)` once it is committed and synced; raise LedgerFault with nothing of it kept."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()
        self._lock.close()

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                return work(self._connection)
        except sqlite3.Error as fault:
            raise named(fault, self.path) from fault


def _alone(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("wb")
    except OSError as fault:
        raise LedgerUnwritable(f"{path} can't be written: {fault.strerror}") from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        lock.close()
        raise LedgerLocked(f"Another process works with {path}") from fault
    return lock


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        version = _version(connection, path)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, version)
    except sqlite3.Error as fault:
        raise named(fault, path) from fault
    return connection


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version, works_from = _pragma(connection, "user_version"), _pragma(connection, "application_id")
    if version > len(SCRIPTS) and not 0 < works_from <= len(SCRIPTS):
        raise LedgerFromTheFuture(f"{path} has version {version}, this program knows up to {len(SCRIPTS)}")
    return version


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    for number, script in enumerate(SCRIPTS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
    if version <= len(SCRIPTS) and _pragma(connection, "application_id") != WORKS_FROM:
        connection.execute(f"PRAGMA application_id={WORKS_FROM}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
