"""What a citizen sees of a copy when something is not as usual: each fault, what became of paper, images and money."""

import asyncio
from pathlib import Path

import pytest
import zxingcpp
from kiosk_doubles import DEVICE_KEY, ONE_COPY, PRICE_VND, UNREACHABLE, Power, PowerCut, Town
from PIL import Image

from agent.devices.cash_box import CashBox
from agent.devices.errors import ScannerJammed, TicketPaperOut
from agent.journeys import delays
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import MOST_STUMBLES, expire, start
from agent.journeys.values import Order
from agent.screen.view import report, view
from agent.telemetry import telemetry
from contract import vds, voucher
from contract.ids import sha256_hex
from contract.messages import HandedOverFact, PrintedFact, PrintOutcome, PurgedFact, SettledFact, VoucherFact, encode
from contract.seal import from_qr_text
from contract.time_report import Doubt


async def _one_visit(town: Town, order: Order = ONE_COPY) -> Ending:
    async with town.kiosk() as kiosk:
        return await town.visit(kiosk, order)


def _returned_vnd(town: Town) -> int:
    return sum(CashBox(town.folder / "cash.json").look().dispensed_vnd.values())


def _files(town: Town) -> list[str]:
    return sorted(path.name for path in (town.folder / "visits").rglob("*") if path.is_file())


async def test_copy_that_goes_well_is_handed_over_with_change_and_leaves_no_file(town: Town) -> None:
    ending = await _one_visit(town)
    assert (ending.code, ending.money_vi) == ("HANDED_OVER", "Đã trả lại 2.000 đ. Đã thu 3.000 đ.")
    assert ending.register_label == "01, quyển số 01/2026-SCTĐT/BS"
    assert list(town.printer.received.values()) == town.hub.copies
    assert _files(town) == []


async def test_purged_fact_names_the_scan_the_draft_and_the_copy(town: Town) -> None:
    await _one_visit(town)
    (purged,) = town.hub.told(PurgedFact)
    assert {sha256_hex(town.sheets[0]), sha256_hex(town.hub.copies[0])} <= set(purged.sha256)


async def test_journal_and_outbox_of_an_ended_visit_do_not_name_the_requester(town: Town) -> None:
    await _one_visit(town)
    held = b"".join(path.read_bytes() for path in town.folder.glob("ledger.sqlite*"))
    assert b"handed-over" in held and "Nguyễn Văn Mẫu".encode() not in held


async def test_a_clock_that_nobody_vouches_for_ends_the_visit_before_anything_is_taken(town: Town) -> None:
    town.time_source.doubt = Doubt.UNREACHED
    ending = await _one_visit(town)
    assert ending.code == "CLOCK_DOUBTFUL" and "giờ chính xác" in ending.vi and "see a counter" in ending.en
    assert "TCP 4460" in ending.remedy and not town.hub.requests and _files(town) == [] and len(town.notes) == 1


async def test_a_clock_that_is_lost_amid_a_visit_does_not_take_the_copy_from_who_has_paid(town: Town) -> None:
    async with town.kiosk(Power(dies_at=12)) as kiosk:
        with pytest.raises(PowerCut):
            await town.visit(kiosk, ONE_COPY)
    town.time_source.doubt = Doubt.SETTLING
    async with town.kiosk() as kiosk:
        (ending,) = await town.after_restart(kiosk)
    assert ending.code == "HANDED_OVER"


async def test_cancel_before_paying_returns_the_paper_and_takes_no_money(town: Town) -> None:
    town.notes = []
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await kiosk.ledger.journal.cancel(visit.id)
        ending = await town.go_on(kiosk, visit.id)
    assert (ending.code, ending.money_vi) == ("CANCELLED", "Không thu tiền.")
    assert _files(town) == [] and not town.hub.requests


async def test_too_little_money_until_the_deadline_is_returned(town: Town) -> None:
    town.notes = [1_000]
    started = town.clock.monotonic()
    ending = await _one_visit(town)
    assert (ending.code, ending.money_en) == ("NOT_PAID", "1.000 đ returned.")
    assert town.clock.monotonic() - started == pytest.approx(delays.PAY_S, abs=1)
    assert _returned_vnd(town) == 1_000 and not town.hub.requests


async def test_jammed_scanner_ends_with_its_sentence_and_the_technicians_remedy(town: Town) -> None:
    town.scanner_fault = ScannerJammed("sheet 1")
    ending = await _one_visit(town)
    assert ending.code == "NOT_READ" and ScannerJammed.vi in ending.vi
    assert (ending.remedy, ending.fault) == (ScannerJammed.remedy, ScannerJammed.code)
    assert (ending.paper_vi, ending.paper_en) == (ScannerJammed.paper_vi, ScannerJammed.paper_en)
    assert ending.money_en == "Nothing was charged."


async def test_change_that_can_not_come_out_becomes_one_signed_voucher(town: Town, tmp_path: Path) -> None:
    town.dispenser_down, town.keep_for_demo_dir = True, tmp_path / "kept"
    ending = await _one_visit(town)
    assert ending.code == "HANDED_OVER"
    assert ending.money_vi == "Phiếu hoàn tiền 2.000 đ: nhận tiền ở trạm khác hoặc tại quầy. Đã thu 3.000 đ."
    (settled,) = town.hub.told(SettledFact)
    assert (settled.received_vnd, settled.kept_vnd, settled.returned_vnd, settled.voucher_vnd) == (
        5_000,
        3_000,
        0,
        2_000,
    )
    (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "kept" / "voucher.png").convert("L"))
    claim, outer = voucher.decode(from_qr_text(code.text))
    vds.verify(outer, DEVICE_KEY.public_key())
    (told,) = town.hub.told(VoucherFact)
    assert (claim.voucher_id, claim.amount_vnd) == (told.request, told.amount_vnd) == (told.request, 2_000)
    assert [path.name for path in (town.folder / "slips").glob("*voucher-slip.png")]


async def test_voucher_or_refusal_that_does_not_come_out_leaves_its_code_on_the_screen(town: Town) -> None:
    town.dispenser_down, town.ticket_fault, town.hub.verdicts = True, TicketPaperOut(), ["certified", "refused"]
    for code in ("HANDED_OVER", "REFUSED"):
        town.notes = [5_000]
        ending = await _one_visit(town)
        assert ending.code == code and "note or photograph the code" in ending.en


async def test_refusal_is_written_on_a_slip_and_the_money_returned(town: Town, tmp_path: Path) -> None:
    town.hub.verdicts = ["refused"]
    town.keep_for_demo_dir = tmp_path / "kept"
    ending = await _one_visit(town)
    assert ending.code == "REFUSED" and "Có dấu tẩy xóa ở dòng 3." in ending.vi
    assert _returned_vnd(town) == 5_000
    assert _files(town) == ["refusal.png"]
    assert (tmp_path / "kept" / "refusal.png").read_bytes().startswith(b"\x89PNG")


async def test_copy_whose_hash_differs_is_not_printed_and_its_money_goes_to_a_person(town: Town) -> None:
    town.hub.verdicts = ["damaged"]
    ending = await _one_visit(town)
    assert ending.code == "COPY_NOT_RECEIVED" and town.printer.sheets == 0
    (settled,) = town.hub.told(SettledFact)
    assert (settled.kept_vnd, settled.returned_vnd, settled.unknown_vnd) == (0, 2_000, PRICE_VND)


async def test_page_asked_for_again_is_scanned_again_and_asked_under_a_new_id(town: Town) -> None:
    town.hub.verdicts = ["rescan", "certified"]
    ending = await _one_visit(town)
    assert ending.code == "HANDED_OVER"
    assert len(town.hub.requests) == 2 and len(town.hub.told(SettledFact)) == 1


async def test_page_that_nobody_puts_in_again_returns_the_money(town: Town) -> None:
    town.hub.verdicts, town.touches = ["rescan"], ()
    ending = await _one_visit(town)
    assert ending.code == "NOT_RESCANNED" and _returned_vnd(town) == 5_000


async def test_paper_that_runs_out_before_the_first_sheet_is_printed_when_there_is_some(town: Town) -> None:
    town.printer.outcomes = [PrintOutcome.NOT_PRINTED, PrintOutcome.PRINTED]
    ending = await _one_visit(town)
    assert ending.code == "HANDED_OVER" and town.printer.sheets == 1


async def test_printer_that_is_gone_leaves_a_signed_copy_to_collect_and_returns_the_print_cost(town: Town) -> None:
    town.printer.fault = UNREACHABLE
    ending = await _one_visit(town)
    assert ending.code == "COLLECTABLE"
    (settled,) = town.hub.told(SettledFact)
    assert (settled.kept_vnd, settled.returned_vnd) == (2_000, 3_000)
    assert _files(town) == ["copy.pdf", "receipt.png"]


async def test_print_that_nobody_knows_of_goes_to_a_person_and_is_not_repeated(town: Town) -> None:
    town.printer.outcomes = [PrintOutcome.UNKNOWN]
    ending = await _one_visit(town)
    assert ending.code == "PRINT_UNKNOWN" and len(town.printer.received) == 1
    assert [fact.outcome for fact in town.hub.told(PrintedFact)] == [PrintOutcome.UNKNOWN]


async def test_receipt_and_refusal_come_out_of_the_ticket_printer_once(town: Town) -> None:
    town.hub.verdicts = ["certified", "refused"]
    for _ in range(2):
        town.notes = [5_000]
        await _one_visit(town)
    slips = sorted(path.name.split("-", 1)[1] for path in (town.folder / "slips").iterdir())
    assert slips == ["receipt-slip.png", "refusal-slip.png"]


async def test_ticket_printer_without_paper_leaves_the_code_on_the_screen(town: Town) -> None:
    town.ticket_fault = TicketPaperOut()
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        ending = await town.go_on(kiosk, visit.id)
    assert ending.code == "HANDED_OVER"
    assert f"{visit.id[-8:-4]}-{visit.id[-4:]}" in ending.vi and "note or photograph" in ending.en


async def test_sheets_that_nobody_takes_are_not_reported_as_handed_over(town: Town) -> None:
    town.touches = ()
    ending = await _one_visit(town)
    assert ending.code == "NOT_TAKEN" and town.hub.told(HandedOverFact) == []


async def test_electronic_copy_is_kept_for_a_day_and_then_removed(town: Town) -> None:
    async with town.kiosk() as kiosk:
        ending = await town.visit(kiosk, Order(copies=0, electronic=True, requester_name="Nguyễn Văn Mẫu"))
        assert ending.code == "ELECTRONIC" and town.printer.sheets == 0
        assert _files(town) == ["copy.pdf", "link.txt", "receipt.png"]
        town.clock.advance(delays.KEEP_COPY_S + 1)
        await expire(kiosk)
    assert _files(town) == []


async def test_secret_paper_is_not_even_copied_out_for_the_demo(town: Town, tmp_path: Path) -> None:
    town.hub.verdicts, town.sheets = ["rescan"], ["Công văn".encode()]
    town.keep_for_demo_dir = tmp_path / "kept"
    town.sheets_next_time = ["MẬT".encode()]
    ending = await _one_visit(town)
    assert ending.code == "SECRET_PAPER" and _returned_vnd(town) == 5_000
    assert _files(town) == [] and not (tmp_path / "kept").exists()


async def test_visit_that_the_program_fails_over_again_and_again_is_handed_to_a_person(town: Town) -> None:
    class Mistake(RuntimeError):
        """A bug."""

    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        kiosk.desk.read = _raising(Mistake)  # type: ignore[method-assign]
        for _ in range(MOST_STUMBLES):
            with pytest.raises(Mistake):
                await town.go_on(kiosk, visit.id)
        assert (await town.go_on(kiosk, visit.id)).code == "NEEDS_A_PERSON"


def _raising(fault: type[Exception]):  # type: ignore[no-untyped-def]
    async def read(sheet: bytes, *, first: int = 1) -> list[object]:
        raise fault

    return read


async def test_screen_and_report_are_worked_out_from_the_ledger(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await town.go_on(kiosk, visit.id)
        shown, told = await view(kiosk, visit.id), await report(kiosk, visit.id)
    assert shown.step == "end" and shown.quote is not None and shown.quote.total_vnd == PRICE_VND
    assert shown.certified is not None and shown.ending is not None
    assert [step.name for step in told.steps[:5]] == ["scan 1", "read 1", "quote", "open till", "pay"]
    assert all(step.seconds is not None for step in told.steps)


async def test_telemetry_of_a_busy_kiosk_names_devices_and_nobody(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await start(kiosk, ONE_COPY)
        told = await telemetry(kiosk)
    assert [device.name for device in told.devices] == ["scanner", "printer", "cash", "clock", "ticket printer"]
    assert told.vitals["open_visits"] == 1 and b"Nguy" not in encode(told)


async def test_one_who_waits_is_told_the_truth_while_the_kiosk_is_offline(town: Town) -> None:
    town.online = False
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await visit.journal.begin(visit.id, "officer 1", once=False)
        shown = await view(kiosk, visit.id)
    assert shown.vi == "Trạm đang mất kết nối; yêu cầu được giữ lại và sẽ tự gửi khi có mạng."


async def test_second_citizen_waits_until_the_first_has_left_the_screen(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await kiosk.floor.acquire()
        visit = await start(kiosk, ONE_COPY)
        assert await _is_stuck(town, kiosk, visit.id)
        kiosk.floor.release()
        assert (await town.go_on(kiosk, visit.id)).code == "HANDED_OVER"


async def _is_stuck(town: Town, kiosk: Kiosk, visit: str) -> bool:
    try:
        async with asyncio.timeout(0.1):
            await town.go_on(kiosk, visit)
    except TimeoutError:
        return not await kiosk.ledger.journal.steps(visit)
    return False
