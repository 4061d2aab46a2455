"""The package's simulated devices, each with what a Trouble does to it and with its own record of what it really did.

Faults are those that the hardware classes raise in these cases: see each capability's docstring.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from agent.desk import ReadSheet
from agent.devices.cabinet import CabinetStatus, SimulatedCabinet
from agent.devices.cash import CashStatus, Credit, SimulatedCash
from agent.devices.errors import (
    CashUnavailable,
    ControlBoardUnreachable,
    DeviceError,
    DoorOpen,
    NoteJammed,
    PagePrinterJammed,
    PagePrinterUnreachable,
    PayoutUnknown,
    ScannerFailed,
    ScannerJammed,
    ScannerSilent,
    ScannerUnreachable,
    TicketCutterJammed,
    TicketPrinterError,
    TicketPrinterUnreachable,
)
from agent.devices.page_printer import PrintJob, SimulatedPagePrinter
from agent.devices.printer_status import PagePrinterStatus
from agent.devices.scanner import SimulatedScanner
from agent.devices.status import DeviceState, DeviceStatus
from agent.devices.ticket_printer import SimulatedTicketPrinter, TicketPrinterStatus
from agent.reading.errors import BrokenImage, DeskCrashed, DeskTooSlow
from agent.reading.values import Understanding
from contract.clock import Deadline
from contract.messages import PrintOutcome
from tests.agent.kiosk_doubles import QuickDesk
from tests.prove.matrix.trouble import Mode, Trouble, until_the_deadline

GONE = (Mode.LOST, Mode.CUT)
PAGE_S = 20.0
"""The desk's patience with one page (DeskSettings)."""
LATE_S = 15.0
"""So late answers a slow cash device; a slow payout needs PAYOUT_S."""
PAYOUT_S = 70.0
UP_TIME_S = 100_000


class Scanner(SimulatedScanner):
    """`stuck` says that a sheet of the original really hangs in the feeder."""

    def __init__(self, sheets: Sequence[bytes], trouble: Trouble) -> None:
        super().__init__(sheets)
        self._trouble, self.stuck = trouble, False

    async def scan(self, deadline: Deadline) -> list[bytes]:
        await self._obey(deadline, ScannerUnreachable())
        scanned = await super().scan(deadline)
        self._trouble.done_by("scanner")
        await self._obey(deadline, ScannerFailed("the picture broke off"))
        return scanned

    async def _obey(self, deadline: Deadline, lost: DeviceError) -> None:
        match self._trouble.mode_of("scanner"):
            case Mode.LOST | Mode.CUT:
                raise lost
            case Mode.JAMMED:
                self.stuck = True
                raise ScannerJammed("sheet 1")
            case Mode.SLOW:
                await until_the_deadline(deadline)
                raise ScannerSilent

    async def status(self) -> DeviceStatus:
        if self._trouble.mode_of("scanner"):
            return DeviceStatus(state=DeviceState.DOWN, detail="in trouble", remedy=ScannerUnreachable.remedy)
        return await super().status()


class Desk(QuickDesk):
    """The reading process: dead, given a picture that can't be decoded, or too slow."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble = trouble

    async def read(self, sheet: bytes, *, first: int = 1) -> list[ReadSheet]:
        await self._obey()
        return await super().read(sheet, first=first)

    async def understand(
        self, sheets: Sequence[ReadSheet], *, declared_pages: int | None = None, today: date | None = None
    ) -> Understanding:
        understood = await super().understand(sheets, declared_pages=declared_pages, today=today)
        self._trouble.done_by("reading")
        await self._obey()
        return understood

    async def _obey(self) -> None:
        match self._trouble.mode_of("reading"):
            case Mode.LOST | Mode.CUT:
                raise DeskCrashed
            case Mode.JAMMED:
                raise BrokenImage
            case Mode.SLOW:
                await asyncio.sleep(PAGE_S)
                raise DeskTooSlow(f"no answer within {PAGE_S:g} s")


class Printer(SimulatedPagePrinter):
    """`sheets` really came out. In the midst of a job it stops after the first sheet, or answers too late."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble, self.sheets = trouble, 0

    async def print_pdf(self, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
        match self._trouble.mode_of("page printer"):
            case Mode.LOST | Mode.CUT:
                raise PagePrinterUnreachable("ipp://printer")
            case Mode.JAMMED:
                raise PagePrinterJammed
            case Mode.SLOW:
                await until_the_deadline(deadline)
                return PrintJob(outcome=PrintOutcome.NOT_PRINTED, sheets=0)  # withdrawn before its first sheet
        known = self._jobs.get(key)
        if known and known.outcome is not PrintOutcome.NOT_PRINTED:
            return known
        self.sheets += 1
        self._jobs[key] = PrintJob(outcome=PrintOutcome.UNKNOWN, sheets=1)
        if self._in_the_midst():
            await until_the_deadline(deadline)
            return self._jobs[key]
        self.sheets += copies - 1
        self._jobs[key] = PrintJob(outcome=PrintOutcome.PRINTED, sheets=copies)
        self.received[key] = pdf
        return self._jobs[key]

    def _in_the_midst(self) -> bool:
        self._trouble.done_by("page printer")
        return self._trouble.mode_of("page printer") is not None

    async def outcome_of(self, key: str) -> PrintJob | None:
        if self._trouble.mode_of("page printer") in GONE:
            raise PagePrinterUnreachable("ipp://printer")
        return await super().outcome_of(key)

    async def self_test(self, deadline: Deadline) -> PagePrinterStatus:
        if self._trouble.mode_of("page printer"):
            fault = PagePrinterJammed()
            return PagePrinterStatus(state=DeviceState.DOWN, detail=fault.cause, remedy=fault.remedy)
        return await self.status()

    async def status(self) -> PagePrinterStatus:
        if self._trouble.mode_of("page printer") in GONE:
            return PagePrinterStatus(state=DeviceState.DOWN, detail="away", remedy=PagePrinterUnreachable.remedy)
        return PagePrinterStatus(state=DeviceState.READY, detail="simulated", up_time_s=UP_TIME_S)


class Tickets(SimulatedTicketPrinter):
    """Slips that came out whole lie in the folder; `begun` is the printer's book, which outlives the kiosk."""

    def __init__(self, folder: Path, trouble: Trouble, begun: dict[str, PrintOutcome]) -> None:
        super().__init__(folder)
        self._trouble, self._begun = trouble, begun

    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        if key in self._begun and self._begun[key] is not PrintOutcome.NOT_PRINTED:
            return self._begun[key]
        match self._trouble.mode_of("ticket printer"):
            case Mode.LOST | Mode.CUT:
                raise TicketPrinterUnreachable
            case Mode.JAMMED:
                raise TicketCutterJammed
            case Mode.SLOW:
                await until_the_deadline(deadline)
                return PrintOutcome.NOT_PRINTED
        self._begun[key] = PrintOutcome.UNKNOWN
        self._trouble.done_by("ticket printer")
        if mode := self._trouble.mode_of("ticket printer"):
            await until_the_deadline(deadline)
            if mode is Mode.SLOW:
                await super().print_ticket(key, png, deadline)
            return PrintOutcome.UNKNOWN
        self._begun[key] = await super().print_ticket(key, png, deadline)
        return self._begun[key]

    async def self_test(self, deadline: Deadline, slip: bytes | None = None) -> TicketPrinterStatus:
        fault = TicketPrinterUnreachable()
        down = TicketPrinterStatus(state=DeviceState.DOWN, detail=fault.cause, remedy=fault.remedy)
        if slip is None:
            return down if self._trouble.mode_of("ticket printer") else await self.status()
        try:
            outcome = await self.print_ticket(f"self-test {deadline.clock.now()}", slip, deadline)
        except TicketPrinterError:
            return down
        return await self.status() if outcome is PrintOutcome.PRINTED else down


class CashMachine(SimulatedCash):
    """Notes and change behind the control board; with the board away the board itself shuts the slots (the lease).

    `doubtful` are notes that hang between slot and cassette; `asked` are payouts begun, which the device's book keeps.
    """

    def __init__(self, path: Path, trouble: Trouble, doubtful: set[int], asked: set[str]) -> None:
        super().__init__(path)
        self._trouble, self._doubtful, self._asked = trouble, doubtful, asked

    def insert(self, value_vnd: int) -> bool:
        """Be given a note by the citizen; return whether it was drawn in."""
        mode = self._trouble.mode_of("cash")
        if mode in (*GONE, Mode.JAMMED) or not self.box.insert(value_vnd):
            return False
        self._trouble.done_by("cash")
        if self._trouble.mode_of("cash") is Mode.JAMMED:
            self._doubtful.add(self.box.look().last_serial)
        return True

    async def accept(self, due_vnd: int) -> None:
        await self._obey()
        await super().accept(due_vnd)

    async def stop_accepting(self) -> None:
        await self._obey()
        await super().stop_accepting()

    async def credits(self, after: int) -> list[Credit]:
        await self._obey()
        known = await super().credits(after)
        return [
            Credit(serial=each.serial, value_vnd=each.value_vnd, certain=each.serial not in self._doubtful)
            for each in known
        ]

    async def confirm(self, serial: int) -> None:
        await self._obey()
        await super().confirm(serial)

    async def epoch(self) -> int:
        await self._obey()
        return await super().epoch()

    async def dispense(self, key: str, amount_vnd: int) -> int:
        if self._trouble.mode_of("cash") in GONE and key in self._asked:
            await asyncio.sleep(PAYOUT_S)
            raise PayoutUnknown("the board has not said what became of it")
        await self._obey()
        if self._trouble.mode_of("cash") is Mode.JAMMED:
            amount_vnd = 0
        elif self._trouble.is_near("cash") and self._trouble.mode is Mode.JAMMED:
            amount_vnd //= 2  # the changer counts what came out before the coin that is stuck
        self._asked.add(key)
        came_vnd = await super().dispense(key, amount_vnd)
        self._trouble.done_by("cash")
        if self._trouble.mode_of("cash") is Mode.LOST:
            raise PayoutUnknown("the tubes were not counted")
        if self._trouble.mode_of("cash") is Mode.SLOW:
            await asyncio.sleep(PAYOUT_S)
        return came_vnd

    async def status(self) -> CashStatus:
        if mode := self._trouble.mode_of("cash"):
            state = DeviceState.DOWN if mode in GONE else DeviceState.ATTENTION
            return CashStatus(state=state, detail="in trouble", remedy=NoteJammed.remedy)
        return await super().status()

    async def _obey(self) -> None:
        match self._trouble.mode_of("cash"):
            case Mode.LOST | Mode.CUT:
                self.box.accept(0)
                raise self._away
            case Mode.SLOW:
                await asyncio.sleep(LATE_S)

    @property
    def _away(self) -> DeviceError:
        return ControlBoardUnreachable() if self._trouble.device == "control board" else CashUnavailable()


class Body(SimulatedCabinet):
    """The cabinet, whose door a technician opens, or whose board is gone."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble = trouble

    async def status(self) -> CabinetStatus:
        match self._trouble.mode_of("cabinet"):
            case None:
                return await super().status()
            case Mode.JAMMED:
                return CabinetStatus(state=DeviceState.ATTENTION, detail="door open", remedy=DoorOpen.remedy)
            case Mode.SLOW:
                await asyncio.sleep(PAYOUT_S)
        return CabinetStatus(state=DeviceState.DOWN, detail="away", remedy=ControlBoardUnreachable.remedy)
