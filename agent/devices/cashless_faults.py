"""What the card reader reports, as faults of the table (MDB/ICP 4.2: reader config of 7.4.2, malfunctions of 7.4.4)."""

from typing import Final

from agent.devices.errors import (
    CardReaderBusy,
    CardReaderFailed,
    CardReaderKeepsAll,
    CardReaderSilent,
    CashlessError,
)
from firmware_bridge.protocol import DeviceReport, DeviceState, VendReport, VendState

KEEPS_ALL: Final = 0xFE
"""The board's own code for a reader whose config says that it can't restore funds (options bit 0)."""


def fault_of(report: DeviceReport | None) -> CashlessError | None:
    """Return what is the matter with the reader, if anything is."""
    if report is None or report.state is DeviceState.ABSENT:
        return CardReaderSilent()
    if report.state is not DeviceState.FAULT:
        return None
    return CardReaderKeepsAll() if report.fault == KEEPS_ALL else CardReaderFailed(f"It reports {report.fault:02X}h")


def hindrance(report: DeviceReport | None, vend: VendReport | None) -> CashlessError | None:
    """Return why no new sale can be begun now."""
    if vend and vend.state is VendState.APPROVED:
        return CardReaderBusy()
    if report and report.state is DeviceState.STARTING:
        return CardReaderSilent("It is being set up")
    return fault_of(report)
