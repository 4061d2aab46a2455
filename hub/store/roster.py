"""Officers and kiosks of the configuration in the database; each change of the roster is recorded (R2, R3)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from hub.config import HubConfig
from hub.store import audit
from hub.store.audit import Act
from hub.store.database import Database
from hub.store.tables import Kiosk, Officer, Session

_NO_PASSWORD = ""


def take_over(database: Database, config: HubConfig, now: datetime) -> None:
    """Make the roster what the configuration says.

    An officer who is no longer in it can't log in; a kiosk that is no longer in it stays. A revocation is never undone.
    """
    with database.writing() as session:
        for officer in config.officers:
            fields = msgspec.structs.asdict(officer)
            _take_officer(session, fields, now)
        for kiosk in config.kiosks:
            _take_kiosk(session, msgspec.structs.asdict(kiosk), now)
        _remove_others(session, {officer.login for officer in config.officers}, now)


def _take_officer(session: Transaction, fields: Mapping[str, object], now: datetime) -> None:
    row = session.get(Officer, fields["login"])
    if row is None:
        session.add(Officer(**fields))
        audit.append(session, at=now, who="hub", what=Act.OFFICER_ENTERED, subject=str(fields["login"]))
    elif _changed(row, fields):
        audit.append(session, at=now, who="hub", what=Act.OFFICER_CHANGED, subject=row.login)


def _take_kiosk(session: Transaction, fields: Mapping[str, object], now: datetime) -> None:
    row = session.get(Kiosk, fields["id"])
    if row is None:
        session.add(Kiosk(**fields, enrolled_at=now))
        audit.append(session, at=now, who="hub", what=Act.KIOSK_ENROLLED, subject=str(fields["id"]))
    elif _changed(row, fields):
        audit.append(session, at=now, who="hub", what=Act.KIOSK_CHANGED, subject=row.id)


def _changed(row: Officer | Kiosk, fields: Mapping[str, object]) -> bool:
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _remove_others(session: Transaction, logins: set[str], now: datetime) -> None:
    gone = select(Officer).where(Officer.login.not_in(logins), Officer.password_hash != _NO_PASSWORD)
    for officer in session.scalars(gone):
        officer.password_hash = _NO_PASSWORD
        session.execute(delete(Session).where(Session.officer == officer.login))
        audit.append(session, at=now, who="hub", what=Act.OFFICER_REMOVED, subject=officer.login)
