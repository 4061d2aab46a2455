"""What a journey works with: the kiosk's devices, its ledger, its way to the hub, and where it stands."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from agent.catalogue.shelf import Shelf
from agent.desk import ReadingDesk
from agent.devices.board import Board, Device
from agent.devices.cabinet import Cabinet
from agent.devices.cash import Cash, NoCash
from agent.devices.cashless import Cashless
from agent.devices.names import named
from agent.devices.page_printer import PagePrinter
from agent.devices.scanner import Scanner
from agent.devices.ticket_printer import TicketPrinter
from agent.devices.time_source import TimeSource
from agent.journeys.identity_desk import IdentityDesk
from agent.journeys.line import QueueLine
from agent.journeys.pins import Pins
from agent.journeys.service import ServiceDoor
from agent.journeys.till import Till
from agent.journeys.touches import Touches
from agent.journeys.tuning import Tuning
from agent.journeys.values import Way
from agent.ledger.ledger import Ledger
from agent.link.link import Link
from contract.clock import VIETNAM, Clock
from contract.destinations import Channel
from contract.messages import LegalMode, Presented
from contract.postage import NoPostageInForce, Postage, PostalRate, postage
from contract.seal_profile import SealSigner

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a kiosk stands and what it may do there (R3, R4).

    `province` and the print cost make the fee; slips lead citizens to `public_url`, the hub's public pages.
    `help_phone` is whom they may telephone where the kiosk can't call a person itself; empty where there is nobody.
    """

    kiosk: str
    site: str
    province: str
    legal_mode: LegalMode
    legal_decision: str
    presented: Presented
    print_cost_per_page_vnd: int
    public_url: str
    help_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """The parts. `floor` belongs to who stands at the screen, `tray` to whose copy is being printed.
    `fetching` is held while a copy that came late is brought in.

    A kiosk without notes and coins has NoCash; `ways` is what its citizens may choose from.
    One that `digitises` is a digitisation station; one that `asks_vneid` has a code reader, and its hub asks VNeID. It
    `mails` copies where its hub does, and has them posted on the days that `postal_rates` cover; `accounts` are those
    that it sends to, where a chip has proven whose they are.
    `others` are the devices of [devices.*], by name. `device_signer` returns what signs with the kiosk's own
    key, in the name of the certificate that it has now.
    `certificate_until` tells when that key's certificate ends, `contents` what program runs (`contract.genuine`), empty
    where no release made it. `door` says whether new visits are taken, `tuning` is what the hub has set, `guide`
    answers what a procedure needs. `identity` is there where the kiosk may find out who stands before it, `line` where
    it gives numbers. `collectors` may take the cash, `staff` vouch for a citizen.
    `keep_for_demo_dir` exists in sets of stand-ins only: artefacts are copied there before they go.
    """

    place: Place
    clock: Clock
    ledger: Ledger
    link: Link
    desk: ReadingDesk
    scanner: Scanner
    printer: PagePrinter
    time_source: TimeSource
    cash: Cash = field(default_factory=NoCash)
    cashless: Cashless | None = None
    pays_by_transfer: bool = False
    digitises: bool = False
    asks_vneid: bool = False
    mails: bool = False
    accounts: tuple[Channel, ...] = ()
    postal_rates: tuple[PostalRate, ...] = ()
    tickets: TicketPrinter | None = None
    cabinet: Cabinet | None = None
    identity: IdentityDesk | None = None
    line: QueueLine | None = None
    others: Mapping[str, Device] = field(default_factory=dict)
    device_signer: Callable[[], SealSigner]
    certificate_until: Callable[[], datetime]
    contents: Callable[[], bytes] = bytes
    keep_for_demo_dir: Path | None = None
    touches: Touches = field(default_factory=Touches)
    till: Till = field(default_factory=Till)
    floor: asyncio.Lock = field(default_factory=asyncio.Lock)
    tray: asyncio.Lock = field(default_factory=asyncio.Lock)
    fetching: asyncio.Lock = field(default_factory=asyncio.Lock)
    board: Board = field(default_factory=Board)
    door: ServiceDoor = field(default_factory=ServiceDoor)
    tuning: Tuning = field(default_factory=Tuning)
    guide: Shelf = field(default_factory=Shelf)
    collectors: Pins = field(default_factory=Pins)
    staff: Pins = field(default_factory=Pins)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways of paying that this kiosk has, the first of them open without being chosen."""
        set_to = self.tuning.pays_by_transfer
        there = {
            Way.CASH: not isinstance(self.cash, NoCash),
            Way.CARD: self.cashless is not None,
            Way.TRANSFER: self.pays_by_transfer if set_to is None else set_to,
        }
        return tuple(way for way, is_there in there.items() if is_there)

    @property
    def postage(self) -> Postage | None:
        """What it costs to have copies posted today, None where they are not."""
        try:
            return postage(
                self.postal_rates, on=self.clock.now().astimezone(VIETNAM).date(), province=self.place.province
            )
        except NoPostageInForce:
            return None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The ways in which a copy may be sent from here today."""
        there = {Channel.MAIL: self.mails, Channel.POST: self.postage is not None}
        return tuple(channel for channel, is_there in there.items() if is_there)

    @property
    def print_cost_per_page_vnd(self) -> int:
        """What a printed page costs beside the State's fee."""
        set_to = self.tuning.print_cost_per_page_vnd
        return self.place.print_cost_per_page_vnd if set_to is None else set_to

    @property
    def devices(self) -> dict[str, Device]:
        """The devices under the names that telemetry, doctor and dashboard show."""
        return named(
            scanner=self.scanner, printer=self.printer, cash=self.cash, cashless=self.cashless, tickets=self.tickets,
            cabinet=self.cabinet, clock=self.time_source, others=self.others,
        )  # fmt: skip

    def device(self, kind: type[T]) -> T | None:
        """Return the device with this capability, as `kiosk.device(CardReader)`; None where the kiosk has none."""
        return next((device for device in self.devices.values() if isinstance(device, kind)), None)
