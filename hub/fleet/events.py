"""What changed at a kiosk and when: told apart from what it said before, kept for a year, at most 5,000 a kiosk."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from contract.messages import DeviceReading, Message, State, Telemetry
from hub.store.tables import Kiosk, KioskEvent

KEPT = timedelta(days=365)
MOST_KEPT = 5_000
_USABLE = ("READY", "BUSY")


class Kind(StrEnum):
    """What changed."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    VERSION = "VERSION"
    SERVICE = "SERVICE"
    FAULT = "FAULT"
    FAULT_OVER = "FAULT_OVER"


_Change = tuple[Kind, str, str, str]
"""Kind, subject, detail, remedy."""


def note(session: Session, kiosk: Kiosk, before: Message | None, said: Message, now: datetime) -> None:
    """Record in the caller's transaction what is other than before, in its order."""
    for place, (kind, subject, detail, remedy) in enumerate(_changes(before, said)):
        at = now + timedelta(microseconds=place)
        event = KioskEvent(id=new_ulid(at), kiosk=kiosk.id, at=at, kind=kind, subject=subject[:100])
        event.detail, event.remedy = detail[:500], remedy[:500]
        session.add(event)


def newest(session: Session, kiosk: str, count: int) -> list[KioskEvent]:
    """Return a kiosk's last events, newest first."""
    wanted = select(KioskEvent).where(KioskEvent.kiosk == kiosk).order_by(KioskEvent.at.desc(), KioskEvent.id.desc())
    return list(session.scalars(wanted.limit(count)))


def purge(session: Session, now: datetime) -> None:
    """Remove what is too old or too much, in the caller's transaction."""
    session.execute(delete(KioskEvent).where(KioskEvent.at < now - KEPT))
    counted = select(KioskEvent.kiosk).group_by(KioskEvent.kiosk).having(func.count() > MOST_KEPT)
    for kiosk in session.scalars(counted).all():
        of_it = select(KioskEvent.at).where(KioskEvent.kiosk == kiosk).order_by(KioskEvent.at.desc())
        last_kept = session.scalar(of_it.offset(MOST_KEPT - 1).limit(1))
        session.execute(delete(KioskEvent).where(KioskEvent.kiosk == kiosk, KioskEvent.at < last_kept))


def _changes(before: Message | None, said: Message) -> Iterator[_Change]:
    if isinstance(said, State):
        yield from _of_state(before if isinstance(before, State) else None, said)
    elif isinstance(said, Telemetry):
        yield from _of_telemetry(before if isinstance(before, Telemetry) else None, said)


def _of_state(before: State | None, said: State) -> Iterator[_Change]:
    if before is None or before.online != said.online:
        yield (Kind.ONLINE if said.online else Kind.OFFLINE), "", "", ""
    if before is None or before.version != said.version:
        yield Kind.VERSION, f"{before.version} → {said.version}" if before else said.version, "", ""


def _of_telemetry(before: Telemetry | None, said: Telemetry) -> Iterator[_Change]:
    if before is not None and before.service != said.service:
        yield Kind.SERVICE, f"{before.service} → {said.service}", "", ""
    known = {device.name: device for device in before.devices} if before else {}
    for device in said.devices:
        was = known.get(device.name)
        if _condition(device) != _condition(was):
            over = device.state in _USABLE
            kind = Kind.FAULT_OVER if over else Kind.FAULT
            yield kind, device.name, f"{device.state}: {device.detail}", "" if over else device.remedy


def _condition(device: DeviceReading | None) -> str:
    return "READY" if device is None or device.state in _USABLE else device.state
