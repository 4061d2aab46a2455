"""What the devices are called in what people read."""

from collections.abc import Mapping

from agent.devices.board import Device
from agent.devices.cash import NoCash


def named(
    *,
    others: Mapping[str, Device],
    cashless: Device | None = None,
    tickets: Device | None = None,
    **parts: Device | None,
) -> dict[str, Device]:
    """Return devices under the names that people read; a part that the kiosk lacks is left out."""
    there = {**parts, "payment reader": cashless, "ticket printer": tickets, **others}
    return {name: device for name, device in there.items() if device and not isinstance(device, NoCash)}
