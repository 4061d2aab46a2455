"""Sealed evidence on its way in: only what a request has announced, whole, and only until the paper is decided."""

import msgspec
import pytest
from hub_doubles import PREPARING_KIOSK, KioskDouble, approve, bodies, draft_pdf
from witness import Witness

from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import BlobRef, LegalMode, Rejected, SendChunks, Stored
from hub.rooms import Hub


@pytest.mark.both_databases
def test_evidence_is_stored_sealed_once_all_chunks_are_here(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = kiosk.queue_paper(identity=witness.check)
    assert bodies(witness.ask(paper)) == [SendChunks(missing=(0,))]
    witness.send_chunks()
    assert bodies(witness.ask(paper)) == [Stored()]
    assert hub.evidence.get(witness.blob.sha256) == witness.sealed
    assert b"JFIF" not in witness.sealed
    assert bodies(witness.ask(paper)) == [Stored()]  # asked again


def test_chunks_that_make_something_else_are_thrown_away_and_asked_for_again(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper, right = kiosk.queue_paper(identity=witness.check), witness.sealed
    witness.sealed = right[:-1] + bytes([right[-1] ^ 1])
    witness.send_chunks()
    assert bodies(witness.ask(paper)) == [SendChunks(missing=(0,))]
    assert hub.evidence.get(witness.blob.sha256) is None
    witness.sealed = right
    assert bodies(witness.send(paper)) == [Stored()]


def _refusal(answers: list[object]) -> Rejected:
    (answer,) = answers
    assert isinstance(answer, Rejected)
    return answer


def test_evidence_that_came_before_its_request_is_to_be_sent_again(kiosk: KioskDouble, clock: SimulatedClock) -> None:
    refusal = _refusal(bodies(Witness(kiosk).ask(new_ulid(clock.now()))))
    assert (refusal.code, refusal.final) == ("EVIDENCE_UNKNOWN", False)


def test_evidence_of_another_kiosks_request_or_other_than_announced_is_refused(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = kiosk.queue_paper(identity=witness.check)
    other = BlobRef(sha256="0" * 64, size_bytes=witness.blob.size_bytes)
    assert _refusal(bodies(witness.ask(paper, other))).code == "NOT_YOURS"
    stranger = Witness(KioskDouble(hub, PREPARING_KIOSK))
    assert _refusal(bodies(stranger.ask(paper, witness.blob))).code == "NOT_YOURS"


def test_evidence_that_is_too_large_is_refused_and_the_paper_is_not(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    witness.blob = BlobRef(sha256=witness.blob.sha256, size_bytes=3_000_000)
    check = msgspec.structs.replace(witness.check, evidence=witness.blob)
    paper = kiosk.queue_paper(identity=check)
    refusal = _refusal(bodies(witness.ask(paper)))
    assert (refusal.code, refusal.final) == ("EVIDENCE_TOO_LARGE", True)


def test_evidence_of_a_decided_paper_is_not_taken(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = kiosk.queue_paper(identity=witness.check)
    approve(hub, paper)
    witness.send_chunks()
    refusal = _refusal(bodies(witness.ask(paper)))
    assert (refusal.code, refusal.final) == ("EVIDENCE_LATE", True)
    assert hub.evidence.get(witness.blob.sha256) is None


def test_request_without_evidence_has_none_to_send(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper(draft_pdf(), legal_mode=LegalMode.PILOT_REMOTE)
    assert _refusal(bodies(Witness(kiosk).ask(paper))).code == "EVIDENCE_UNKNOWN"
