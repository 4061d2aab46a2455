"""Tờ ngăn: the kiosk prints separator sheets for a dossier that is put in as one stack."""

import asyncio
from collections.abc import Sequence

from agent.copies import separator
from agent.devices.errors import PagePrinterError
from agent.journeys.delays import PRINT_S
from agent.journeys.parts import Kiosk
from contract.clock import Deadline
from contract.dossiers import Component, Procedure
from contract.ids import new_ulid
from contract.messages import PrintOutcome


async def print_sheets(kiosk: Kiosk, procedure: Procedure, components: Sequence[Component]) -> PrintOutcome:
    """Print one sheet for each component, on one side, as the printer prints copies; return what is known of them.

    The sheets wait for a copy that is being printed.
    """
    pdf = await asyncio.to_thread(separator.sheets, procedure, components, two_sided=False)
    async with kiosk.tray:
        key = f"separators-{new_ulid(kiosk.clock.now())}"
        try:
            return (await kiosk.printer.print_pdf(key, pdf, 1, Deadline.after(kiosk.clock, PRINT_S))).outcome
        except PagePrinterError:
            return PrintOutcome.NOT_PRINTED
