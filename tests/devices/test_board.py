"""One line a device: what, state, since when, remedy; and the self-tests, each on the way that production goes."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from ticket_pictures import receipt

from agent.devices import board
from agent.devices.board import Board
from agent.devices.camera import FolderCamera
from agent.devices.cash import SimulatedCash
from agent.devices.errors import PagePrinterJammed, ScannerCoverOpen, ScannerJammed, TicketCoverOpen
from agent.devices.page_printer import IppPrinter
from agent.devices.scanner import OPTIONS, FolderScanner, SaneScanner, SimulatedScanner, write_sane_config
from agent.devices.status import DeviceState, DeviceStatus
from agent.devices.ticket_printer import EscposTicketPrinter
from contract.clock import Deadline, SimulatedClock, SystemClock
from provisioning.onebox.printer import PrinterStandIn
from provisioning.onebox.ticket_controls import Fault
from provisioning.onebox.ticket_printer import TicketStandIn

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def tickets(tmp_path: Path) -> Iterator[TicketStandIn]:
    with TicketStandIn(tmp_path / "ticket") as machine:
        yield machine


class Hung:
    """A device that never says how it is."""

    async def status(self) -> DeviceStatus:
        await asyncio.Event().wait()
        raise AssertionError


async def test_line_says_since_when_a_state_has_lasted(tmp_path: Path) -> None:
    clock, shown, scanner = SimulatedClock(START), Board(), SimulatedScanner([b"sheet"])
    devices = {"scanner": scanner, "cash": SimulatedCash(tmp_path / "cash.json")}
    await shown.lines(devices, clock)
    clock.advance(60)
    scanner.fault = ScannerJammed()
    jammed, cash = await shown.lines(devices, clock)
    assert (jammed.name, jammed.state, jammed.since) == ("scanner", "DOWN", START + timedelta(seconds=60))
    assert (jammed.detail, jammed.remedy) == ("A sheet is stuck in the feeder", ScannerJammed.remedy)
    assert cash.since == START
    clock.advance(60)
    assert (await shown.lines(devices, clock))[0].since == jammed.since


class Moody:
    """A device in the state that the test wants."""

    def __init__(self) -> None:
        self.state = DeviceState.READY

    async def status(self) -> DeviceStatus:
        return DeviceStatus(state=self.state, detail="as it is")


async def test_device_at_work_is_in_the_state_it_was_in_and_an_earlier_process_is_believed() -> None:
    clock, device = SimulatedClock(START), Moody()
    shown = Board({"moody": ("READY", START - timedelta(days=3))})
    device.state = DeviceState.BUSY
    (line,) = await shown.lines({"moody": device}, clock)
    assert (line.state, line.since) == ("BUSY", START - timedelta(days=3))


async def test_device_that_comes_and_goes_is_unsteady_until_it_has_been_still() -> None:
    clock, device, shown = SimulatedClock(START), Moody(), Board()
    states = [DeviceState.READY, DeviceState.DOWN] * 2 + [DeviceState.READY]
    for state in states:
        device.state = state
        (line,) = await shown.lines({"moody": device}, clock)
        clock.advance(60)
    assert (line.state, line.since) == ("ATTENTION", START + timedelta(seconds=60))
    assert "came and went 4 times" in line.detail and "cable" in line.remedy
    clock.advance(600)
    (line,) = await shown.lines({"moody": device}, clock)
    assert (line.state, line.remedy) == ("READY", "")


async def test_device_that_hangs_is_down_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "ANSWER_S", 0.1)
    hung, fine = await Board().lines({"hung": Hung(), "scanner": SimulatedScanner([])}, SystemClock())
    assert (hung.state, fine.state) == ("DOWN", "READY")
    assert hung.remedy


async def test_self_tests_of_all_devices_come_as_lines(
    tickets: TicketStandIn, printer: PrinterStandIn, tmp_path: Path, need_scanimage: None
) -> None:
    picture = tmp_path / "pictures" / "1.png"
    picture.parent.mkdir()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8)).save(picture)
    page = tmp_path / "page.ppm"
    Image.new("RGB", (248, 351), "white").save(page)
    devices = {
        "scanner": FolderScanner([page], config_dir=write_sane_config(tmp_path / "sane", "pnm")),
        "printer": IppPrinter(printer.uri),
        "ticket printer": EscposTicketPrinter(str(tickets.port), book=tmp_path / "slips.json"),
        "camera": FolderCamera(picture.parent),
        "cash": SimulatedCash(tmp_path / "cash.json"),
    }
    jobs = len(printer.jobs())
    lines = await Board().self_tests(devices, SystemClock())
    assert {line.name: line.state for line in lines} == {**dict.fromkeys(devices, "READY"), "printer": lines[1].state}
    assert lines[1].state in ("READY", "ATTENTION")
    assert "640 × 480" in lines[3].detail
    assert tickets.slips() == [] and len(printer.jobs()) == jobs, "nothing is used up"


async def test_scanner_proves_itself_by_a_small_picture_and_a_feeder_by_its_sensors(
    tmp_path: Path, soon: Deadline, need_scanimage: None
) -> None:
    sane = write_sane_config(tmp_path / "sane", "test")
    glass = await SaneScanner("test:0", config_dir=sane).self_test(soon)
    assert (glass.state, glass.detail.split()[0:3]) == (DeviceState.READY, ["a", "picture", "of"])
    feeder = SaneScanner("test:0", config_dir=sane, feeder=True, paper_sensor="read-limit")
    assert (await feeder.self_test(soon)).detail == "the feeder answers: empty"
    broken = (*OPTIONS, "--read-return-value", "SANE_STATUS_COVER_OPEN")
    found = await SaneScanner("test:0", config_dir=sane, options=broken).self_test(soon)
    assert (found.state, found.remedy) == (DeviceState.DOWN, ScannerCoverOpen.remedy)


async def test_stopped_page_printer_fails_its_self_test(own_printer: PrinterStandIn, soon: Deadline) -> None:
    own_printer.set_stopped("media-jam-error")
    found = await IppPrinter(own_printer.uri).self_test(soon)
    assert (found.state, found.remedy) == (DeviceState.DOWN, PagePrinterJammed.remedy)


@pytest.mark.parametrize("confirm_by", ["process-id", "status"])
async def test_ticket_printer_confirms_without_paper_and_prints_a_slip_only_when_asked(
    tickets: TicketStandIn, tmp_path: Path, soon: Deadline, confirm_by
) -> None:
    printer = EscposTicketPrinter(str(tickets.port), book=tmp_path / "slips.json", confirm_by=confirm_by)
    assert (await printer.self_test(soon)).state is DeviceState.READY
    assert tickets.slips() == []
    for _ in range(2):
        assert (await printer.self_test(soon, receipt())).state is DeviceState.READY
    assert len(tickets.slips()) == 2
    with tickets.fault(Fault.COVER_OPEN):
        assert (await printer.self_test(soon)).remedy == TicketCoverOpen.remedy
