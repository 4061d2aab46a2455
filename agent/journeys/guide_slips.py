"""A procedure on paper: what to bring, its fee, time, place and legal basis, from the catalogue in force."""

import asyncio

from agent.copies.guide_slip import GuideSlip, render
from agent.journeys.delays import SLIP_S
from agent.journeys.parts import Kiosk
from contract.catalogue import Procedure
from contract.clock import Deadline
from contract.messages import PrintOutcome


def address(kiosk: Kiosk, procedure: Procedure) -> str:
    """Return the public address of a procedure."""
    return f"{kiosk.place.public_url}/tthc/{procedure.code}"


async def print_procedure(kiosk: Kiosk, key: str, procedure: Procedure) -> PrintOutcome:
    """Print a procedure's slip, once for each key; return what is known of the paper.

    The key is the ticket printer's own (see TicketPrinter.print_ticket). Raise TicketPrinterError where nothing was
    sent. The kiosk must have a ticket printer.
    """
    assert kiosk.tickets is not None
    slip = GuideSlip(
        kiosk=kiosk.place.kiosk,
        site=kiosk.place.site,
        when=kiosk.clock.now(),
        procedure=procedure,
        catalogue=kiosk.guide.catalogue,
        url=address(kiosk, procedure),
    )
    png = await asyncio.to_thread(render, slip)
    return await kiosk.tickets.print_ticket(key, png, Deadline.after(kiosk.clock, SLIP_S))
