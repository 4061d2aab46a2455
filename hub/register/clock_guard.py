"""The hub's clock dates what it certifies: it must be believed, and not stand before what is on record (R23)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from contract.clock import vietnam_text
from contract.time_report import ClockDoubted, require_believable
from hub.faults import ClockDoubtful, ClockWentBack
from hub.rooms import Hub
from hub.store import audit
from hub.store.audit import Act

TOLERANCE = timedelta(seconds=30)
_DATED = (
    Act.HELD, Act.APPROVED, Act.REFUSED, Act.RESCAN_ASKED, Act.NUMBER_ALLOTTED, Act.SIGNED, Act.DOCUMENT_SIGNED,
    Act.ANNULLED,
)  # fmt: skip
"""What only a clock that passed here can date. Another record may bear the time of one that nobody believed: it must
not hold signing up once the time is right."""


def require_true_time(hub: Hub, session: Session) -> None:
    """Return where this moment may date a decision or a signature; raise ClockDoubtful, ClockWentBack."""
    if (doubt := doubt_of(hub)) is not None:
        raise ClockDoubtful(f"The hub's clock is not believed: {doubt}.", remedy=f"{doubt.remedy}.")
    now, newest = hub.clock.now(), audit.newest_at(session, _DATED)
    if newest is not None and now < newest - TOLERANCE:
        raise ClockWentBack(
            f"The hub's clock says {vietnam_text(now)}, but the newest certification is from {vietnam_text(newest)}."
        )


def doubt_of(hub: Hub) -> ClockDoubted | None:
    """Return why the clock may not be believed, None where it may."""
    if hub.clock_report is None:
        return None
    try:
        require_believable(hub.clock_report)
    except ClockDoubted as doubt:
        return doubt
    return None
