"""Taking a kiosk out of service."""

from typing import Any

from fastapi import APIRouter

from hub.config import Role
from hub.console.access import LoggedIn, ServedHub
from hub.faults import RoleMissing, UnknownThing
from hub.store import audit
from hub.store.tables import Kiosk

router = APIRouter(prefix="/api")


@router.post("/kiosks/{kiosk_id}/revocation", status_code=201)
def revoke(hub: ServedHub, officer: LoggedIn, kiosk_id: str) -> dict[str, Any]:
    """Refuse everything the kiosk says from now on, for good; its certificate is revoked at the broker's CA."""
    if officer.role != Role.OPERATOR:
        raise RoleMissing(f"The role {officer.role} revokes no kiosks.")
    now = hub.clock.now()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise UnknownThing(f"There is no kiosk {kiosk_id[:63]}.")
        if kiosk.revoked_at is None:
            kiosk.revoked_at = now
            audit.append(session, at=now, who=officer.login, what=audit.Act.KIOSK_REVOKED, subject=kiosk.id)
    return {"id": kiosk.id, "revoked_at": kiosk.revoked_at}
