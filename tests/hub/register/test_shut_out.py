"""A kiosk that is shut out gives the money back: nothing it waits for gets a number, and what has one is listed."""

import pytest
from hub_doubles import KIOSK, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import select

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import FactEnvelope, HandedOverFact, LegalMode, Presented, Rejected, State
from hub.enrolment import revoking, starts
from hub.faults import AlreadyDecided
from hub.intake import requests
from hub.register import annulments, held, shut_out
from hub.register.annulments import Annulment, ReasonClass
from hub.register.decisions import Decision
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import Issue, RegisterRow, Verdict

APPROVE = Decision(verdict=Verdict.APPROVE, original_seen=Presented.KIOSK_BED_CAMERA)


def revoke(hub: Hub) -> None:
    revoking.revoke(hub, KIOSK, "may")


def quarantine(hub: Hub) -> None:
    """Let two machines greet with one start."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        for nonce in "ab":
            said = State(
                v=1, online=True, since=now, version="1", legal_mode=LegalMode.PILOT_REMOTE, start=1, nonce=nonce * 32
            )
            starts.note(session, KIOSK, said, now)


def listed(hub: Hub) -> list[str]:
    with hub.database.reading() as session:
        return list(shut_out.not_handed_over(session, KIOSK))


@pytest.mark.parametrize("shut", [revoke, quarantine])
def test_approval_that_has_not_taken_effect_gets_no_number(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock, shut
) -> None:
    decided, waiting = (kiosk.queue_paper(draft_pdf(mark=mark)) for mark in "ab")
    held.hold(hub, "mau", decided, APPROVE)
    shut(hub)
    clock.advance(30)
    assert held.settle_due(hub) == 0
    with pytest.raises(AlreadyDecided, match="REJECTED"):
        approve(hub, waiting)
    with hub.database.reading() as session:
        assert session.scalars(select(RegisterRow)).all() == []
    for paper in (decided, waiting):
        (told,) = bodies(requests.answer(hub, paper))
        assert isinstance(told, Rejected) and told.final and "Give the money back" in told.remedy


def test_number_that_was_given_is_listed_until_it_is_annulled(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue
) -> None:
    approve(hub, kiosk.queue_paper())
    revoke(hub)
    assert signing.sign_next()
    assert listed(hub) == ["01, quyển số 01/2026-SCTĐT/BS"]
    with hub.database.reading() as session:
        copy_id = session.scalars(select(Issue.copy_id)).one()
    annulments.record(
        hub, "mau", copy_id, Annulment(decision_no="1/QĐ", reason_class=ReasonClass.ENTRY_WRONG, text="Chưa giao.")
    )
    assert listed(hub) == []


def test_copy_that_was_handed_over_is_not_listed(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    approve(hub, paper := kiosk.queue_paper())
    assert signing.sign_next()
    fact = HandedOverFact(request=paper, paper_copies=1, electronic=False)
    envelope = FactEnvelope(v=1, id=new_ulid(clock.now()), at=clock.now(), body=fact)
    kiosk.intake.handle(topics.up(KIOSK, "fact", "handed-over"), messages.encode(envelope))
    revoke(hub)
    assert listed(hub) == []
