"""What staff see."""

from dataclasses import replace
from datetime import UTC, datetime

from agent.devices.errors import (
    CabinetTampered,
    CardReaderUnreachable,
    DoorOpen,
    NoteJammed,
    PagePrinterPaperOut,
    PaymentReaderFailed,
    TicketCutterJammed,
)
from agent.devices.status import DeviceState, DeviceStatus
from agent.journeys.collection import CitizenAtTheScreen
from agent.ledger.closing import CashReport, Held
from agent.screen.page.activities.staff import DEVICES, Desk
from agent.screen.page.pin_pad import PinHeld
from agent.screen.status import staff_line
from contract.messages import ClosingFact, PrintOutcome

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WHO = "Lê Thị Mẫu"
LINES = (
    staff_line("scanner", DeviceStatus(state=DeviceState.READY, detail="the feeder answers: empty")),
    staff_line("printer", DeviceStatus.of([PagePrinterPaperOut()], state=DeviceState.ATTENTION)),
    staff_line("cash", DeviceStatus.down(NoteJammed("It reports code 05h"))),
)
ALL_LINES = (
    *LINES,
    staff_line("ticket printer", DeviceStatus.down(TicketCutterJammed())),
    staff_line("payment reader", DeviceStatus.down(PaymentReaderFailed())),
    staff_line("cabinet", DeviceStatus.of([DoorOpen(), CabinetTampered()], state=DeviceState.ATTENTION)),
    staff_line("camera", DeviceStatus(state=DeviceState.READY, detail="there, switched off")),
    staff_line("card reader", DeviceStatus.down(CardReaderUnreachable())),
    staff_line("clock", DeviceStatus(state=DeviceState.READY, detail="ntp.example.vn")),
)
REPORT = CashReport(
    since=None, until=NOW, left_before_vnd=200_000, received_vnd=150_000, returned_vnd=20_000, fee_vnd=90_000,
    print_vnd=40_000, vouchers_given_vnd=0, vouchers_taken_vnd=0, unknown_vnd=0, open_vnd=0, expected_vnd=330_000,
    held=Held(tubes_vnd=200_000, cassette_vnd=130_000),
)  # fmt: skip
CLOSING = ClosingFact(
    request="01JDCZ9VXK3M5Q7R9T4T7K9QXM", number=3, collector=WHO, since=None, until=NOW, finished_at=NOW,
    left_before_vnd=200_000, received_vnd=150_000, returned_vnd=20_000, fee_vnd=90_000, print_vnd=40_000,
    vouchers_given_vnd=0, vouchers_taken_vnd=0, unknown_vnd=0, open_vnd=0, expected_vnd=330_000, tubes_vnd=200_000,
    cassette_vnd=130_000, difference_vnd=0, collected_vnd=130_000, left_vnd=200_000,
)  # fmt: skip
DESK = Desk(scene="desk", who=WHO, is_collector=True, is_open=True, lines=LINES)

TABLE = {
    "who": PinHeld.of((WHO, "Trần Văn Thử")),
    "pin": PinHeld(scene="pin", names=(WHO,), who=WHO, pin="1234"),
    "pin-shut": PinHeld(scene="pin", names=(WHO,), who=WHO, refused="shut"),
    "desk": DESK,
    "desk-all": replace(DESK, lines=ALL_LINES),
    "desk-tested": replace(DESK, lines=ALL_LINES, is_tested=True),
    "desk-busy": replace(DESK, lines=(), is_busy=True),
    "desk-shut": replace(DESK, is_open=False, is_collector=False),
    "cash": replace(DESK, scene="cash", report=REPORT),
    "cash-refused": replace(DESK, scene="cash", refused=(CitizenAtTheScreen.vi, CitizenAtTheScreen.remedy)),
    "taking": replace(DESK, scene="taking", report=REPORT),
    "taken": replace(DESK, scene="taken", closing=CLOSING, slip=PrintOutcome.PRINTED),
    "taken-slip-unknown": replace(DESK, scene="taken", closing=CLOSING, slip=PrintOutcome.UNKNOWN),
    "taken-no-slip": replace(DESK, scene="taken", closing=CLOSING),
}
BUILT_KEYS = (
    "staff.who", "staff.pin", *(f"staff.state_{each}" for each in ("ready", "busy", "attention", "down")),
    *(f"staff.device_{each.replace(' ', '_')}" for each in DEVICES),
)  # fmt: skip
