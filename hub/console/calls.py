"""The counter calls numbers: each act names the ticket that the officer has in mind, so a repeated one changes nothing.

What a counter does is in `hub.queue.counter`.
"""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import Caller, ServedHub
from hub.queue import counter
from hub.store.tables import QueueTicket

router = APIRouter(prefix="/api/counters/{desk}")

Desk = Annotated[str, InPath(max_length=40)]
_Ticket = Annotated[str, Field(max_length=26)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSaid:
    """A ticket after the act."""

    id: str
    number: str
    state: str
    calls: int

    @classmethod
    def of(cls, row: QueueTicket) -> Self:
        """Return it as told."""
        return cls(id=row.id, number=row.number, state=row.state, calls=row.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSaid:
    """Who is at the counter now; None where nobody waits."""

    ticket: TicketSaid | None


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AfterForm(_Form):
    """Who is at the counter, blank where nobody is."""

    after: _Ticket = ""


class TicketForm(_Form):
    """Whom the act is about."""

    ticket: _Ticket


class TransferForm(TicketForm):
    """Whom to send on, and to which service."""

    service: Annotated[str, Field(max_length=12)]


@router.post("/next")
def call_next(hub: ServedHub, officer: Caller, desk: Desk, form: AfterForm) -> NextSaid:
    """Finish who is there and call the next; asked again it says who was called."""
    called = counter.call_next(hub, desk, form.after)
    return NextSaid(ticket=TicketSaid.of(called) if called else None)


@router.post("/recall")
def recall(hub: ServedHub, officer: Caller, desk: Desk, form: TicketForm) -> TicketSaid:
    """Call once more."""
    return TicketSaid.of(counter.recall(hub, desk, form.ticket))


@router.post("/skip")
def skip(hub: ServedHub, officer: Caller, desk: Desk, form: TicketForm) -> TicketSaid:
    """Pass over who does not come; after two calls."""
    return TicketSaid.of(counter.skip(hub, desk, form.ticket))


@router.post("/finish")
def finish(hub: ServedHub, officer: Caller, desk: Desk, form: TicketForm) -> TicketSaid:
    """End the case and call nobody yet."""
    return TicketSaid.of(counter.finish(hub, desk, form.ticket))


@router.post("/transfer")
def transfer(hub: ServedHub, officer: Caller, desk: Desk, form: TransferForm) -> TicketSaid:
    """Send who is there to another service."""
    return TicketSaid.of(counter.transfer(hub, desk, form.ticket, form.service))


@router.post("/return")
def bring_back(hub: ServedHub, officer: Caller, desk: Desk, form: TicketForm) -> TicketSaid:
    """Take who was passed over, and is here now, back into the line; once."""
    return TicketSaid.of(counter.bring_back(hub, form.ticket))
