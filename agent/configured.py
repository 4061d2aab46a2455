"""What kiosk.toml names, made: its devices, and what the kiosk shows to its hub.

Apart from the kiosk itself, so that whoever looks at the devices alone loads no more than these.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agent.config import Config, HubSection, build
from agent.devices.board import Device
from agent.devices.cabinet import Cabinet
from agent.devices.cash import Cash
from agent.devices.cashless import Cashless
from agent.devices.control_board import ControlBoard
from agent.devices.names import named
from agent.devices.page_printer import PagePrinter
from agent.devices.scanner import Scanner
from agent.devices.ticket_printer import TicketPrinter
from agent.ledger.ledger import Ledger
from agent.link.device_key import DeviceKey
from agent.link.mqtt import Credentials
from contract.clock import Clock


@asynccontextmanager
async def devices_alone(config: Config, base: Path, ledger: Ledger, clock: Clock) -> AsyncIterator[dict[str, Device]]:
    """Yield the devices by name, as a kiosk works with them, where no kiosk runs; raise SettingsFault."""
    board, devices = devices_of(config, base, clock)
    async with at_work(board, ledger):
        yield named(**devices)


def devices_of(config: Config, base: Path, clock: Clock) -> tuple[ControlBoard | None, dict[str, Any]]:
    """Return the control board, and the devices under the names of the Kiosk's parts."""
    board = ControlBoard(config.board.port, clock) if config.board else None
    given: dict[str, object] = {"clock": clock} | ({"board": board} if board else {})
    kinds: dict[str, tuple[str, type[Device]]] = {
        "scanner": ("scanner", Scanner), "printer": ("printer", PagePrinter), "cash": ("cash", Cash),
        "cashless": ("cashless", Cashless), "tickets": ("ticket_printer", TicketPrinter),
        "cabinet": ("cabinet", Cabinet),
    }  # fmt: skip
    parts: dict[str, Any] = {
        part: build(section, options, kind, base=base, **given)
        for part, (section, kind) in kinds.items()
        if (options := getattr(config, section)) is not None
    }
    parts["others"] = {
        name.replace("_", " "): build(f"devices.{name}", options, Device, base=base, **given)  # type: ignore[type-abstract]
        for name, options in config.devices.items()
    }
    return board, parts


@asynccontextmanager
async def at_work(board: ControlBoard | None, ledger: Ledger) -> AsyncIterator[None]:
    """Keep the board at work while the body lasts and the ledger can write; then notes go back and the door locks."""
    if board is None:
        yield
        return

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(board.run(ledger.answer))
        try:
            yield
        finally:
            running.cancel()


def credentials_of(hub: HubSection) -> Credentials:
    """Return what the kiosk shows to its hub; raise BadCredentials."""
    return Credentials(ca=hub.ca, certificate=hub.certificate, key=DeviceKey.open(hub.key, hub.tpm))
