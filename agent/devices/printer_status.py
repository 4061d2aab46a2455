"""What an IPP printer says of itself: state, reasons, toner, paper (RFC 8011 5.4; PWG 5100.13 printer-supply)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.devices.status import DeviceState, DeviceStatus

_REMEDIES = {
    "media-empty": "Put A4 paper in the tray",
    "media-needed": "Put A4 paper in the tray",
    "media-jam": "Take the stuck sheet out and shut the printer",
    "toner-empty": "Replace the toner",
    "toner-low": "Have toner ready",
    "marker-supply-empty": "Replace the toner",
    "marker-supply-low": "Have toner ready",
    "cover-open": "Shut the printer's cover",
    "door-open": "Shut the printer's door",
    "paused": "Resume the printer at its panel",
}
_SEVERITIES = ("-error", "-warning", "-report")
_STATES = {3: DeviceState.READY, 4: DeviceState.BUSY, 5: DeviceState.DOWN}
_LOW_PERCENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePrinterStatus(DeviceStatus):
    """State with the scarcest toner in percent, sheets in the fullest tray, sheets ever printed, time since power-up.

    None stands for what this printer does not tell.
    """

    toner_percent: int | None = None
    tray_sheets: int | None = None
    sheets_total: int | None = None
    up_time_s: int | None = None


def status_of(attributes: Mapping[str, Any]) -> PagePrinterStatus:
    """Return the status that the printer's attributes spell out."""
    reasons = tuple(map(_bare, _listed(attributes.get("printer-state-reasons"))))
    troubles = tuple(reason for reason in reasons if reason != "none")
    toner = min(_levels(attributes.get("printer-supply"), consumed=True), default=None)
    state = _STATES.get(int(attributes.get("printer-state", 5)), DeviceState.DOWN)
    if state is not DeviceState.DOWN and (troubles or (toner is not None and toner < _LOW_PERCENT)):
        state = DeviceState.ATTENTION
    return PagePrinterStatus(
        state=state,
        detail=", ".join(troubles) or str(attributes.get("printer-state-message") or state.lower()),
        remedy="; ".join(dict.fromkeys(_REMEDIES[trouble] for trouble in troubles if trouble in _REMEDIES)),
        toner_percent=toner,
        tray_sheets=max(_levels(attributes.get("printer-input-tray"), consumed=False), default=None),
        sheets_total=attributes.get("printer-media-sheets-completed")
        or attributes.get("printer-impressions-completed"),
        up_time_s=attributes.get("printer-up-time"),
    )


def _bare(reason: str) -> str:
    return next((reason.removesuffix(end) for end in _SEVERITIES if reason.endswith(end)), reason)


def _levels(entries: object, *, consumed: bool) -> Iterator[int]:
    """Yield the known levels; a waste box fills up instead of being consumed, and negative levels mean unknown."""
    for entry in _listed(entries):
        parts = dict(part.split("=", 1) for part in entry.split(";") if "=" in part)
        if consumed and parts.get("class") != "supplyThatIsConsumed":
            continue
        level = int(parts.get("level", -1))
        if level >= 0:
            yield level


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
