"""Database, blobs and audit trail under faults."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hub_doubles import KIOSK, PASSWORD, KioskDouble, opened
from sqlalchemy import create_engine, select, text

from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from contract.messages import LegalMode
from hub.config import HubConfig
from hub.console import sessions
from hub.faults import NotLoggedIn, StoreUnusable
from hub.rooms import Hub
from hub.store import audit, counters
from hub.store.blobs import BlobStore, ChunkStore
from hub.store.database import Database
from hub.store.tables import AuditRow, Base, Kiosk


def test_migrations_make_exactly_the_declared_tables(hub: Hub) -> None:
    engine = create_engine(f"sqlite:///{hub.config.data_dir / 'hub.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)]
)
def test_connection_is_set_up_for_durability(hub: Hub, pragma: str, value: object) -> None:
    with hub.database.reading() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_database_of_a_newer_program_is_not_touched(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnusable, match="newer"):
        Database.opened(f"sqlite:///{hub.config.data_dir / 'hub.sqlite'}")


def test_folder_that_can_not_be_made_is_a_sentence(config: HubConfig, clock: SimulatedClock) -> None:
    config.data_dir.parent.mkdir(exist_ok=True)
    config.data_dir.write_text("a file")
    with pytest.raises(StoreUnusable, match="can't be written"):
        opened(config, clock)


def test_file_that_is_no_database_is_a_sentence(config: HubConfig, clock: SimulatedClock) -> None:
    config.data_dir.mkdir()
    (config.data_dir / "hub.sqlite").write_bytes(b"not a database, but long enough to look like a file of one" * 40)
    with pytest.raises(StoreUnusable, match="opened"):
        opened(config, clock)


def reopened(config: HubConfig, clock: SimulatedClock, **changes: object) -> Hub:
    return opened(msgspec.structs.replace(config, **changes), clock)


def test_revocation_outlives_a_restart(hub: Hub, config: HubConfig, clock: SimulatedClock) -> None:
    revoked_at = datetime(2026, 11, 1, tzinfo=UTC)
    with hub.database.writing() as session:
        session.get_one(Kiosk, KIOSK).revoked_at = revoked_at
    with reopened(config, clock).database.reading() as session:
        assert session.get_one(Kiosk, KIOSK).revoked_at == revoked_at


def test_changed_legal_mode_is_in_force_and_on_record_after_a_restart(
    hub: Hub, config: HubConfig, clock: SimulatedClock
) -> None:
    changed = msgspec.structs.replace(config.kiosks[0], legal_mode=LegalMode.PREPARE_ONLY)
    with reopened(config, clock, kiosks=(changed,)).database.reading() as session:
        assert session.get_one(Kiosk, KIOSK).mode is LegalMode.PREPARE_ONLY
        recorded = session.scalars(select(AuditRow).where(AuditRow.what == audit.Act.KIOSK_CHANGED)).one()
        assert recorded.subject == KIOSK


def test_unchanged_roster_leaves_no_trace_at_a_restart(hub: Hub, config: HubConfig, clock: SimulatedClock) -> None:
    with reopened(config, clock).database.reading() as session:
        assert not session.scalars(select(AuditRow).where(AuditRow.what.endswith("CHANGED"))).all()


def test_officer_who_left_the_roster_is_thrown_out(hub: Hub, config: HubConfig, clock: SimulatedClock) -> None:
    token = sessions.log_in(hub, "mau", PASSWORD).token
    again = reopened(config, clock, officers=config.officers[1:])
    with pytest.raises(NotLoggedIn):
        sessions.present(again, token)
    with pytest.raises(NotLoggedIn):
        sessions.log_in(again, "mau", PASSWORD)


def test_counter_given_back_by_a_rollback_has_no_gap(hub: Hub) -> None:
    with pytest.raises(ZeroDivisionError), hub.database.writing() as session:
        assert counters.take(session, "n", first=1) == 1
        _ = 1 / 0
    with hub.database.writing() as session:
        assert [counters.take(session, "n", first=1) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit SET who = 'somebody' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "UPDATE audit SET at = '2026-01-01 00:00:00' WHERE seq = 2",
    ],
)
def test_forged_audit_trail_is_found_at_its_row(hub: Hub, kiosk: KioskDouble, forgery: str) -> None:
    kiosk.queue_paper()
    raw = sqlite3.connect(hub.config.data_dir / "hub.sqlite")
    for trigger in ("audit_no_update", "audit_no_delete"):
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute(forgery)
    raw.commit()
    raw.close()
    with hub.database.reading() as session:
        assert audit.first_broken_row(session) == 2


def test_audit_trail_of_a_working_day_is_unbroken(hub: Hub, kiosk: KioskDouble) -> None:
    kiosk.queue_paper()
    with hub.database.reading() as session:
        assert audit.first_broken_row(session) is None


def test_blob_half_written_by_a_power_cut_is_never_seen(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    (tmp_path / f".{sha256_hex(b'whole')}.1").write_bytes(b"wh")
    assert store.get(sha256_hex(b"whole")) is None
    assert store.get(store.put(b"whole")) == b"whole"


def test_chunks_may_come_in_any_order_and_twice(tmp_path: Path) -> None:
    store, content = ChunkStore(tmp_path), bytes(range(256)) * 600
    pieces = [content[start : start + 65536] for start in range(0, len(content), 65536)]
    for n in (2, 0, 2, 1):
        store.put("tram-01", "0" * 64, n, pieces[n])
    assert store.missing("tram-01", "0" * 64, len(content)) == ()
    assert store.joined("tram-01", "0" * 64, len(content)) == content
    store.discard("tram-01", "0" * 64)
    assert store.missing("tram-01", "0" * 64, len(content)) == (0, 1, 2)
