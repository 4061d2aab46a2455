"""Entering officers and kiosks of the configuration that the database does not know yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub.config import HubConfig, KioskConfig, OfficerConfig
from hub.store import audit
from hub.store.database import Database
from hub.store.tables import Kiosk, Officer


def enter_new(database: Database, config: HubConfig, now: datetime) -> None:
    """Enter whoever is new; what is known already, a revocation above all, is left as it is."""
    with database.writing() as session:
        for officer in config.officers:
            if session.get(Officer, officer.login) is None:
                _enter_officer(session, officer, now)
        for kiosk in config.kiosks:
            if session.get(Kiosk, kiosk.id) is None:
                _enter_kiosk(session, kiosk, now)


def _enter_officer(session: Session, officer: OfficerConfig, now: datetime) -> None:
    session.add(
        Officer(
            login=officer.login,
            password_hash=officer.password_hash,
            name=officer.name,
            title=officer.title,
            role=officer.role,
            authority_document=officer.authority_document,
            valid_from=officer.valid_from,
            valid_to=officer.valid_to,
        )
    )
    audit.append(session, audit.Entry(at=now, who="hub", what=audit.Act.OFFICER_ENTERED, subject=officer.login))


def _enter_kiosk(session: Session, kiosk: KioskConfig, now: datetime) -> None:
    session.add(
        Kiosk(
            id=kiosk.id,
            certificate_serial=kiosk.certificate_serial,
            site=kiosk.site,
            legal_mode=kiosk.legal_mode,
            legal_decision=kiosk.legal_decision,
            enrolled_at=now,
        )
    )
    audit.append(session, audit.Entry(at=now, who="hub", what=audit.Act.KIOSK_ENROLLED, subject=kiosk.id))
