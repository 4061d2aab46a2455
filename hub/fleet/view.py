"""What each kiosk said last, and whether it is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract import messages
from contract.jobs import ShadowReported
from contract.messages import DeviceReading, M, MalformedMessage, State, Telemetry
from hub.faults import UnknownThing
from hub.store.tables import Kiosk, LastSeen

DOWN, ATTENTION = "DOWN", "ATTENTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One kiosk as the hub sees it; what it has not said yet is None. Moments are those of arrival."""

    kiosk: Kiosk
    state: State | None
    telemetry: Telemetry | None
    shadow: ShadowReported | None
    state_at: datetime | None
    telemetry_at: datetime | None

    @property
    def online(self) -> bool:
        """Whether the kiosk is connected, by its last word or its last will."""
        return self.state is not None and self.state.online and self.kiosk.revoked_at is None

    @property
    def heard_at(self) -> datetime | None:
        """When anything was heard last."""
        return max((at for at in (self.state_at, self.telemetry_at) if at), default=None)

    @property
    def vitals(self) -> dict[str, float]:
        """The newest figures, the clock's drift among them; empty where there are none."""
        if self.telemetry is None or self.telemetry_at is None:
            return {}
        return measured(self.telemetry, self.telemetry_at)

    @property
    def troubled(self) -> list[DeviceReading]:
        """The devices that want somebody, those that can't be used first."""
        devices = self.telemetry.devices if self.telemetry else ()
        return [each for state in (DOWN, ATTENTION) for each in devices if each.state == state]


def measured(telemetry: Telemetry, heard_at: datetime) -> dict[str, float]:
    """Return what a kiosk measures, and what the hub does: how far its clock is off."""
    return {**telemetry.vitals, "clock_drift_s": round((telemetry.at - heard_at).total_seconds(), 1)}


def sights(session: Session) -> list[Sight]:
    """Return every enrolled kiosk, by its id."""
    return _seen(session.scalars(select(Kiosk).order_by(Kiosk.id)), session.scalars(select(LastSeen)))


def sight(session: Session, kiosk_id: str) -> Sight:
    """Return one kiosk; raise UnknownThing."""
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise UnknownThing(f"There is no kiosk {kiosk_id[:63]}.", remedy="Choose one from the list of the fleet.")
    return _seen([kiosk], session.scalars(select(LastSeen).where(LastSeen.kiosk == kiosk_id)))[0]


def said(kind: type[M], row: LastSeen | None) -> M | None:
    """Return a kept message; None where there is none or an older hub kept it otherwise."""
    try:
        return messages.decode(kind, row.payload) if row is not None else None
    except MalformedMessage:
        return None


def _seen(kiosks: Iterable[Kiosk], rows: Iterable[LastSeen]) -> list[Sight]:
    kept = {(row.kiosk, row.room): row for row in rows}
    return [
        _sight(kiosk, *(kept.get((kiosk.id, room)) for room in ("state", "telemetry", "shadow"))) for kiosk in kiosks
    ]


def _sight(kiosk: Kiosk, state: LastSeen | None, telemetry: LastSeen | None, shadow: LastSeen | None) -> Sight:
    return Sight(
        kiosk=kiosk,
        state=said(State, state),
        telemetry=said(Telemetry, telemetry),
        shadow=said(ShadowReported, shadow),
        state_at=state.received_at if state else None,
        telemetry_at=telemetry.received_at if telemetry else None,
    )
