"""The papers of a kiosk that is shut out, which gives the money back for all that it waits for.

What has no number yet ends with it, in the same transaction: no number is given to a copy that nobody receives. A
number that was given stays (R7); what the kiosk has not told of as handed over is listed, for an officer who annuls it
(R14).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from contract import messages
from contract.messages import HandedOverFact, Rejected
from hub.register import claims
from hub.register.labels import register_label
from hub.store import audit
from hub.store.tables import (
    AnnulmentRow,
    FactRow,
    HeldDecision,
    Issue,
    PendingReply,
    RegisterRow,
    RequestRow,
    RequestState,
)

_HANDED_OVER = HandedOverFact.__struct_config__.tag
_UNNUMBERED = (RequestState.COLLECTING, RequestState.QUEUED, RequestState.DECIDED)
_SAID = Rejected(
    code="KIOSK_SHUT_OUT",
    cause="The hub shut this kiosk out before an officer's decision took effect",
    remedy="Give the money back; the paper is copied at another kiosk.",
)


def end_papers(session: Session, kiosk_id: str, now: datetime) -> None:
    """End what the kiosk waits for and has no number, in the caller's transaction."""
    wanted = select(RequestRow).where(RequestRow.kiosk == kiosk_id, RequestRow.state.in_(_UNNUMBERED))
    for request in session.scalars(wanted.with_for_update()):
        request.state, request.ended_at = RequestState.REJECTED, now
        request.rejection = messages.encode(_SAID)
        session.execute(delete(HeldDecision).where(HeldDecision.request == request.id))
        claims.drop(session, request.id)
        session.add(PendingReply(request=request.id, created_at=now))
        audit.append(session, at=now, who="hub", what=audit.Act.REJECTED, subject=f"{request.id} {_SAID.code}")


def not_handed_over(session: Session, kiosk_id: str) -> Sequence[str]:
    """Return the register labels of what the kiosk has not told of as handed over and is not annulled, oldest first."""
    wanted = (
        select(RegisterRow)
        .join(Issue, Issue.register_row == RegisterRow.id)
        .join(RequestRow, RequestRow.id == Issue.request)
        .where(
            RequestRow.kiosk == kiosk_id,
            ~exists().where(FactRow.request == RequestRow.id, FactRow.kind == _HANDED_OVER),
            Issue.copy_id.not_in(select(AnnulmentRow.copy_id)),
        )
    )
    return [register_label(row) for row in session.scalars(wanted.order_by(RegisterRow.id))]
