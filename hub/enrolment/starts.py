"""Two machines with one identity: told apart by the starts of their programs.

A kiosk counts its starts in its ledger, durably, and draws a nonce at each; every greeting (`State`) carries both. One
machine can't say

1. the same number with two nonces, nor
2. a lower number later than it began a higher one (by its own clock, so that a late message proves nothing).

Either means that the disk was copied or put back to an earlier state. Then the kiosk is quarantined: nothing that it
asks for is done until a person has looked. A copy that never greets, or copies nonces too, escapes this; it still needs
the key, which a TPM keeps to one machine.
"""

from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from contract.messages import State
from hub.faults import UnknownThing
from hub.register import shut_out
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Kiosk, KioskStart

KEPT = 200
"""So many last starts of a kiosk are remembered."""


def note(session: Session, kiosk_id: str, said: State, now: datetime) -> None:
    """Remember the start that a greeting tells of; quarantine the kiosk where it can't be one machine's."""
    kiosk = session.get_one(Kiosk, kiosk_id)
    if not said.online or not said.start or (kiosk.starts_from and said.since < kiosk.starts_from):
        return
    known = session.get(KioskStart, (kiosk_id, said.start))
    highest = session.scalars(_of(kiosk_id).order_by(KioskStart.number.desc()).limit(1)).first()
    if known is not None and known.nonce != said.nonce:
        _quarantine(session, kiosk_id, f"start {said.start} was said with two nonces", now)
    elif highest is not None and highest.number > said.start and highest.since < said.since:
        _quarantine(session, kiosk_id, f"start {said.start} spoke after start {highest.number} had begun", now)
    elif known is None:
        session.add(KioskStart(kiosk=kiosk_id, number=said.start, nonce=said.nonce, since=said.since))
        session.execute(delete(KioskStart).where(KioskStart.kiosk == kiosk_id, KioskStart.number <= said.start - KEPT))


def forget(session: Session, kiosk: Kiosk, now: datetime) -> None:
    """Begin anew with a kiosk: it has a new key, or a person has found out which machine is the true one."""
    kiosk.quarantined_at, kiosk.quarantine_cause, kiosk.starts_from = None, "", now
    session.execute(delete(KioskStart).where(KioskStart.kiosk == kiosk.id))


def release(hub: Hub, login: str, kiosk_id: str) -> None:
    """End a quarantine; raise UnknownThing where there is none."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id, with_for_update=True)
        if kiosk is None or kiosk.quarantined_at is None:
            raise UnknownThing("This kiosk is not in quarantine.", remedy="Load the page again.")
        forget(session, kiosk, now)
        audit.append(session, at=now, who=login, what=audit.Act.KIOSK_RELEASED, subject=kiosk_id)


def _quarantine(session: Session, kiosk_id: str, cause: str, now: datetime) -> None:
    kiosk = session.get_one(Kiosk, kiosk_id, with_for_update=True)
    if kiosk.quarantined_at is None:
        kiosk.quarantined_at, kiosk.quarantine_cause = now, cause
        shut_out.end_papers(session, kiosk.id, now)
        audit.append(session, at=now, who="hub", what=audit.Act.KIOSK_QUARANTINED, subject=f"{kiosk_id}: {cause}")


def _of(kiosk_id: str) -> Select[KioskStart]:
    return select(KioskStart).where(KioskStart.kiosk == kiosk_id)
