"""Whether the hub answers, for whoever watches over it."""

from fastapi import APIRouter

from hub.console.access import ServedHub
from hub.store.tables import Issue

router = APIRouter()


@router.get("/health")
def health(hub: ServedHub) -> dict[str, str]:
    """Return that the hub answers and its database can be read."""
    with hub.database.reading() as session:
        session.get(Issue, "")
    return {"status": "ok", "agency": hub.config.agency.name, "now": hub.clock.now().isoformat()}
