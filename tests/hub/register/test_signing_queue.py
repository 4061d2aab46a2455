"""A signature that fails is kept, said and tried again; one that works is told to the kiosk once."""

import asyncio
from dataclasses import replace
from threading import Event

import pytest
from hub_doubles import CertifierDouble, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from contract.messages import Certified
from hub.intake import requests
from hub.register.signing_queue import FIRST_PAUSE_S, SigningQueue
from hub.rooms import Hub
from hub.signing.faults import CertificateRevoked
from hub.signing.values import Attestation, SignedCopy
from hub.store import audit
from hub.store.tables import AuditRow, Issue, IssueState, PendingReply

pytestmark = pytest.mark.both_databases

REVOKED = CertificateRevoked("The certificate of the certifier was revoked")


def issue(hub: Hub) -> Issue:
    with hub.database.reading() as session:
        return session.scalars(select(Issue)).one()


def test_signed_copy_is_draft_plus_tail_by_hash(hub: Hub, kiosk: KioskDouble, signing: SigningQueue) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    signing.sign_next()
    (body,) = bodies(requests.answer(hub, paper))
    assert isinstance(body, Certified)
    tail = hub.tails.get(body.tail.sha256)
    assert tail is not None
    assert sha256_hex(draft_pdf() + tail) == body.copy_sha256
    assert body.register_label == "01, quyển số 01/2026-SCTĐT/BS"


def test_attestation_carries_the_legal_mode_of_the_kiosk(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, certifier: CertifierDouble
) -> None:
    approve(hub, kiosk.queue_paper())
    signing.sign_next()
    assert "QĐ 1/QĐ-UBND" in certifier.certified[0].legal_note


def test_revoked_certificate_leaves_the_number_allotted_and_says_why(
    hub: Hub, kiosk: KioskDouble, certifier: CertifierDouble, signing: SigningQueue
) -> None:
    approve(hub, kiosk.queue_paper())
    certifier.faults = [REVOKED]
    assert signing.sign_next()
    assert (issue(hub).state, issue(hub).failures) == (IssueState.ALLOTTED, 1)
    assert "was revoked" in issue(hub).last_fault


def test_failed_signature_is_tried_again_after_a_pause_and_only_then(
    hub: Hub, kiosk: KioskDouble, certifier: CertifierDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    certifier.faults = [REVOKED]
    signing.sign_next()
    assert not signing.sign_next()
    clock.advance(FIRST_PAUSE_S)
    assert signing.sign_next()
    assert (issue(hub).state, issue(hub).last_fault) == (IssueState.SIGNED, "")


def test_paper_behind_a_failing_one_is_signed(
    hub: Hub, kiosk: KioskDouble, certifier: CertifierDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    clock.advance(1)
    approve(hub, kiosk.queue_paper(draft_pdf(mark="b")))
    certifier.faults = [REVOKED]
    signing.sign_next()
    assert signing.sign_next()
    assert [each.cert_no for each in certifier.certified] == [2]


def test_same_fault_again_and_again_is_audited_once(
    hub: Hub, kiosk: KioskDouble, certifier: CertifierDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    certifier.faults = [REVOKED] * 3
    for _ in range(3):
        signing.sign_next()
        clock.advance(600)
    with hub.database.reading() as session:
        failed = session.scalars(select(AuditRow).where(AuditRow.what == audit.Act.SIGNING_FAILED)).all()
    assert len(failed) == 1
    assert issue(hub).failures == 3


def test_draft_that_vanished_from_the_disk_is_a_recorded_fault(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue
) -> None:
    approve(hub, kiosk.queue_paper())
    hub.drafts.delete(sha256_hex(draft_pdf()))
    assert signing.sign_next()
    assert "no longer at the hub" in issue(hub).last_fault


def test_lease_of_a_killed_worker_runs_out_and_is_taken_over(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    class Killed(CertifierDouble):
        def certify(self, draft: bytes, attestation: Attestation, signer: object) -> SignedCopy:
            raise KeyboardInterrupt

    approve(hub, kiosk.queue_paper())
    with pytest.raises(KeyboardInterrupt):
        SigningQueue(hub, Killed()).sign_next()
    assert not signing.sign_next()
    clock.advance(hub.config.signing_lease_s)
    assert signing.sign_next()
    assert issue(hub).state == IssueState.SIGNED


def test_slower_worker_leaves_no_second_tail(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    class Slow(CertifierDouble):
        def certify(self, draft: bytes, attestation: Attestation, signer: object) -> SignedCopy:
            clock.advance(hub.config.signing_lease_s)
            assert signing.sign_next()
            return replace(super().certify(draft, attestation, signer), tail=b"another signature")

    approve(hub, kiosk.queue_paper())
    SigningQueue(hub, Slow()).sign_next()
    assert [path.name for path in (hub.config.data_dir / "tails").iterdir()] == [issue(hub).tail_sha256]


def test_two_workers_that_sign_the_same_issue_commit_one(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    class Overtaken(CertifierDouble):
        """While it signs, the other worker does so too, and first."""

        def certify(self, draft: bytes, attestation: Attestation, signer: object) -> SignedCopy:
            assert not signing.sign_next()  # it is leased
            clock.advance(hub.config.signing_lease_s)
            assert signing.sign_next()
            return replace(super().certify(draft, attestation, signer), level="overtaken")

    approve(hub, kiosk.queue_paper())
    assert SigningQueue(hub, Overtaken()).sign_next()
    assert issue(hub).level == "PAdES B-LTA"
    with hub.database.reading() as session:
        assert len(session.scalars(select(PendingReply)).all()) == 1


async def test_a_queue_that_hangs_is_silent_and_one_that_looks_is_not(
    hub: Hub, signing: SigningQueue, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, hangs = Event(), Event()

    def hanging() -> bool:
        looked.set()
        return hangs.wait(30)

    monkeypatch.setattr(signing, "sign_next", hanging)
    running = asyncio.create_task(signing.run())
    await asyncio.to_thread(looked.wait, 30)
    clock.advance(600)
    assert signing.silent_s == 600
    looked.clear()
    hangs.set()  # it comes back, and looks again at once
    await asyncio.to_thread(looked.wait, 30)
    assert signing.silent_s == 0
    running.cancel()
    monkeypatch.setattr(signing, "sign_next", lambda: False)
