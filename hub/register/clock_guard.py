"""The clock must not stand before what is already on record (R23)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from contract.clock import vietnam_text
from hub.faults import ClockWentBack
from hub.store import audit

TOLERANCE = timedelta(seconds=30)


def require_no_step_back(session: Session, now: datetime) -> None:
    """Return if `now` is not before the newest audit record by more than 30 s; raise ClockWentBack."""
    newest = audit.newest_at(session)
    if newest is not None and now < newest - TOLERANCE:
        raise ClockWentBack(
            f"The hub's clock says {vietnam_text(now)}, but the newest record is from {vietnam_text(newest)}."
        )
