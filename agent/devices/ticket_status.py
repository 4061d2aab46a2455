"""What a ticket printer says of itself: the four answers to DLE EOT, as status and as faults."""

from dataclasses import dataclass
from enum import StrEnum

from agent.devices.errors import (
    TicketCoverOpen,
    TicketCutterJammed,
    TicketPaperOut,
    TicketPrinterError,
    TicketPrinterFailed,
)
from agent.devices.status import DeviceState, DeviceStatus

_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOP = 0x04, 0x20
_CUTTER, _UNRECOVERABLE, _HOT_HEAD = 0x08, 0x20, 0x40
_NEAR_END, _END = 0x0C, 0x60


class Roll(StrEnum):
    """How much paper there is."""

    ENOUGH = "ENOUGH"
    NEAR_END = "NEAR_END"
    OUT = "OUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPrinterStatus(DeviceStatus):
    """State with the roll; None where the printer does not say."""

    roll: Roll | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bytes that answer DLE EOT 1 to 4."""

    printer: int
    cause: int
    error: int
    roll: int

    @property
    def fault(self) -> TicketPrinterError | None:
        """What keeps it from printing; a shut cover is asked for first, since an open one looks like no paper."""
        if self.cause & _COVER_OPEN:
            return TicketCoverOpen()
        if self.cause & _PAPER_STOP or self.roll & _END:
            return TicketPaperOut()
        if self.error & _CUTTER:
            return TicketCutterJammed()
        if self.error & (_UNRECOVERABLE | _HOT_HEAD) or self.printer & _OFFLINE:
            return TicketPrinterFailed(f"it answers {self.printer:02X} {self.cause:02X} {self.error:02X}")
        return None

    @property
    def status(self) -> TicketPrinterStatus:
        """State, roll, remedy."""
        roll = Roll.OUT if self.roll & _END else Roll.NEAR_END if self.roll & _NEAR_END else Roll.ENOUGH
        if fault := self.fault:
            return TicketPrinterStatus.down(fault, roll=roll)
        if roll is Roll.NEAR_END:
            remedy = "Have a roll ready and change it at the next visit"
            return TicketPrinterStatus(
                state=DeviceState.ATTENTION,
                detail="the roll is near its end",
                remedy=remedy,
                roll=roll,
                vi="Cuộn giấy sắp hết. Chuẩn bị cuộn mới và thay sau lượt tới.",
            )
        return TicketPrinterStatus(state=DeviceState.READY, detail="paper is in", roll=roll)
