"""What happened at kiosks: each fact is committed once, then acknowledged."""

from datetime import datetime

from sqlalchemy.orm import Session

from contract import messages, topics
from contract.ids import sha256_hex
from contract.messages import (
    Ack,
    CheckInOverFact,
    ClosingFact,
    FactEnvelope,
    FeedbackFact,
    HelpOverFact,
    JobFact,
    LinkFact,
    SettledByHandFact,
    TransferFact,
    VoucherFact,
)
from hub.faults import VoucherFault
from hub.feedback import book as feedback
from hub.fleet import alerts, jobs
from hub.intake.answers import Outgoing
from hub.intake.refusals import LinkRefused, NotYours, ReplayedId, VoucherRefused
from hub.queue import check_in
from hub.register import closings, links, transfers, vouchers
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import FactRow, Kiosk, RequestRow


def take(hub: Hub, kiosk: Kiosk, kind: str, envelope: FactEnvelope, payload: bytes) -> list[Outgoing]:
    """Record a fact unless it is recorded already and return its acknowledgement; raise a Refusal."""
    now, body = hub.clock.now(), _kept(envelope, payload)
    with hub.database.writing() as session:
        known = session.get(FactRow, envelope.id)
        if known is not None and (known.kiosk, known.body) != (kiosk.id, body):
            raise ReplayedId(f"The id {envelope.id} was used before for another fact.")
        request = session.get(RequestRow, envelope.body.request)
        if request is not None and request.kiosk != kiosk.id:
            raise NotYours(f"The request {request.id} is not one of {kiosk.id}.")
        if known is None:
            row = FactRow(
                id=envelope.id, kiosk=kiosk.id, kind=kind, request=envelope.body.request, body=body, received_at=now
            )
            session.add(row)
            subject = f"{envelope.id} {kind}"
            audit.append(session, at=now, who=kiosk.id, what=audit.Act.FACT_RECORDED, subject=subject)
            _note(session, kiosk, envelope, now)
    return [_ack(kiosk, envelope)]


def _kept(envelope: FactEnvelope, payload: bytes) -> bytes:
    """Return what the fact is known by for ever: itself, but a citizen's words by their hash only."""
    return sha256_hex(payload).encode() if isinstance(envelope.body, FeedbackFact) else payload


def _note(session: Session, kiosk: Kiosk, envelope: FactEnvelope, now: datetime) -> None:
    """Enter a fact that has a register of its own."""
    match envelope.body:
        case ClosingFact() as closing:
            closings.note(session, kiosk, closing, now)
        case SettledByHandFact() as word:
            subject = f"{word.request} {word.visit} {word.amount_vnd} {word.found}"
            audit.append(session, at=now, who=kiosk.id, what=audit.Act.MONEY_SETTLED_BY_HAND, subject=subject)
        case VoucherFact(request=voucher_id, amount_vnd=amount_vnd, issued_at=issued_at):
            try:
                vouchers.note_issued(session, kiosk, voucher_id, amount_vnd, issued_at)
            except VoucherFault as fault:
                raise VoucherRefused(fault) from fault
        case FeedbackFact() as said if not feedback.note(session, kiosk, said, now):
            raise NotYours(f"The request {said.about} is not one of {kiosk.id}.")
        case LinkFact() as fact if not links.note(session, fact, now):
            raise LinkRefused(f"No electronic copy of {fact.request} waits here for a link.")
        case TransferFact() as fact if not transfers.note_answer(session, kiosk, fact, now):
            raise NotYours(f"The transfer {fact.transaction} is not one of {kiosk.id}.")
        case HelpOverFact(request=call):
            alerts.end_call(session, kiosk.id, call, now)
        case CheckInOverFact(request=report):
            check_in.take_back(session, kiosk, report, now)
        case JobFact() as fact if not jobs.note(session, kiosk, fact, now):
            raise NotYours(f"The job {fact.request} is not one of {kiosk.id}.")


def _ack(kiosk: Kiosk, envelope: FactEnvelope) -> Outgoing:
    ack = Ack(v=messages.VERSION, ids=(envelope.id,))
    return Outgoing(topic=topics.down(kiosk.id, "ack"), payload=messages.encode(ack))
