"""Taking a copy's value back by a decision of the agency (TT 01/2020 Art. 7, R14)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from hub.faults import AlreadyAnnulled, DecisionIncomplete, NotAuthorised, UnknownThing
from hub.log import leaves
from hub.log.leaves import Record
from hub.register import clock_guard
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AnnulmentRow, Issue, Officer


class ReasonClass(StrEnum):
    """Why a copy is annulled, in classes that can be published."""

    NOT_TRUE_TO_ORIGINAL = "NOT_TRUE_TO_ORIGINAL"
    ORIGINAL_NOT_ALLOWED = "ORIGINAL_NOT_ALLOWED"
    NO_AUTHORITY = "NO_AUTHORITY"
    ENTRY_WRONG = "ENTRY_WRONG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulment:
    """The agency's decision: its number, the class of its reason, and its text."""

    decision_no: str
    reason_class: ReasonClass
    text: str


def record(hub: Hub, login: str, copy_id: str, annulment: Annulment) -> None:
    """Commit the annulment with its log leaf, once and for all.

    Raises UnknownThing, NotAuthorised, DecisionIncomplete, AlreadyAnnulled, ClockFault; then nothing was recorded.
    """
    if not annulment.decision_no.strip() or not annulment.text.strip():
        raise DecisionIncomplete("An annulment needs the number of the agency's decision and its text.")
    now = hub.clock.now()
    with hub.database.writing() as session:
        clock_guard.require_true_time(hub, session)
        if session.get(Issue, copy_id, with_for_update=True) is None:
            raise UnknownThing(f"There is no copy {copy_id}.")
        _require_authority(session.get_one(Officer, login), now)
        if session.get(AnnulmentRow, copy_id) is not None:
            raise AlreadyAnnulled(f"The copy {copy_id} was annulled before.")
        session.add(_row(session, login, copy_id, annulment, now))
        audit.append(session, at=now, who=login, what=audit.Act.ANNULLED, subject=copy_id)


def all_of(hub: Hub) -> list[AnnulmentRow]:
    """Return every annulment, oldest first; for the published list."""
    with hub.database.reading() as session:
        return list(session.scalars(select(AnnulmentRow).order_by(AnnulmentRow.at)))


def _require_authority(officer: Officer, now: datetime) -> None:
    if not officer.may_certify(now.astimezone(VIETNAM).date()):
        raise NotAuthorised(f"{officer.login} has no authority that is in force today.")


def _row(session: Session, login: str, copy_id: str, annulment: Annulment, now: datetime) -> AnnulmentRow:
    content = {"copy_id": copy_id, "decision_no": annulment.decision_no, "reason": annulment.reason_class, "at": now}
    record = Record(public=content, private={"text": annulment.text.strip()})
    return AnnulmentRow(
        copy_id=copy_id,
        decision_no=annulment.decision_no.strip(),
        reason_class=annulment.reason_class,
        text=annulment.text.strip(),
        officer=login,
        log_index=leaves.append(session, leaves.LeafKind.ANNULMENT, copy_id, record),
        at=now,
    )
