"""R13: what must go goes, with proof; what must stay stays."""

import pytest
from hub_doubles import KIOSK, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from contract.messages import Rejected
from hub.faults import ImagesPurged
from hub.intake import requests
from hub.register import decisions, numbers, retention
from hub.register.decisions import Decision
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AuditRow, RegisterRow, RequestRow, Verdict

pytestmark = pytest.mark.both_databases

DRAFT = sha256_hex(draft_pdf())
DAY_S = 24 * 3600
REFUSE = Decision(verdict=Verdict.REFUSE, ground="NOT_ORIGINAL", text="Đây là bản sao.")


def purged(hub: Hub, paper: str) -> bool:
    """Whether image and readings are gone and an audit record proves it."""
    with hub.database.reading() as session:
        proof = select(AuditRow).where(AuditRow.what == audit.Act.DRAFT_PURGED, AuditRow.subject == f"{paper} {DRAFT}")
        rows = session.scalars(proof).all()
        return len(rows) == 1 and session.get_one(RequestRow, paper).body is None


@pytest.mark.parametrize(
    "decision", [REFUSE, Decision(verdict=Verdict.RESCAN, page=1)], ids=["refused", "to be scanned again"]
)
def test_paper_that_gets_no_copy_is_purged_at_once(hub: Hub, kiosk: KioskDouble, decision: Decision) -> None:
    paper = kiosk.queue_paper()
    decisions.record(hub, "mau", paper, decision)
    retention.sweep(hub)
    assert hub.drafts.get(DRAFT) is None
    assert purged(hub, paper)


def test_approved_but_unsigned_paper_is_kept_however_long_it_takes(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    clock.advance(10 * DAY_S)
    retention.sweep(hub)
    assert hub.drafts.get(DRAFT) == draft_pdf()
    assert not purged(hub, paper)


def test_signed_copy_that_nobody_collects_loses_its_image_after_a_day_but_not_its_row(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    signing.sign_next()
    clock.advance(DAY_S)
    retention.sweep(hub)
    assert not purged(hub, paper)
    clock.advance(1)
    retention.sweep(hub)
    assert purged(hub, paper)
    with hub.database.reading() as session:
        assert session.scalars(select(RegisterRow)).one().requester_name == "Nguyễn Văn Mẫu"


def test_upload_given_up_is_expired_after_a_day_and_its_chunks_destroyed(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    request_id, payload = kiosk.request(draft_pdf())
    kiosk.ask(payload)
    hub.chunks.put(KIOSK, DRAFT, 0, draft_pdf())
    clock.advance(DAY_S + 1)
    retention.sweep(hub)
    (body,) = bodies(requests.answer(hub, request_id))
    assert isinstance(body, Rejected)
    assert body.code == "EXPIRED"
    assert not [path for path in (hub.config.data_dir / "chunks").rglob("*") if path.is_file()]


def test_paper_nobody_decides_is_kept_a_day_longer_than_promised(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()  # Monday 09:00, promised for 17:00
    clock.advance(DAY_S + 7 * 3600)
    retention.sweep(hub)
    assert not purged(hub, paper)
    clock.advance(2 * 3600)
    retention.sweep(hub)
    assert purged(hub, paper)


def test_image_that_another_paper_still_needs_is_kept(hub: Hub, kiosk: KioskDouble) -> None:
    first, second = kiosk.queue_paper(), kiosk.queue_paper()
    decisions.record(hub, "mau", first, REFUSE)
    retention.sweep(hub)
    assert hub.drafts.get(DRAFT) == draft_pdf()
    decisions.record(hub, "mau", second, REFUSE)
    retention.sweep(hub)
    assert hub.drafts.get(DRAFT) is None


def test_power_cut_between_file_and_record_is_made_up_by_the_next_sweep(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    decisions.record(hub, "mau", paper, REFUSE)
    hub.drafts.delete(DRAFT)
    retention.sweep(hub)
    retention.sweep(hub)
    assert purged(hub, paper)


def test_readings_of_a_purged_paper_are_not_to_be_had(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    decisions.record(hub, "mau", paper, REFUSE)
    retention.sweep(hub)
    with hub.database.reading() as session, pytest.raises(ImagesPurged):
        numbers.certify_body(session.get_one(RequestRow, paper))
