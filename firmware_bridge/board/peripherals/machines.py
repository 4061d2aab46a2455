"""All the machines of one kiosk on one bus, one record and one set of verbs."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from firmware_bridge.board.peripherals.bill_validator import BillValidator
from firmware_bridge.board.peripherals.bus import Bus
from firmware_bridge.board.peripherals.cabinet import Cabinet
from firmware_bridge.board.peripherals.cashless import CashlessReader
from firmware_bridge.board.peripherals.coin_changer import TUBES_VND, CoinChanger
from firmware_bridge.board.peripherals.line import Disturbance
from firmware_bridge.board.peripherals.peripheral import Peripheral
from firmware_bridge.board.peripherals.record import Place, Record
from firmware_bridge.board.peripherals.wire import Wire

Device = Literal["bill_validator", "coin_changer", "cashless"]
FIRST_FILL = 30
"""Coins that a new machine has in each tube."""


class Machines:
    """Validator, changer, reader and cabinet as one process runs them; a new record starts with filled tubes."""

    def __init__(self, record: Record, *, remembers: bool = True) -> None:
        self.record, new = record, not record.entries
        self.bills = BillValidator(record, remembers=remembers)
        self.coins = CoinChanger(record, remembers=remembers)
        self.card = CashlessReader(record)
        self.cabinet = Cabinet(record)
        self.bus = Bus((self.bills, self.coins, self.card))
        self.wire = Wire(self.bus, self.cabinet)
        if new:
            for value_vnd in TUBES_VND:
                self.coins.fill_tube(value_vnd, FIRST_FILL)

    @property
    def peripherals(self) -> dict[str, Peripheral]:
        """The machines on the bus by name."""
        return {each.name: each for each in (self.bills, self.coins, self.card)}

    def disturb(self, device: Device, kind: Disturbance, commands: int = 1) -> None:
        """Disturb a machine's line for its next commands."""
        self.bus.lines[self.peripherals[device].address].disturb(kind, commands)

    def power(self, device: Device | Literal["all"], action: Literal["off", "on", "cycle"]) -> None:
        """Cut a machine's power, give it back, or both."""
        for name, each in self.peripherals.items():
            if device in (name, "all"):
                {"off": each.power_off, "on": each.power_on, "cycle": each.power_cycle}[action]()

    def look(self) -> dict[str, Any]:
        """Return what a person sees of each machine."""
        return {name: each.look() for name, each in self.peripherals.items()} | {"cabinet": self.cabinet.look()}

    def counts(self) -> dict[str, int]:
        """Return the đồng in each place by the record: what a proof compares a ledger with."""
        return self.record.sums()

    def tray(self) -> dict[int, int]:
        """Return the pieces that lie in the trays, by value."""
        pieces = Counter[int]()
        for device in (self.bills.name, self.coins.name, self.cabinet.name):
            pieces.update(self.record.pieces(device, Place.TRAY))
        return dict(sorted(pieces.items()))

    def take_tray(self) -> dict[int, int]:
        """Take everything out of the trays as its owner; return it by value."""
        taken = self.tray()
        self.bills.take_notes()
        self.coins.take_coins()
        self.cabinet.empty_tray()
        return taken

    def owed(self) -> list[dict[str, Any]]:
        """Return the credits that machines have not yet got acknowledged."""
        waiting = [entry for name in self.peripherals for entry in self.record.owed(name)]
        return [{"device": entry.device, "code": entry.owes, "seq": entry.seq} for entry in waiting]

    def now_us(self) -> int:
        """Return the machines' time: it stands still while no board is connected."""
        return self.bus.now_us

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return everything that a hand can do, by name; power is `power`, looking is `look`."""
        verbs: dict[str, Callable[..., Any]] = {}
        for each in (self.bills, self.coins, self.card, self.cabinet):
            verbs |= each.verbs()
        own: tuple[Callable[..., Any], ...] = (
            self.disturb, self.power, self.look, self.counts, self.tray, self.take_tray, self.owed, self.now_us,
        )  # fmt: skip
        for power in ("power_off", "power_on", "power_cycle"):
            verbs.pop(power)
        return verbs | {each.__name__: each for each in own}
