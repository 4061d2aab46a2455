"""The short form of `make prove-print`."""

import random

from provisioning.onebox.child import free_port
from provisioning.onebox.printer import PrinterStandIn
from provisioning.onebox.ticket_printer import TicketStandIn
from tests.prove import printing


async def test_page_printer_that_flaps_prints_no_sheet_twice_and_claims_none_that_was_not(tmp_path):
    with PrinterStandIn(tmp_path / "printer", free_port()) as printer:
        seen = await printing.sheets(printer, tmp_path, 6, random.Random(1))
    assert sum(seen.values()) == 6


async def test_ticket_printer_that_flaps_prints_no_slip_twice_and_claims_none_that_was_not(tmp_path):
    with TicketStandIn(tmp_path / "tickets") as machine:
        seen = await printing.slips(machine, tmp_path, 6, random.Random(1))
    assert sum(seen.values()) == 6
