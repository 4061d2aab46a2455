"""What the card reader reports, as faults of the table (MDB/ICP 4.2: reader config of 7.4.2, malfunctions of 7.4.4)."""

from typing import Final

from agent.devices.errors import (
    CashlessError,
    PaymentReaderBusy,
    PaymentReaderFailed,
    PaymentReaderKeepsAll,
    PaymentReaderSilent,
)
from firmware_bridge.protocol import DeviceReport, DeviceState, VendReport, VendState

KEEPS_ALL: Final = 0xFE
"""The board's own code for a reader whose config says that it can't restore funds (options bit 0)."""


def fault_of(report: DeviceReport | None) -> CashlessError | None:
    """Return what is the matter with the reader, if anything is."""
    if report is None or report.state is DeviceState.ABSENT:
        return PaymentReaderSilent()
    if report.state is not DeviceState.FAULT:
        return None
    return (
        PaymentReaderKeepsAll() if report.fault == KEEPS_ALL else PaymentReaderFailed(f"It reports {report.fault:02X}h")
    )


def hindrance(report: DeviceReport | None, vend: VendReport | None, *, is_held: bool) -> CashlessError | None:
    """Return why no new sale can be begun now; `is_held` = the sale that the board has in hand was approved."""
    if is_held or (vend and vend.state is VendState.APPROVED):
        return PaymentReaderBusy()
    if report and (report.state is DeviceState.STARTING or vend is None):
        return PaymentReaderSilent("It is being set up")
    return fault_of(report)
