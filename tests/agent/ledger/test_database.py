"""The ledger's file: every fault is named with its remedy, and nothing of a failed transaction is kept."""

import sqlite3
from pathlib import Path

import pytest

from agent.ledger.database import Database
from agent.ledger.faults import (
    LedgerCorrupt,
    LedgerDiskFull,
    LedgerFromTheFuture,
    LedgerLocked,
    LedgerUnwritable,
)
from agent.ledger.schema import SCRIPTS, WORKS_FROM


async def _count(database: Database) -> int:
    sql = "SELECT count(*) FROM visit"
    return await database.transact(lambda connection: int(connection.execute(sql).fetchone()[0]))


def _insert(connection: sqlite3.Connection, filler: bytes = b"") -> None:
    connection.execute("INSERT INTO visit (id, journey, wish, opened_at) VALUES ('V', 'certify', ?, '')", (filler,))


async def test_second_agent_on_the_same_folder_is_refused_by_name(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "ledger.sqlite")
    with pytest.raises(LedgerLocked, match=r"ledger\.sqlite"):
        await Database.open(tmp_path / "ledger.sqlite")
    await database.close()
    await (await Database.open(tmp_path / "ledger.sqlite")).close()


async def test_full_disk_is_named_and_nothing_of_the_transaction_is_kept(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "ledger.sqlite")
    await database.transact(lambda connection: connection.execute("PRAGMA max_page_count=30").fetchone())
    with pytest.raises(LedgerDiskFull) as fault:
        await database.transact(lambda connection: _insert(connection, b"x" * 4096 * 40))
    assert "Free space" in fault.value.remedy
    assert await _count(database) == 0
    await database.close()


async def test_damaged_file_is_named_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is no database, it only says so" * 100)
    with pytest.raises(LedgerCorrupt):
        await Database.open(path)


async def test_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    before = path.read_bytes()
    with pytest.raises(LedgerFromTheFuture, match="99"):
        await Database.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("works_from", "fits"), [(len(SCRIPTS), True), (1, True), (len(SCRIPTS) + 1, False)])
async def test_ledger_of_a_newer_program_that_was_given_back(tmp_path: Path, works_from: int, fits: bool) -> None:
    path = tmp_path / "ledger.sqlite"
    await (await Database.open(path)).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (WORKS_FROM,) and len(SCRIPTS) >= WORKS_FROM
        connection.executescript(
            f"CREATE TABLE novelty (x); PRAGMA user_version={len(SCRIPTS) + 2}; PRAGMA application_id={works_from};"
        )
    if not fits:
        with pytest.raises(LedgerFromTheFuture):
            await Database.open(path)
        return
    database = await Database.open(path)
    await database.transact(_insert)
    assert await _count(database) == 1
    await database.close()
    with sqlite3.connect(path) as connection:
        marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
    assert marks == [len(SCRIPTS) + 2, works_from]


async def test_folder_that_is_a_file_is_named_unwritable(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(LedgerUnwritable):
        await Database.open(tmp_path / "var" / "ledger.sqlite")


async def test_failed_work_rolls_back_and_the_ledger_goes_on(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "ledger.sqlite")

    def fail(connection: sqlite3.Connection) -> None:
        _insert(connection)
        raise RuntimeError("the effect's own mistake")

    with pytest.raises(RuntimeError):
        await database.transact(fail)
    assert await _count(database) == 0
    await database.transact(_insert)
    assert await _count(database) == 1
    await database.close()


async def test_ledger_syncs_every_commit(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "ledger.sqlite")
    read = await database.transact(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
    )
    assert read == ["wal", 2]
    await database.close()
