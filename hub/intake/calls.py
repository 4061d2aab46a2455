"""A citizen's call for a person: an alert of its own, and whether somebody has taken it up."""

from contract.messages import HelpRequest, HelpStands, HelpTaken, Reply, RequestEnvelope
from hub.fleet import alerts
from hub.intake import answers
from hub.intake.answers import Outgoing
from hub.rooms import Hub
from hub.store.tables import Kiosk, Officer

HELP = "help"
_REMEDY = "Go there, or telephone; then take the call up here, so that the screen says so."


def take(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return how the call stands; its first coming raises the alert."""
    body = envelope.body
    assert isinstance(body, HelpRequest)
    with hub.database.writing() as session:
        detail = f"{kiosk.site}; the screen shows {body.scene}"
        row = alerts.call(session, kiosk.id, envelope.id, (detail, _REMEDY), hub.clock.now())
        said: Reply = HelpStands()
        if row.acknowledged_by is not None and row.acknowledged_at is not None:
            role = session.get_one(Officer, row.acknowledged_by).role
            said = HelpTaken(role=role, at=row.acknowledged_at)
    return [answers.reply(hub.clock, kiosk.id, HELP, envelope.id, said)]
