"""What each kiosk said last, and whether it is there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract import messages
from contract.messages import M, MalformedMessage, State, Telemetry
from hub.store.tables import Kiosk, LastSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One kiosk as the hub sees it; `state` and `telemetry` are None until it has said any."""

    kiosk: Kiosk
    state: State | None
    telemetry: Telemetry | None
    heard_at: datetime | None

    @property
    def online(self) -> bool:
        """Whether the kiosk is connected, by its last word or its last will."""
        return self.state is not None and self.state.online and self.kiosk.revoked_at is None


def sights(session: Session) -> list[Sight]:
    """Return every enrolled kiosk, by its id."""
    seen: dict[tuple[str, str], LastSeen] = {(row.kiosk, row.room): row for row in session.scalars(select(LastSeen))}
    return [_sight(kiosk, seen) for kiosk in session.scalars(select(Kiosk).order_by(Kiosk.id))]


def _sight(kiosk: Kiosk, seen: dict[tuple[str, str], LastSeen]) -> Sight:
    rows = [row for room in ("state", "telemetry") if (row := seen.get((kiosk.id, room)))]
    return Sight(
        kiosk=kiosk,
        state=_said(State, seen.get((kiosk.id, "state"))),
        telemetry=_said(Telemetry, seen.get((kiosk.id, "telemetry"))),
        heard_at=max((row.received_at for row in rows), default=None),
    )


def _said(kind: type[M], row: LastSeen | None) -> M | None:
    """What an older hub kept may no longer be read; then the kiosk has not said it yet."""
    try:
        return messages.decode(kind, row.payload) if row is not None else None
    except MalformedMessage:
        return None
