"""The tables in a file while the hub runs, and out of it: the same rows, and nothing where it can't be done whole."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hub_doubles import KioskDouble, approve
from sqlalchemy import create_engine, select, text

from hub.rooms import Hub
from hub.store import audit, dump
from hub.store.database import Database
from hub.store.dump import DumpFailed
from hub.store.tables import AuditRow, RegisterRow
from provisioning.onebox.postgresql import PostgreSql

SERVER_USER = "postgres"


def _numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(RegisterRow.number).order_by(RegisterRow.number)))


def _trail(database: Database) -> list[bytes]:
    with database.reading() as session:
        assert audit.first_broken_row(session) is None
        return list(session.scalars(select(AuditRow.hash).order_by(AuditRow.seq)))


@pytest.fixture
def another_database(postgresql: PostgreSql) -> Iterator[str]:
    engine = create_engine(postgresql.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE restored"))
        yield postgresql.url("restored")
        connection.execute(text("DROP DATABASE restored WITH (FORCE)"))
    engine.dispose()


@pytest.mark.both_databases
def test_what_was_dumped_is_what_another_machine_reads(
    hub: Hub, kiosk: KioskDouble, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    approve(hub, kiosk.queue_paper())
    then = _trail(hub.database)
    dump.write(hub.config, tmp_path / "tables", SERVER_USER)
    approve(hub, kiosk.queue_paper())  # the hub went on
    other = msgspec.structs.replace(hub.config, data_dir=tmp_path / "other")
    other.data_dir.mkdir()
    url = f"sqlite:///{other.data_dir / 'hub.sqlite'}"
    if hub.config.database:
        url = request.getfixturevalue("another_database")
        other = msgspec.structs.replace(other, database=url)
    dump.load(other, tmp_path / "tables", SERVER_USER)
    restored = Database.opened(url)
    assert _numbers(hub.database) == [1, 2]
    assert _numbers(restored) == [1]
    assert _trail(restored) == then
    restored.close()


def test_a_database_that_is_not_there_is_named_by_its_own_tool(hub: Hub, tmp_path: Path) -> None:
    away = msgspec.structs.replace(hub.config, database=f"postgresql+psycopg:///none?host={tmp_path}")
    with pytest.raises(DumpFailed, match="pg_dump says"):
        dump.write(away, tmp_path / "tables", SERVER_USER)
