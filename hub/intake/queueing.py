"""Queue numbers that kiosks have given, and people who report at them."""

from contract.ids import sha256_hex
from contract.messages import CheckInRequest, RequestEnvelope, TicketRequest
from hub.faults import QueueFault, UnknownThing
from hub.intake import answers
from hub.intake.answers import Outgoing
from hub.intake.refusals import CheckInRefused, NoLine, ReplayedId
from hub.queue import line
from hub.queue.check_in import check_in as report
from hub.rooms import Hub
from hub.store.tables import Kiosk, QueueTicket

TICKET, CHECK_IN = "ticket", "check-in"


def take(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope, payload: bytes) -> list[Outgoing]:
    """Record a number once and return how it stood then; raise NoLine or ReplayedId."""
    body = envelope.body
    assert isinstance(body, TicketRequest)
    _require_line(hub)
    with hub.database.writing() as session:
        ticket = session.get(QueueTicket, envelope.id)
        if ticket is None:
            ticket = line.issued(kiosk.id, envelope.id, body, sha256_hex(payload), hub.clock.now())
            line.take_in(hub, session, ticket)
        _require_same(kiosk, ticket, payload)
    return [answers.reply(hub.clock, kiosk.id, TICKET, envelope.id, line.queued(ticket))]


def check_in(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope, payload: bytes) -> list[Outgoing]:
    """Let somebody report once and return how the ticket stands; raise NoLine, ReplayedId or CheckInRefused."""
    body = envelope.body
    assert isinstance(body, CheckInRequest)
    _require_line(hub)
    with hub.database.writing() as session:
        known = session.get(QueueTicket, envelope.id)
        if known is not None:
            _require_same(kiosk, known, payload)
        try:
            said = report(hub, session, kiosk.id, envelope.id, body, sha256_hex(payload))
        except (QueueFault, UnknownThing) as fault:
            raise CheckInRefused(fault) from fault
    return [answers.reply(hub.clock, kiosk.id, CHECK_IN, envelope.id, said)]


def _require_line(hub: Hub) -> None:
    if not hub.config.queue.services:
        raise NoLine("The hub calls no numbers.")


def _require_same(kiosk: Kiosk, ticket: QueueTicket, payload: bytes) -> None:
    if (ticket.kiosk, ticket.body_sha256) != (kiosk.id, sha256_hex(payload)):
        raise ReplayedId(f"The id {ticket.id} was used before for another number.")
