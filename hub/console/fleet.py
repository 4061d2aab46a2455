"""Taking a kiosk out of service."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from hub.console.access import ServedHub, allowed
from hub.console.roles import Permit
from hub.faults import UnknownThing
from hub.store import audit
from hub.store.tables import Kiosk, Officer

router = APIRouter(prefix="/api")

FleetOperator = Annotated[Officer, Depends(allowed(Permit.RUN_FLEET))]


@router.post("/kiosks/{kiosk_id}/revocation", status_code=201)
def revoke(hub: ServedHub, officer: FleetOperator, kiosk_id: str) -> dict[str, Any]:
    """Refuse everything the kiosk says from now on, for good; its certificate is revoked at the broker's CA."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise UnknownThing(f"There is no kiosk {kiosk_id[:63]}.")
        if kiosk.revoked_at is None:
            kiosk.revoked_at = now
            audit.append(session, at=now, who=officer.login, what=audit.Act.KIOSK_REVOKED, subject=kiosk.id)
    return {"id": kiosk.id, "revoked_at": kiosk.revoked_at}
