"""What an IPP printer says of itself: state, reasons, toner, paper, counter (RFC 8011 5.4; PWG 5100.13; 5100.22)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.devices.errors import (
    PagePrinterCoverOpen,
    PagePrinterError,
    PagePrinterJammed,
    PagePrinterPaperOut,
    PagePrinterStopped,
    PagePrinterSupplyEmpty,
)
from agent.devices.status import DeviceState, DeviceStatus

Attributes = Mapping[str, Any]

_FAULTS: dict[str, type[PagePrinterError]] = {
    "cover-open": PagePrinterCoverOpen,
    "door-open": PagePrinterCoverOpen,
    "interlock-open": PagePrinterCoverOpen,
    "media-jam": PagePrinterJammed,
    "media-empty": PagePrinterPaperOut,
    "media-needed": PagePrinterPaperOut,
    "input-tray-missing": PagePrinterPaperOut,
    "toner-empty": PagePrinterSupplyEmpty,
    "marker-supply-empty": PagePrinterSupplyEmpty,
    "marker-waste-full": PagePrinterSupplyEmpty,
}
"""Reasons for being stopped, the one to mend first on top."""

_REMEDIES = {
    **{reason: (fault.remedy, f"{fault.cause_vi}. {fault.remedy_vi}") for reason, fault in _FAULTS.items()},
    "toner-low": ("Have toner ready", "Sắp hết mực. Chuẩn bị hộp mực"),
    "marker-supply-low": ("Have toner ready", "Sắp hết mực. Chuẩn bị hộp mực"),
    "marker-waste-almost-full": ("Have a waste toner box ready", "Hộp mực thải sắp đầy. Chuẩn bị hộp mới"),
    "media-low": ("Have A4 paper ready", "Sắp hết giấy A4. Chuẩn bị giấy"),
    "output-area-full": ("Empty the output tray", "Khay ra đã đầy. Lấy hết giấy trong khay"),
    "paused": ("Resume the printer at its panel", "Máy in đang tạm dừng. Cho chạy tiếp trên bảng máy in"),
}
"""What to do, and cause and remedy in Vietnamese."""
_SEVERITIES = ("-error", "-warning", "-report")
_STATES = {3: DeviceState.READY, 4: DeviceState.BUSY, 5: DeviceState.DOWN}
_STOPPED = 5
_LOW_PERCENT = 10
_A4 = {"mediafeed": "29700", "mediaxfeed": "21000"}
_COUNTERS = ("printer-media-sheets-completed", "printer-impressions-completed", "printer-pages-completed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePrinterStatus(DeviceStatus):
    """State with the scarcest toner in percent, sheets in the fullest tray, sheets ever printed, time since power-up.

    None stands for what this printer does not tell.
    """

    toner_percent: int | None = None
    tray_sheets: int | None = None
    sheets_total: int | None = None
    up_time_s: int | None = None


def status_of(attributes: Attributes) -> PagePrinterStatus:
    """Return the status that the printer's attributes spell out."""
    troubles = _troubles(attributes)
    toner = min(_levels(attributes.get("printer-supply"), consumed=True), default=None)
    state = _STATES.get(int(attributes.get("printer-state", _STOPPED)), DeviceState.DOWN)
    if state is not DeviceState.DOWN and (troubles or (toner is not None and toner < _LOW_PERCENT)):
        state = DeviceState.ATTENTION
    known = dict.fromkeys(_REMEDIES[trouble] for trouble in troubles if trouble in _REMEDIES)
    return PagePrinterStatus(
        state=state,
        detail=", ".join(troubles) or str(attributes.get("printer-state-message") or state.lower()),
        remedy="; ".join(remedy for remedy, _ in known),
        vi=" ".join(f"{vi}." for _, vi in known),
        toner_percent=toner,
        tray_sheets=max(_levels(attributes.get("printer-input-tray"), consumed=False), default=None),
        sheets_total=counter_of(attributes),
        up_time_s=attributes.get("printer-up-time"),
    )


def fault_of(attributes: Attributes) -> PagePrinterError | None:
    """Return what keeps the printer from printing now: it has stopped, or its A4 trays are empty.

    A reason alone does not: severities differ from maker to maker, and an empty second tray is no fault.
    """
    troubles = _troubles(attributes)
    if int(attributes.get("printer-state", _STOPPED)) == _STOPPED:
        kind = next((fault for reason, fault in _FAULTS.items() if reason in troubles), PagePrinterStopped)
        return kind(f"the printer says {', '.join(troubles) or attributes.get('printer-state-message')}")
    levels = [int(tray.get("level", -1)) for tray in _parts(attributes.get("printer-input-tray")) if _is_a4(tray)]
    if "media-empty" in troubles and levels and not any(levels):
        return PagePrinterPaperOut("the printer says media-empty and shows no sheet of A4")
    return None


def counter_of(attributes: Attributes) -> int | None:
    """Return the printer's own count of sheets (one-sided: impressions, pages) over its life."""
    return next((int(attributes[name]) for name in _COUNTERS if attributes.get(name) is not None), None)


def _troubles(attributes: Attributes) -> tuple[str, ...]:
    reasons = map(_bare, _listed(attributes.get("printer-state-reasons")))
    return tuple(reason for reason in reasons if reason != "none")


def _bare(reason: str) -> str:
    return next((reason.removesuffix(end) for end in _SEVERITIES if reason.endswith(end)), reason)


def _levels(entries: object, *, consumed: bool) -> Iterator[int]:
    """Yield the known levels; a waste box fills up instead of being consumed, and negative levels mean unknown."""
    for parts in _parts(entries):
        if consumed and parts.get("class") != "supplyThatIsConsumed":
            continue
        level = int(parts.get("level", -1))
        if level >= 0:
            yield level


def _is_a4(tray: Mapping[str, str]) -> bool:
    return all(tray.get(side) == length for side, length in _A4.items())


def _parts(entries: object) -> Iterator[dict[str, str]]:
    for entry in _listed(entries):
        yield dict(part.split("=", 1) for part in entry.split(";") if "=" in part)


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
