"""R7: one number per original, without gaps, per agency, book and Vietnamese year, whatever happens meanwhile."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from hub_doubles import CertifierDouble, KioskDouble, approve, draft_pdf, opened
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from hub.config import HubConfig
from hub.faults import AlreadyDecided
from hub.register.numbers import NUMBERS_PER_BOOK
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing.values import Attestation, SignedCopy
from hub.store import audit
from hub.store.tables import Counter, Issue, IssueState, LogLeaf, PendingReply, RegisterRow

pytestmark = pytest.mark.both_databases

PAPERS = 50


def numbers(hub: Hub) -> list[int]:
    with hub.database.reading() as session:
        return list(session.scalars(select(RegisterRow.number).order_by(RegisterRow.id)))


def test_fifty_officers_deciding_at_once_leave_no_gap(hub: Hub, kiosk: KioskDouble) -> None:
    papers = [kiosk.queue_paper(draft_pdf(mark=str(n))) for n in range(PAPERS)]
    with ThreadPoolExecutor(PAPERS) as officers:
        list(officers.map(lambda paper: approve(hub, paper), papers))
    assert sorted(numbers(hub)) == list(range(1, PAPERS + 1))
    with hub.database.reading() as session:
        indexes = session.scalars(select(Issue.log_index).order_by(Issue.log_index)).all()
        assert list(indexes) == list(range(PAPERS))
        assert audit.first_broken_row(session) is None


def test_fifty_officers_on_one_paper_leave_one_number(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()

    def decides(_: int) -> bool:
        try:
            approve(hub, paper)
        except AlreadyDecided:
            return False
        return True

    with ThreadPoolExecutor(PAPERS) as officers:
        assert sum(officers.map(decides, range(PAPERS))) == 1
    assert numbers(hub) == [1]


def test_transaction_that_dies_after_the_number_gives_it_back(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    with hub.database.writing() as session:
        session.execute(text("ALTER TABLE issue RENAME TO mislaid"))
    with pytest.raises(DatabaseError, match="issue"):
        approve(hub, paper)
    assert numbers(hub) == []
    with hub.database.writing() as session:
        session.execute(text("ALTER TABLE mislaid RENAME TO issue"))
    approve(hub, paper)
    assert numbers(hub) == [1]


def test_year_ends_at_midnight_in_vietnam(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    last = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    clock.advance((last - clock.now()).total_seconds())
    approve(hub, kiosk.queue_paper(draft_pdf(mark="a")))
    approve(hub, kiosk.queue_paper(draft_pdf(mark="b")))
    clock.advance(1)
    approve(hub, kiosk.queue_paper(draft_pdf(mark="c")))
    with hub.database.reading() as session:
        rows = session.execute(select(RegisterRow.year, RegisterRow.number).order_by(RegisterRow.at)).all()
    assert [tuple(row) for row in rows] == [(2026, 1), (2026, 2), (2027, 1)]


def test_number_continues_into_the_next_book_of_the_year(hub: Hub, kiosk: KioskDouble) -> None:
    with hub.database.writing() as session:
        session.add(Counter(name="register/H26.1.23/SCTĐT/BS/2026", value=NUMBERS_PER_BOOK - 1))
    for mark in "ab":
        approve(hub, kiosk.queue_paper(draft_pdf(mark=mark)))
    with hub.database.reading() as session:
        rows = session.execute(select(RegisterRow.number, RegisterRow.book_no).order_by(RegisterRow.number)).all()
    assert [tuple(row) for row in rows] == [(NUMBERS_PER_BOOK, 1), (NUMBERS_PER_BOOK + 1, 2)]


@contextmanager
def restarted(hub: Hub, config: HubConfig, clock: SimulatedClock) -> Iterator[Hub]:
    hub.database.close()
    again = opened(config, clock)
    yield again
    again.database.close()


def test_hub_killed_between_number_and_signature_signs_once_after_the_restart(
    hub: Hub, kiosk: KioskDouble, config: HubConfig, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    with restarted(hub, config, clock) as again:
        certifier = CertifierDouble()
        signing = SigningQueue(again, certifier)
        assert signing.sign_next()
        assert not signing.sign_next()
        assert [attestation.cert_no for attestation in certifier.certified] == [1]
        assert numbers(again) == [1]


def test_hub_killed_between_signature_and_its_commit_uses_no_second_number(
    hub: Hub, kiosk: KioskDouble, config: HubConfig, clock: SimulatedClock
) -> None:
    class PowerCut(BaseException):
        pass

    class Dying(CertifierDouble):
        def certify(self, draft: bytes, attestation: Attestation, signer: object) -> SignedCopy:
            super().certify(draft, attestation, signer)
            raise PowerCut

    approve(hub, kiosk.queue_paper())
    dying = Dying()
    with pytest.raises(PowerCut):
        SigningQueue(hub, dying).sign_next()
    with restarted(hub, config, clock) as again:
        certifier = CertifierDouble()
        signing = SigningQueue(again, certifier)
        assert not signing.sign_next(), "the lease of the dead is kept: he may be merely slow"
        clock.advance(hub.config.signing_lease_s)
        assert signing.sign_next()
        assert certifier.certified == dying.certified  # the same number, id, index and time
        assert numbers(again) == [1]
        with again.database.reading() as session:
            assert [issue.state for issue in session.scalars(select(Issue))] == [IssueState.SIGNED]
            assert len(session.scalars(select(PendingReply)).all()) == 1


@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("register_row", "number"), ("decision", "page"), ("log_leaf", "kind"), ("audit", "seq")],
)
def test_permanent_rows_can_not_be_changed_or_removed(
    hub: Hub, kiosk: KioskDouble, act: str, table: str, column: str
) -> None:
    approve(hub, kiosk.queue_paper())
    with pytest.raises(DatabaseError, match="permanent"), hub.database.writing() as session:
        session.execute(text(act.format(table, column, column)))


def test_leaf_can_be_recomputed_from_register_row_and_salts(hub: Hub, kiosk: KioskDouble) -> None:
    approve(hub, kiosk.queue_paper())
    with hub.database.reading() as session:
        leaf = session.get_one(LogLeaf, 0)
        row = {**session.execute(select(RegisterRow.__table__)).mappings().one(), "at": "2026-11-23T02:00:00Z"}
    told_of_the_row = ("agency", "book_code", "year", "number", "book_no", "signer_name", "signer_title", "at")
    told = {name: row.pop(name) for name in told_of_the_row}
    told |= {"copy_id": leaf.copy_id, "draft_sha256": sha256_hex(draft_pdf())}
    told["private_sha256"] = hashlib.sha256(leaf.private_salt + written(row)).hexdigest()
    entry = hashlib.sha256(leaf.salt + written(told)).digest()
    assert leaf.leaf_hash == hashlib.sha256(b"\x00" + entry).digest()


def written(columns: Mapping[str, object]) -> bytes:
    return json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
