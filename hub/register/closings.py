"""Collections of cash as kiosks report them; a difference between books and machine is kept and shown."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import ClosingFact
from hub.store import audit
from hub.store.tables import ClosingRow, Kiosk


def note(session: Session, kiosk: Kiosk, closing: ClosingFact, now: datetime) -> None:
    """Enter a closing in the caller's transaction, once under its id."""
    if session.get(ClosingRow, closing.request) is None:
        session.add(
            ClosingRow(
                id=closing.request,
                kiosk=kiosk.id,
                number=closing.number,
                collector=closing.collector,
                finished_at=closing.finished_at,
                fee_vnd=closing.fee_vnd,
                print_vnd=closing.print_vnd,
                post_vnd=closing.post_vnd,
                collected_vnd=closing.collected_vnd,
                left_vnd=closing.left_vnd,
                difference_vnd=closing.difference_vnd,
                received_at=now,
            )
        )
        subject = f"{closing.request} {closing.number} {closing.difference_vnd:+d}"
        audit.append(session, at=now, who=kiosk.id, what=audit.Act.CASH_CLOSED, subject=subject)


def newest(session: Session, kiosk: str | None, count: int) -> list[ClosingRow]:
    """Return the last closings, of one kiosk or of all, newest first."""
    rows = select(ClosingRow).order_by(ClosingRow.finished_at.desc(), ClosingRow.id.desc()).limit(count)
    return list(session.scalars(rows.where(ClosingRow.kiosk == kiosk) if kiosk else rows))
