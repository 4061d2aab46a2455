"""The ESC/POS class against a printer in its own process: every slip whole, none twice, and no guess about paper."""

import asyncio
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops
from ticket_pictures import ADDRESS, picture_of, receipt

from agent.devices import escpos
from agent.devices.errors import (
    TicketCoverOpen,
    TicketCutterJammed,
    TicketPaperOut,
    TicketPrinterError,
    TicketPrinterFailed,
    TicketPrinterUnreachable,
)
from agent.devices.job_book import JobNote
from agent.devices.status import DeviceState
from agent.devices.ticket_printer import EscposTicketPrinter, SimulatedTicketPrinter
from agent.devices.ticket_status import Roll
from contract.clock import Deadline, SystemClock
from contract.messages import PrintOutcome
from provisioning.onebox.ticket_controls import Fault
from provisioning.onebox.ticket_paper import Interpreter, Paper
from provisioning.onebox.ticket_printer import TicketStandIn

RECEIPT = receipt()
LONG = picture_of(b"\x55" * 72 * 15_000)
"""A slip that takes some seconds, so that what happens meanwhile happens in its middle."""
MODES = ("process-id", "status")


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[TicketStandIn]:
    with TicketStandIn(tmp_path / "ticket") as machine:
        yield machine


@pytest.fixture
def printer(stand_in: TicketStandIn, tmp_path: Path) -> EscposTicketPrinter:
    return EscposTicketPrinter(str(stand_in.port), book=tmp_path / "slips.json")


def within(seconds: float) -> Deadline:
    return Deadline.after(SystemClock(), seconds)


def comes_true(promise, within_s: float = 60.0) -> bool:
    until = time.monotonic() + within_s
    while not promise() and time.monotonic() < until:
        time.sleep(0.02)
    return promise()


@pytest.mark.parametrize("confirm_by", MODES)
async def test_receipt_comes_out_dot_for_dot_and_a_phone_reads_its_code(
    stand_in: TicketStandIn, tmp_path: Path, soon: Deadline, confirm_by
) -> None:
    printer = EscposTicketPrinter(str(stand_in.port), book=tmp_path / "slips.json", confirm_by=confirm_by)
    assert await printer.print_ticket("visit/receipt", RECEIPT, soon) is PrintOutcome.PRINTED
    (slip,) = stand_in.slips()
    printed, drawn = Image.open(slip).convert("L"), Image.open(BytesIO(RECEIPT)).convert("L")
    other = ImageChops.difference(printed.crop((0, 0, *drawn.size)), drawn)
    assert sum(other.histogram()[1:]) <= 5, "more than the dots that keep real-time commands apart"
    assert zxingcpp.read_barcodes(printed)[0].text == ADDRESS
    assert printed.height - drawn.height == 180, "the last row has passed the cutter"


async def test_same_key_prints_one_slip_even_after_a_restart(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, tmp_path: Path, soon: Deadline
) -> None:
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
    restarted = EscposTicketPrinter(str(stand_in.port), book=tmp_path / "slips.json")
    assert await restarted.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
    assert await restarted.print_ticket("b", RECEIPT, soon) is PrintOutcome.PRINTED
    assert len(stand_in.slips()) == 2


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.COVER_OPEN, TicketCoverOpen),
        (Fault.CUTTER_JAM, TicketCutterJammed),
        (Fault.FAILED, TicketPrinterFailed),
        (Fault.SILENT, TicketPrinterUnreachable),
        (Fault.UNPLUGGED, TicketPrinterUnreachable),
    ],
)
async def test_fault_before_the_slip_prints_nothing_and_is_gone_when_mended(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline, fault: Fault, expected
) -> None:
    with stand_in.fault(fault):
        with pytest.raises(expected) as caught:
            await printer.print_ticket("a", RECEIPT, soon)
        status = await printer.status()
        assert (status.state, status.remedy) == (DeviceState.DOWN, expected.remedy)
    assert expected.remedy in str(caught.value) and stand_in.slips() == []
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
    assert len(stand_in.slips()) == 1


async def test_empty_roll_is_an_error_and_a_low_one_asks_for_attention(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline
) -> None:
    stand_in.load_roll(roll_mm=0)
    with pytest.raises(TicketPaperOut):
        await printer.print_ticket("a", RECEIPT, soon)
    assert (await printer.status()).roll is Roll.OUT
    stand_in.load_roll(roll_mm=900)
    status = await printer.status()
    assert (status.state, status.roll) == (DeviceState.ATTENTION, Roll.NEAR_END)
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED


async def test_paper_that_ends_in_the_middle_leaves_no_whole_slip_and_the_next_roll_prints_one(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline
) -> None:
    stand_in.load_roll(roll_mm=40)
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.NOT_PRINTED
    stand_in.load_roll()
    await asyncio.sleep(0.5)
    assert stand_in.slips() == [], "the rest must not come out when nobody waits for it"
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
    assert len(stand_in.slips()) == 1


async def test_printer_that_cannot_name_slips_leaves_a_half_one_unknown_and_never_repeats_it(
    stand_in: TicketStandIn, tmp_path: Path, soon: Deadline
) -> None:
    printer = EscposTicketPrinter(str(stand_in.port), book=tmp_path / "slips.json", confirm_by="status")
    with stand_in.fault(Fault.COVER_OPEN, after_mm=40):
        assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
    assert comes_true(lambda: len(stand_in.slips()) == 1), "this printer has finished it by itself"


@pytest.mark.parametrize(("fault", "at_mm"), [(Fault.CUTTER_JAM, 100), (Fault.COVER_OPEN, 135)])
async def test_whole_slip_that_hangs_in_a_stopped_printer_is_unknown_and_not_printed_again(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline, fault: Fault, at_mm: float
) -> None:
    """135 mm is between the receipt's last row and the cut."""
    with stand_in.fault(fault, after_mm=at_mm):
        assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
        assert (await printer.status()).state is DeviceState.DOWN
    assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
    assert comes_true(lambda: len(stand_in.slips()) == 1)


async def test_cable_pulled_in_the_middle_leaves_the_outcome_unknown_for_ever(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, tmp_path: Path, soon: Deadline
) -> None:
    with stand_in.fault(Fault.UNPLUGGED, after_mm=30):
        assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
    restarted = EscposTicketPrinter(str(stand_in.port), book=tmp_path / "slips.json")
    assert await restarted.print_ticket("a", RECEIPT, soon) is PrintOutcome.UNKNOWN
    assert await restarted.print_ticket("b", RECEIPT, soon) is PrintOutcome.PRINTED
    assert zxingcpp.read_barcodes(Image.open(stand_in.slips()[-1]))[0].text == ADDRESS


@pytest.mark.parametrize("confirm_by", MODES)
async def test_agent_killed_in_the_middle_of_the_bytes_does_not_spoil_the_next_slip(
    stand_in: TicketStandIn, tmp_path: Path, soon: Deadline, confirm_by
) -> None:
    book = tmp_path / "slips.json"
    printer = EscposTicketPrinter(str(stand_in.port), book=book, confirm_by=confirm_by)
    with stand_in.port.open("wb", buffering=0) as line:
        line.write(escpos.raster(RECEIPT)[:5000])
    printer._book.begin("before", JobNote())
    assert await printer.print_ticket("after", RECEIPT, soon) is PrintOutcome.PRINTED
    assert zxingcpp.read_barcodes(Image.open(stand_in.slips()[-1]))[0].text == ADDRESS


async def test_slip_that_is_not_out_at_the_deadline_is_withdrawn(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline
) -> None:
    assert await printer.print_ticket("a", LONG, within(2.0)) is PrintOutcome.NOT_PRINTED
    assert await printer.print_ticket("a", LONG, soon) is PrintOutcome.PRINTED
    assert len(stand_in.slips()) == 1


async def test_printer_switched_off_in_the_middle_leaves_the_outcome_unknown(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline
) -> None:
    task = asyncio.create_task(printer.print_ticket("a", LONG, soon))
    while not stand_in.state().torn:
        await asyncio.sleep(0.02)
    assert (await printer.status()).state is DeviceState.BUSY
    stand_in.kill()
    assert await task is PrintOutcome.UNKNOWN
    assert (await printer.status()).state is DeviceState.DOWN


async def test_dots_that_spell_real_time_commands_are_not_obeyed(
    stand_in: TicketStandIn, printer: EscposTicketPrinter, soon: Deadline
) -> None:
    row = (escpos.CLEAR + escpos.ask(1) + b"\x10\x05\x02\x10\x14").ljust(72, b"\x10")
    assert await printer.print_ticket("a", picture_of(row * 64), soon) is PrintOutcome.PRINTED
    assert len(stand_in.slips()) == 1


async def test_address_without_a_printer_is_named(tmp_path: Path, soon: Deadline) -> None:
    for address in (str(tmp_path / "nothing"), "tcp://127.0.0.1:9"):
        printer = EscposTicketPrinter(address, book=tmp_path / "slips.json")
        with pytest.raises(TicketPrinterUnreachable, match=address):
            await printer.print_ticket("a", RECEIPT, soon)
        assert (await printer.status()).state is DeviceState.DOWN


async def test_network_printer_speaks_the_same(tmp_path: Path, soon: Deadline) -> None:
    paper = Paper()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        interpreter = Interpreter(paper, writer.write, lambda: 0)
        while data := await reader.read(65536):
            for subject in (1, 2, 3, 4):
                writer.write(b"\x12" * data.count(escpos.ask(subject)))
            writer.write(escpos.CLEARED * data.count(escpos.CLEAR))
            interpreter.feed(data.replace(escpos.CLEAR, b""))
            while next(interpreter.steps).name != "WAIT_FOR_BYTES":
                pass

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        printer = EscposTicketPrinter(f"tcp://127.0.0.1:{port}", book=tmp_path / "slips.json")
        assert await printer.print_ticket("a", RECEIPT, soon) is PrintOutcome.PRINTED
        paper.save(tmp_path / "slip.png")
    assert zxingcpp.read_barcodes(Image.open(tmp_path / "slip.png"))[0].text == ADDRESS


def test_stand_in_draws_what_python_escpos_writes(tmp_path: Path) -> None:
    """The bytes are python-escpos 3.1's for a 16 × 3 picture and `cut(mode="PART")`."""
    golden = bytes.fromhex("1d76300002000300800010000081" + "1b64061d5601")
    paper = Paper()
    interpreter = Interpreter(paper, lambda _: None, lambda: 0)
    interpreter.feed(golden)
    while next(interpreter.steps).name != "CUT":
        pass
    assert [row[:2] for row in paper.rows[:3]] == [b"\x80\x00", b"\x10\x00", b"\x00\x81"]
    assert escpos.raster(picture_of(b"\x80\x00\x10\x00\x00\x81", width=16)) == golden[:14]


async def test_simulated_printer_writes_each_slip_once_and_raises_the_chosen_fault(
    tmp_path: Path, soon: Deadline
) -> None:
    printer = SimulatedTicketPrinter(tmp_path / "slips")
    for slip in (b"first", b"second"):
        assert await printer.print_ticket("../01KB/receipt", slip, soon) is PrintOutcome.PRINTED
    assert [path.read_bytes() for path in printer.folder.iterdir()] == [b"first"]
    printer.fault = TicketPaperOut()
    with pytest.raises(TicketPrinterError):
        await printer.print_ticket("other", b"slip", soon)
    assert (await printer.status()).state is DeviceState.DOWN
