"""Who may look at sealed evidence, what is recorded of it, and when it is gone."""

from datetime import timedelta

import pytest
from hub_doubles import KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import select
from witness import Witness

from contract.clock import SimulatedClock
from contract.identity_evidence import key_id
from contract.ids import new_ulid
from contract.messages import IdentityMethod, Stored
from hub.faults import AlreadyDecided, ClaimedByColleague, EvidenceDamaged, ImagesPurged, PaperNotOpen, UnknownThing
from hub.register import claims, decisions, identity, purge_proof, retention
from hub.register.decisions import Decision
from hub.rooms import Hub
from hub.signing.evidence_key import OVERLAP
from hub.store.audit import Act
from hub.store.tables import AuditRow, IdentityEvidenceRow, Verdict

RESCAN = Decision(verdict=Verdict.RESCAN, page=1, text="Trang 1 bị lóa.")


def _audited(hub: Hub, *acts: Act) -> list[tuple[str, str, str]]:
    with hub.database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what.in_(acts)).order_by(AuditRow.seq))
        return [(row.who, row.what, row.subject) for row in rows]


def _row(hub: Hub, paper: str) -> IdentityEvidenceRow:
    with hub.database.reading() as session:
        return session.get_one(IdentityEvidenceRow, paper)


@pytest.mark.both_databases
def test_officer_who_has_the_paper_sees_the_evidence_and_each_look_is_recorded(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = witness.queued()
    claims.take(hub, "mau", paper)
    assert identity.look(hub, "mau", paper, "portrait") == witness.evidence
    identity.look(hub, "mau", paper, "frame")
    assert _audited(hub, Act.IDENTITY_SEEN) == [
        ("mau", "IDENTITY_SEEN", f"{paper} portrait"), ("mau", "IDENTITY_SEEN", f"{paper} frame"),
    ]  # fmt: skip


def test_nobody_else_sees_it(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    paper = Witness(kiosk).queued()
    with pytest.raises(PaperNotOpen):
        identity.look(hub, "mau", paper, "frame")
    claims.take(hub, "hai", paper)
    with pytest.raises(ClaimedByColleague):
        identity.look(hub, "mau", paper, "frame")
    clock.advance(claims.LEASE.total_seconds() + 1)
    with pytest.raises(PaperNotOpen):
        identity.look(hub, "hai", paper, "frame")
    assert _audited(hub, Act.IDENTITY_SEEN) == []


def test_paper_without_evidence_and_evidence_not_here_yet_say_so(hub: Hub, kiosk: KioskDouble) -> None:
    plain = kiosk.queue_paper(draft_pdf(mark="b"))
    coming = kiosk.queue_paper(draft_pdf(mark="c"), identity=Witness(kiosk).check)
    for paper in (plain, coming):
        claims.take(hub, "mau", paper)
        with pytest.raises(UnknownThing):
            identity.look(hub, "mau", paper, "frame")


def test_evidence_sealed_for_another_case_does_not_open(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    witness = Witness(kiosk)
    witness.elsewhere(new_ulid(clock.now()))
    paper = witness.queued()
    claims.take(hub, "mau", paper)
    with pytest.raises(EvidenceDamaged):
        identity.look(hub, "mau", paper, "frame")


@pytest.mark.both_databases
def test_officers_word_is_kept_and_recorded_and_the_last_one_counts(hub: Hub, kiosk: KioskDouble) -> None:
    paper = Witness(kiosk, IdentityMethod.STILL).queued()
    claims.take(hub, "mau", paper)
    identity.answer(hub, "mau", paper, same_person=False)
    identity.answer(hub, "mau", paper, same_person=True)
    row = _row(hub, paper)
    assert (row.same_person, row.answered_by) == (True, "mau")
    assert [subject for _, _, subject in _audited(hub, Act.IDENTITY_JUDGED)] == [f"{paper} other", f"{paper} same"]


@pytest.mark.both_databases
def test_decision_destroys_the_evidence_and_leaves_hash_and_audit(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = witness.queued()
    claims.take(hub, "mau", paper)
    retention.sweep(hub)
    assert hub.evidence.get(witness.blob.sha256) == witness.sealed  # not before
    approve(hub, paper)
    with pytest.raises(AlreadyDecided):
        identity.look(hub, "mau", paper, "frame")
    retention.sweep(hub)
    assert hub.evidence.get(witness.blob.sha256) is None
    assert _row(hub, paper).purged_at is not None and _row(hub, paper).sha256 == witness.blob.sha256
    assert _audited(hub, Act.EVIDENCE_PURGED) == [("hub", "EVIDENCE_PURGED", f"{paper} {witness.blob.sha256}")]


def test_chunks_of_evidence_that_never_became_whole_go_too(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = kiosk.queue_paper(identity=witness.check)
    witness.send_chunks()
    approve(hub, paper)
    retention.sweep(hub)
    assert not hub.chunks.names(before=float("inf"))


def test_evidence_that_a_rescanned_paper_has_too_stays_until_that_is_decided(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    first = witness.queued()
    decisions.record(hub, "mau", first, RESCAN)
    second = witness.queued(draft_pdf(mark="again"))
    retention.sweep(hub)
    assert hub.evidence.get(witness.blob.sha256) == witness.sealed
    claims.take(hub, "mau", second)
    assert identity.look(hub, "mau", second, "frame") == witness.evidence
    approve(hub, second)
    retention.sweep(hub)
    assert hub.evidence.get(witness.blob.sha256) is None


def test_rescanned_paper_brings_its_evidence_again_where_it_is_gone(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    decisions.record(hub, "mau", witness.queued(), RESCAN)
    retention.sweep(hub)
    second = kiosk.queue_paper(draft_pdf(mark="again"), identity=witness.check)
    assert bodies(witness.send(second)) == [Stored()]


def test_evidence_that_stays_after_the_decision_is_overdue_in_the_proof(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    witness = Witness(kiosk)
    paper = witness.queued()
    approve(hub, paper)
    clock.advance(timedelta(days=4000).total_seconds())  # beyond the files' own real times
    overdue = {(each.store, each.sha256): each.requests for each in purge_proof.prove(hub, "mau").overdue}
    assert overdue["evidence", witness.blob.sha256] == [paper]
    retention.sweep(hub)
    assert not [each for each in purge_proof.prove(hub, "mau").overdue if each.store == "evidence"]


def test_evidence_of_a_destroyed_file_is_said_to_be_gone(hub: Hub, kiosk: KioskDouble) -> None:
    witness = Witness(kiosk)
    paper = witness.queued()
    claims.take(hub, "mau", paper)
    hub.evidence.delete(witness.blob.sha256)
    with pytest.raises(ImagesPurged):
        identity.look(hub, "mau", paper, "frame")


def test_evidence_that_waits_keeps_the_key_it_is_sealed_to_and_with_it_the_key_goes(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    witness = Witness(kiosk)
    paper = witness.queued()
    old = key_id(hub.evidence_keys.current.public_key())
    hub.evidence_keys.rotate(clock.now())
    claims.take(hub, "mau", paper)
    assert identity.look(hub, "mau", paper, "portrait") == witness.evidence
    later = clock.now() + OVERLAP + timedelta(seconds=1)
    identity.destroy_old_keys(hub, later)
    assert len(hub.evidence_keys.all) == 2 and _audited(hub, Act.KEY_DESTROYED) == []
    approve(hub, paper)
    identity.purge_decided(hub, clock.now())
    identity.destroy_old_keys(hub, clock.now())
    assert len(hub.evidence_keys.all) == 2  # a kiosk without a network may still send
    identity.destroy_old_keys(hub, later)
    assert _audited(hub, Act.KEY_DESTROYED) == [("hub", "KEY_DESTROYED", f"evidence {old}")]
    assert [key_id(key.public_key()) for key in hub.evidence_keys.all] != [old] and len(hub.evidence_keys.all) == 1
