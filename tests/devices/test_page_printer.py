"""The IPP client against the real ippeveprinter: printed once, counted, and never called printed on a guess."""

import asyncio
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyipp.enums import IppJobState

from agent.devices.errors import (
    PagePrinterBusy,
    PagePrinterCoverOpen,
    PagePrinterError,
    PagePrinterJammed,
    PagePrinterPaperOut,
    PagePrinterRefused,
    PagePrinterStopped,
    PagePrinterSupplyEmpty,
    PagePrinterUnreachable,
)
from agent.devices.job_book import BookDamaged
from agent.devices.page_printer import IppPrinter, SimulatedPagePrinter
from agent.devices.print_judgement import judge
from agent.devices.printer_status import status_of
from agent.devices.status import DeviceState
from contract.clock import Deadline, SystemClock
from contract.messages import PrintOutcome
from provisioning.onebox.child import ChildFailed
from provisioning.onebox.printer import PrinterStandIn


def blank_pdf(pages: int) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


PDF = blank_pdf(2)


async def test_signed_pdf_arrives_byte_for_byte_and_sheets_are_counted(printer: PrinterStandIn, soon: Deadline) -> None:
    job = await IppPrinter(printer.uri).print_pdf("key-one", PDF, 3, soon)
    assert (job.outcome, job.sheets) == (PrintOutcome.PRINTED, 6)
    assert printer.jobs()[-1].read_bytes() == PDF


async def test_same_key_again_prints_nothing_more(printer: PrinterStandIn, soon: Deadline) -> None:
    first = await IppPrinter(printer.uri).print_pdf("key-twice", PDF, 1, soon)
    before = len(printer.jobs())
    assert await IppPrinter(printer.uri).print_pdf("key-twice", PDF, 1, soon) == first
    assert len(printer.jobs()) == before
    assert await IppPrinter(printer.uri).outcome_of("key-twice") == first


async def test_unknown_key_has_no_outcome(printer: PrinterStandIn) -> None:
    assert await IppPrinter(printer.uri).outcome_of("never-sent") is None


async def test_agent_killed_while_printing_takes_up_the_running_job(printer: PrinterStandIn, soon: Deadline) -> None:
    with printer.fault("hold"):
        task = asyncio.create_task(IppPrinter(printer.uri).print_pdf("key-held", PDF, 1, soon))
        while await IppPrinter(printer.uri).outcome_of("key-held") is None:
            await asyncio.sleep(0.05)
        task.cancel()
        before = len(printer.jobs())
        running = await IppPrinter(printer.uri).outcome_of("key-held")
    assert running is not None
    assert running.outcome is PrintOutcome.UNKNOWN
    again = await IppPrinter(printer.uri).print_pdf("key-held", PDF, 1, soon)
    assert again.outcome is PrintOutcome.PRINTED
    assert len(printer.jobs()) == before


async def test_jam_after_the_first_sheet_is_unknown(printer: PrinterStandIn, soon: Deadline) -> None:
    with printer.fault("jam"):
        job = await IppPrinter(printer.uri).print_pdf("key-jam", PDF, 1, soon)
        status = await IppPrinter(printer.uri).status()
    assert (job.outcome, job.sheets) == (PrintOutcome.UNKNOWN, 1)
    assert status.state is DeviceState.ATTENTION
    assert "stuck sheet" in status.remedy


async def test_job_that_printed_nothing_is_printed_on_retry(printer: PrinterStandIn, soon: Deadline) -> None:
    with printer.fault("refuse"):
        job = await IppPrinter(printer.uri).print_pdf("key-empty", PDF, 1, soon)
    assert job.outcome is PrintOutcome.NOT_PRINTED
    again = await IppPrinter(printer.uri).print_pdf("key-empty", PDF, 1, soon)
    assert (again.outcome, again.sheets) == (PrintOutcome.PRINTED, 2)
    assert await IppPrinter(printer.uri).outcome_of("key-empty") == again


async def test_completed_without_a_count_is_not_taken_for_printed(printer: PrinterStandIn, soon: Deadline) -> None:
    with printer.fault("uncounted"):
        job = await IppPrinter(printer.uri).print_pdf("key-uncounted", PDF, 1, soon)
    assert job.outcome is PrintOutcome.UNKNOWN


async def test_job_that_does_not_end_in_time_is_withdrawn(own_printer: PrinterStandIn) -> None:
    with own_printer.fault("hold"):
        printer = IppPrinter(own_printer.uri)
        job = await printer.print_pdf("key-late", PDF, 1, Deadline.after(SystemClock(), 4))
    assert job.outcome is not PrintOutcome.PRINTED
    assert job.sheets == 0


async def test_printer_that_vanishes_while_printing_leaves_the_outcome_unknown(own_printer: PrinterStandIn) -> None:
    printer, deadline = IppPrinter(own_printer.uri), Deadline.after(SystemClock(), 8)
    with own_printer.fault("hold"):
        task = asyncio.create_task(printer.print_pdf("key-gone", PDF, 1, deadline))
        while await printer.outcome_of("key-gone") is None and not task.done():
            await asyncio.sleep(0.05)
        own_printer.kill()
        assert (await task).outcome is PrintOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("counter", "expected"), [("hold", PrintOutcome.NOT_PRINTED), ("no-counter", PrintOutcome.UNKNOWN)]
)
async def test_job_that_the_printer_forgot_is_judged_by_its_counter_or_unknown(
    own_printer: PrinterStandIn, counter: str, expected: PrintOutcome
) -> None:
    printer, deadline = IppPrinter(own_printer.uri), Deadline.after(SystemClock(), 20)
    own_printer.set_stopped()
    with own_printer.fault(counter):
        (own_printer.folder / "fault").write_text("hold")
        task = asyncio.create_task(printer.print_pdf("key-forgotten", PDF, 1, deadline))
        while await printer._ipp.find("key-forgotten") is None:
            await asyncio.sleep(0.05)
        own_printer.kill()
    own_printer.start()
    assert (await task).outcome is expected
    assert not deadline.passed


async def test_printed_job_that_the_printer_forgot_is_known_by_its_counter_after_a_restart(
    own_printer: PrinterStandIn, tmp_path: Path, soon: Deadline
) -> None:
    book = tmp_path / "jobs.json"
    task = asyncio.create_task(IppPrinter(own_printer.uri, book=book).print_pdf("key-cut", PDF, 2, soon))
    while own_printer.sheets_out < 4:
        await asyncio.sleep(0.02)
    task.cancel()
    own_printer.kill()
    own_printer.start()
    restarted = IppPrinter(own_printer.uri, book=book)
    known = await restarted.outcome_of("key-cut")
    assert known is not None and (known.outcome, known.sheets) == (PrintOutcome.PRINTED, 4)
    assert await restarted.print_pdf("key-cut", PDF, 2, soon) == known
    assert own_printer.sheets_out == 4


async def test_sheets_of_a_later_job_are_not_counted_for_one_that_was_lost(
    own_printer: PrinterStandIn, tmp_path: Path, soon: Deadline
) -> None:
    book = tmp_path / "jobs.json"
    with own_printer.fault("hold"):
        task = asyncio.create_task(IppPrinter(own_printer.uri, book=book).print_pdf("key-lost", PDF, 1, soon))
        while not own_printer.jobs():
            await asyncio.sleep(0.05)
        task.cancel()
        own_printer.kill()
    own_printer.start()
    restarted = IppPrinter(own_printer.uri, book=book)
    assert (await restarted.print_pdf("key-later", PDF, 1, soon)).outcome is PrintOutcome.PRINTED
    lost = await restarted.outcome_of("key-lost")
    assert lost is not None and lost.outcome is PrintOutcome.NOT_PRINTED


def test_damaged_book_is_named_with_a_remedy(tmp_path: Path) -> None:
    book = tmp_path / "jobs.json"
    book.write_text('{"key": "PRINTED"}')
    with pytest.raises(BookDamaged, match=f"{book} .* move the file away"):
        IppPrinter("ipp://localhost:9/ipp/print", book=book)


async def test_lost_answer_is_followed_up_and_prints_once(own_printer: PrinterStandIn, soon: Deadline) -> None:
    printer = IppPrinter(own_printer.uri)
    with own_printer.fault("lose-answer"):
        job = await printer.print_pdf("key-answer", PDF, 1, soon)
    assert (job.outcome, own_printer.sheets_out) == (PrintOutcome.PRINTED, 2)
    assert await printer.print_pdf("key-answer", PDF, 1, soon) == job
    assert own_printer.sheets_out == 2


async def test_lost_request_is_not_printed_and_may_be_sent_again(own_printer: PrinterStandIn, soon: Deadline) -> None:
    printer = IppPrinter(own_printer.uri)
    with own_printer.fault("lose-request"):
        assert (await printer.print_pdf("key-request", PDF, 1, soon)).outcome is PrintOutcome.NOT_PRINTED
    assert (await printer.print_pdf("key-request", PDF, 1, soon)).outcome is PrintOutcome.PRINTED
    assert own_printer.sheets_out == 2


async def test_printer_that_counts_no_job_is_believed_by_its_page_counter(
    own_printer: PrinterStandIn, soon: Deadline
) -> None:
    with own_printer.fault("lazy"):
        job = await IppPrinter(own_printer.uri).print_pdf("key-lazy", PDF, 1, soon)
    assert (job.outcome, job.sheets) == (PrintOutcome.PRINTED, 2)


async def test_aborted_job_whose_sheet_the_counter_saw_is_not_printed_again(
    own_printer: PrinterStandIn, soon: Deadline
) -> None:
    printer = IppPrinter(own_printer.uri)
    with own_printer.fault("torn"):
        assert (await printer.print_pdf("key-torn", PDF, 1, soon)).outcome is PrintOutcome.UNKNOWN
    assert (await printer.print_pdf("key-torn", PDF, 1, soon)).outcome is PrintOutcome.UNKNOWN
    assert own_printer.sheets_out == 1


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("media-jam-error", PagePrinterJammed),
        ("cover-open", PagePrinterCoverOpen),
        ("media-empty-error", PagePrinterPaperOut),
        ("toner-empty-error", PagePrinterSupplyEmpty),
        ("paused", PagePrinterStopped),
    ],
)
async def test_stopped_printer_is_sent_nothing_and_says_why(
    own_printer: PrinterStandIn, soon: Deadline, reason: str, expected: type[PagePrinterError]
) -> None:
    printer = IppPrinter(own_printer.uri)
    own_printer.set_stopped(reason)
    with pytest.raises(expected, match=reason.removesuffix("-error")):
        await printer.print_pdf("key-stopped", PDF, 1, soon)
    status = await printer.status()
    assert status.state is DeviceState.DOWN and status.remedy
    own_printer.set_stopped()
    assert (await printer.print_pdf("key-stopped", PDF, 1, soon)).outcome is PrintOutcome.PRINTED
    assert len(own_printer.jobs()) == 1


async def test_empty_a4_tray_is_an_error_before_anything_is_sent(own_printer: PrinterStandIn, soon: Deadline) -> None:
    own_printer.set_paper(0)
    with pytest.raises(PagePrinterPaperOut):
        await IppPrinter(own_printer.uri).print_pdf("key-paper", PDF, 1, soon)
    own_printer.set_paper(5)
    assert (await IppPrinter(own_printer.uri).print_pdf("key-paper", PDF, 1, soon)).outcome is PrintOutcome.PRINTED


async def test_busy_printer_is_waited_for_and_nothing_is_sent_twice(
    own_printer: PrinterStandIn, soon: Deadline
) -> None:
    printer = IppPrinter(own_printer.uri)
    with own_printer.fault("hold"):
        first = asyncio.create_task(printer.print_pdf("key-first", PDF, 1, soon))
        while await printer.outcome_of("key-first") is None:
            await asyncio.sleep(0.05)
        with pytest.raises(PagePrinterBusy):
            await printer.print_pdf("key-impatient", PDF, 1, Deadline.after(SystemClock(), 3))
        second = asyncio.create_task(printer.print_pdf("key-second", PDF, 1, soon))
        await asyncio.sleep(0.7)
    assert [(await job).outcome for job in (first, second)] == [PrintOutcome.PRINTED] * 2
    assert len(own_printer.jobs()) == 2


async def test_silent_printer_is_an_error_before_anything_is_sent(tmp_path: Path, soon: Deadline) -> None:
    printer = IppPrinter("ipp://localhost:9/ipp/print")
    with pytest.raises(PagePrinterUnreachable, match="power and network"):
        await printer.print_pdf("key", PDF, 1, soon)
    assert (await printer.status()).state is DeviceState.DOWN


async def test_address_that_is_no_printer_is_refused(printer: PrinterStandIn, soon: Deadline) -> None:
    with pytest.raises(PagePrinterRefused):
        await IppPrinter(f"ipp://localhost:{printer.port}/ipp/nothing").print_pdf("key", PDF, 1, soon)


async def test_status_reads_toner_and_paper(printer: PrinterStandIn) -> None:
    printer.set_paper(120)
    status = await IppPrinter(printer.uri).status()
    assert (status.toner_percent, status.tray_sheets) == (75, 120)


@pytest.mark.parametrize(
    ("state", "counted", "moved", "expected"),
    [
        (IppJobState.COMPLETED, 2, 2, PrintOutcome.PRINTED),
        (IppJobState.COMPLETED, 2, None, PrintOutcome.PRINTED),
        (IppJobState.COMPLETED, 1, 2, PrintOutcome.PRINTED),
        (IppJobState.COMPLETED, 1, 1, PrintOutcome.UNKNOWN),
        (IppJobState.COMPLETED, 0, 2, PrintOutcome.PRINTED),
        (IppJobState.COMPLETED, 0, 0, PrintOutcome.UNKNOWN),
        (IppJobState.COMPLETED, 0, None, PrintOutcome.UNKNOWN),
        (IppJobState.ABORTED, 0, 0, PrintOutcome.NOT_PRINTED),
        (IppJobState.ABORTED, 0, None, PrintOutcome.NOT_PRINTED),
        (IppJobState.ABORTED, 0, 1, PrintOutcome.UNKNOWN),
        (IppJobState.CANCELED, 1, None, PrintOutcome.UNKNOWN),
        (IppJobState.PROCESSING, 2, 2, PrintOutcome.UNKNOWN),
        (None, 0, 2, PrintOutcome.PRINTED),
        (None, 0, 0, PrintOutcome.NOT_PRINTED),
        (None, 0, 1, PrintOutcome.UNKNOWN),
        (None, 0, 3, PrintOutcome.UNKNOWN),
        (None, 0, None, PrintOutcome.UNKNOWN),
    ],
)
def test_job_of_two_sheets_is_judged_by_its_own_count_and_the_page_counter(
    state: IppJobState | None, counted: int, moved: int | None, expected: PrintOutcome
) -> None:
    job = None if state is None else {"job-state": state, "job-impressions-completed": counted}
    assert judge(job, expected=2, moved=moved).outcome is expected


def test_low_toner_asks_for_attention() -> None:
    supply = "index=1;class=supplyThatIsConsumed;type=toner;level=7;"
    status = status_of({"printer-state": 3, "printer-state-reasons": "toner-low-warning", "printer-supply": supply})
    assert (status.state, status.toner_percent, status.remedy) == (DeviceState.ATTENTION, 7, "Have toner ready")


def test_taken_port_is_named_before_anything_starts(printer: PrinterStandIn, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="is taken"):
        PrinterStandIn(tmp_path, printer.port).start()


async def test_simulated_printer_keeps_the_promise_of_the_key(soon: Deadline) -> None:
    printer = SimulatedPagePrinter(sheets_each=2)
    printer.next_outcome = PrintOutcome.NOT_PRINTED
    assert (await printer.print_pdf("a", PDF, 1, soon)).sheets == 0
    printer.next_outcome = PrintOutcome.PRINTED
    first = await printer.print_pdf("a", PDF, 2, soon)
    printer.next_outcome = PrintOutcome.UNKNOWN
    assert await printer.print_pdf("a", PDF, 2, soon) == first
    assert first.sheets == 4
