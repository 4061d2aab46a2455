"""Slips: one file per key, and no paper is said aloud."""

from pathlib import Path

import pytest

from agent.devices.errors import TicketNotPrinted
from agent.devices.status import DeviceState
from agent.devices.ticket_printer import SimulatedTicketPrinter


async def test_same_key_prints_one_slip(tmp_path: Path) -> None:
    printer = SimulatedTicketPrinter(tmp_path / "slips")
    await printer.print_ticket("visit-1", b"first")
    await printer.print_ticket("visit-1", b"second")
    assert [path.read_bytes() for path in printer.folder.iterdir()] == [b"first"]


async def test_no_paper_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    printer = SimulatedTicketPrinter(tmp_path, paper_out=True)
    with pytest.raises(TicketNotPrinted, match="paper roll"):
        await printer.print_ticket("visit-1", b"slip")
    assert (await printer.status()).state is DeviceState.DOWN
    assert not list(tmp_path.iterdir())


async def test_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(TicketNotPrinted):
        await SimulatedTicketPrinter(tmp_path / "slips").print_ticket("../slip", b"slip")
    assert not (tmp_path / "slip.png").exists()
