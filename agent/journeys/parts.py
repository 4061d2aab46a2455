"""What a journey works with: the kiosk's devices, its ledger, its way to the hub, and where it stands."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from agent.desk import ReadingDesk
from agent.devices.board import Board, Device
from agent.devices.cabinet import Cabinet
from agent.devices.cash import Cash
from agent.devices.page_printer import PagePrinter
from agent.devices.scanner import Scanner
from agent.devices.ticket_printer import TicketPrinter
from agent.journeys.till import Till
from agent.journeys.touches import Touches
from agent.ledger.ledger import Ledger
from agent.link.link import Link
from contract.clock import Clock
from contract.messages import LegalMode, Presented
from contract.seal import SealSigner

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a kiosk stands and what it may do there (R3, R4).

    `province` and the print cost make the fee; slips lead citizens to `public_url`, the hub's public pages.
    """

    kiosk: str
    site: str
    province: str
    legal_mode: LegalMode
    legal_decision: str
    presented: Presented
    print_cost_per_page_vnd: int
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """The parts. `floor` belongs to who stands at the screen, `tray` to whose copy is being printed.

    `others` are the devices of [devices.*], by name. `device_signer` signs with the kiosk's own key.
    `keep_for_demo_dir` exists in sets of stand-ins only: artefacts are copied there before they are purged.
    """

    place: Place
    clock: Clock
    ledger: Ledger
    link: Link
    desk: ReadingDesk
    scanner: Scanner
    printer: PagePrinter
    cash: Cash
    tickets: TicketPrinter | None = None
    cabinet: Cabinet | None = None
    others: Mapping[str, Device] = field(default_factory=dict)
    device_signer: SealSigner
    keep_for_demo_dir: Path | None = None
    touches: Touches = field(default_factory=Touches)
    till: Till = field(default_factory=Till)
    floor: asyncio.Lock = field(default_factory=asyncio.Lock)
    tray: asyncio.Lock = field(default_factory=asyncio.Lock)
    board: Board = field(default_factory=Board)

    @property
    def devices(self) -> dict[str, Device]:
        """The devices under the names that telemetry, doctor and dashboard show."""
        return named(
            scanner=self.scanner, printer=self.printer, cash=self.cash, tickets=self.tickets, cabinet=self.cabinet,
            others=self.others,
        )  # fmt: skip

    def device(self, kind: type[T]) -> T | None:
        """Return the device with this capability, as `kiosk.device(CardReader)`; None where the kiosk has none."""
        return next((device for device in self.devices.values() if isinstance(device, kind)), None)


def named(*, others: Mapping[str, Device], tickets: Device | None = None, **parts: Device | None) -> dict[str, Device]:
    """Return devices under the names that people read; a part that the kiosk lacks is left out."""
    there = {**parts, "ticket printer": tickets, **others}
    return {name: device for name, device in there.items() if device}
