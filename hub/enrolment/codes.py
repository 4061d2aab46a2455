"""Enrolment codes: made by an operator for one kiosk, kept as a hash, good once and for some hours."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.enrolment import Ticket, code_sha256, new_code
from contract.ids import new_ulid
from hub.enrolment.faults import CodeWrong
from hub.enrolment.settings import EnrolmentConfig
from hub.faults import EnrolmentClosed, UnknownThing
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import EnrolmentCode, Kiosk


def settings(hub: Hub) -> EnrolmentConfig:
    """Return [enrolment]; raise EnrolmentClosed where the hub has none."""
    if hub.config.enrolment is None:
        raise EnrolmentClosed("This hub has no place where kiosks enrol.")
    return hub.config.enrolment


def make(hub: Hub, login: str, kiosk_id: str, ca_sha256: str) -> Ticket:
    """Return a fresh ticket; codes of the kiosk that nobody used are void from now on.

    Raises UnknownThing, EnrolmentClosed.
    """
    config, now, code = settings(hub), hub.clock.now(), new_code()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None or kiosk.revoked_at is not None:
            raise UnknownThing(f"There is no kiosk {kiosk_id[:63]} to enrol.", remedy="Enter it in hub.toml first.")
        for earlier in session.scalars(select(EnrolmentCode).where(EnrolmentCode.kiosk == kiosk_id, _UNUSED)):
            earlier.open_until = min(earlier.open_until, now)
        session.add(
            EnrolmentCode(
                id=new_ulid(now),
                kiosk=kiosk_id,
                code_sha256=code_sha256(code),
                made_by=login,
                made_at=now,
                open_until=now + timedelta(hours=config.code_hours),
            )
        )
        audit.append(session, at=now, who=login, what=audit.Act.ENROLMENT_CODE_MADE, subject=kiosk_id)
    return Ticket(hub=config.address, kiosk=kiosk_id, code=code, ca_sha256=ca_sha256)


def use(session: Session, hub: Hub, kiosk_id: str, code: str, key_sha256: str) -> EnrolmentCode:
    """Use a code up for this key, in the caller's transaction; the same key may ask again. Raise CodeWrong."""
    now = hub.clock.now()
    wanted = select(EnrolmentCode).where(EnrolmentCode.code_sha256 == code_sha256(code)).with_for_update()
    row = session.scalars(wanted).first()
    if row is None or row.kiosk != kiosk_id:
        raise CodeWrong(f"The code is none of {kiosk_id}. Type it again, or have a new one made at the hub's console.")
    if row.open_until <= now:
        raise CodeWrong("The code is too old, or a newer one was made. Have a new one made at the hub's console.")
    if row.used_at is not None and row.key_sha256 != key_sha256:
        raise CodeWrong(
            "The code was used already, by another key. If that was not you, somebody else enrolled as this kiosk: "
            "tell the hub's operator at once, who can revoke it."
        )
    row.used_at, row.key_sha256 = row.used_at or now, key_sha256
    return row


def newest(session: Session, kiosk_id: str, count: int) -> Sequence[EnrolmentCode]:
    """Return a kiosk's last codes, newest first."""
    wanted = select(EnrolmentCode).where(EnrolmentCode.kiosk == kiosk_id).order_by(EnrolmentCode.id.desc())
    return session.scalars(wanted.limit(count)).all()


_UNUSED = EnrolmentCode.used_at.is_(None)
