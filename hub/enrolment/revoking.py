"""A kiosk revoked for good in the hub's books: nothing that it says is treated from then on."""

from hub.faults import UnknownThing
from hub.register import shut_out
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Kiosk


def revoke(hub: Hub, kiosk_id: str, who: str) -> Kiosk:
    """Revoke a kiosk, once, and return it; raise UnknownThing. Its certificates: `Devices.revoke`."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise UnknownThing(f"There is no kiosk {kiosk_id[:63]}.")
        if kiosk.revoked_at is None:
            kiosk.revoked_at = now
            shut_out.end_papers(session, kiosk.id, now)
            audit.append(session, at=now, who=who, what=audit.Act.KIOSK_REVOKED, subject=kiosk.id)
    return kiosk
