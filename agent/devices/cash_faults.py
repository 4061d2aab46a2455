"""What validator and changer report, as faults of the table (MDB/ICP 4.2: POLL status of 5.3 and 6.3)."""

from collections.abc import Mapping

from agent.devices.errors import (
    CashError,
    ChangerFailed,
    ChangerSilent,
    CoinJammed,
    CoinSlotOut,
    NoteCassetteOut,
    NoteJammed,
    NotesFailed,
    NotesSilent,
)
from firmware_bridge.protocol import Device, DeviceReport, DeviceState

JAMMED, CASSETTE_OUT, FRAUD = 0x05, 0x08, 0x0C
"""The validator's codes for a stuck note, a missing cassette, and a note that somebody pulls back."""

_USABLE = (DeviceState.INHIBITED, DeviceState.ACCEPTING, DeviceState.BUSY)
_SILENT: Mapping[Device, type[CashError]] = {Device.VALIDATOR: NotesSilent, Device.CHANGER: ChangerSilent}
_FAILED: Mapping[Device, type[CashError]] = {Device.VALIDATOR: NotesFailed, Device.CHANGER: ChangerFailed}
_NAMED: Mapping[tuple[Device, int], type[CashError]] = {
    (Device.VALIDATOR, JAMMED): NoteJammed,
    (Device.VALIDATOR, CASSETTE_OUT): NoteCassetteOut,
    (Device.CHANGER, 0x06): CoinSlotOut,
    (Device.CHANGER, 0x07): CoinJammed,
    (Device.CHANGER, 0x0C): CoinJammed,
}


def is_usable(report: DeviceReport | None) -> bool:
    """Whether the part can take money."""
    return report is not None and report.state in _USABLE


def is_cassette_out(report: DeviceReport) -> bool:
    """Whether the note cassette is not in its place, so that its count begins anew."""
    is_fault = report.state is DeviceState.FAULT
    return is_fault and (report.device, report.fault) == (Device.VALIDATOR, CASSETTE_OUT)


def fault_of(part: Device, report: DeviceReport | None) -> CashError | None:
    """Return what is the matter with validator or changer, if anything is."""
    if is_usable(report):
        return None
    if report is None or report.state is not DeviceState.FAULT:
        return _SILENT[part]()
    return _NAMED.get((part, report.fault), _FAILED[part])(f"It reports code {report.fault:02X}h")
