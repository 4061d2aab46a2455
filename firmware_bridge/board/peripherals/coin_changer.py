"""An MDB coin changer of level 3 with tubes, cash box and alternative payout (address 08h; MDB/ICP 4.2 section 5).

Read in copies that quote the specification (4.3 pages 5-3 to 5-8) and in two implementations: 23 bytes of SETUP, 18 of
TUBE STATUS, deposits 01yyxxxx (00 cash box, 01 tube, 11 rejected) and manual dispenses 1yyyxxxx with the tube's count
behind, slugs 001xxxxx, status 01–0D (02 and 06 at every poll while they last, the others once), options off after a
reset, DISPENSE yyyyxxxx, EXPANSION 00–04, PAYOUT VALUE POLL answering a bare ACK when the payout is over.
General knowledge, to be checked: that PAYOUT STATUS is forgotten once acknowledged and by power loss (hence TUBE STATUS
before and after), that a changer is silent to DISPENSE and PAYOUT while it pays.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from firmware_bridge.board.peripherals.bill_validator import identification, scale_of
from firmware_bridge.board.peripherals.coin_path import CoinFate, CoinPath
from firmware_bridge.board.peripherals.peripheral import POLL_ROOM, VND, Peripheral, mask_of
from firmware_bridge.board.peripherals.record import Place, Record

TUBES_VND = {500: 70, 1_000: 75, 2_000: 60, 5_000: 55}
"""Coins that the machine knows (the State Bank's series of 2003) and the room in their tubes; 0 is no tube.

The scale is one byte (5.3, Z4), so it is 250 and not 500 đồng, and one PAYOUT pays 63,750 đồng at most.
"""

RESET, SETUP, TUBE_STATUS, POLL, COIN_TYPE, DISPENSE, _, EXPANSION = range(8)
LEVER, PAYING, NO_CREDIT, DOUBLE, UNPLUGGED, TUBE_JAM, MISROUTED, JUST_RESET, COIN_JAM = (
    0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x09, 0x0B, 0x0C,
)  # fmt: skip
IDENTIFICATION, FEATURE_ENABLE, PAYOUT, PAYOUT_STATUS, PAYOUT_VALUE_POLL = range(5)
ALTERNATIVE_PAYOUT = 0x00000001
_DEPOSITED, _TUBE, _REJECTED, _DISPENSED, _SLUG, _MOST_SLUGS = 0x40, 0x10, 0x30, 0x90, 0x20, 0x1F
_FAULTS = {CoinFate.NO_CREDIT: NO_CREDIT, CoinFate.JAM: COIN_JAM}


class CoinChanger(Peripheral):
    """Takes coins and pays change out of its tubes."""

    name = "coin_changer"
    address = 0x08
    SIZES: ClassVar[dict[tuple[int, ...], int]] = {
        (RESET,): 0, (SETUP,): 0, (TUBE_STATUS,): 0, (POLL,): 0, (COIN_TYPE,): 4, (DISPENSE,): 1,
        (EXPANSION, IDENTIFICATION): 1, (EXPANSION, FEATURE_ENABLE): 5, (EXPANSION, PAYOUT): 2,
        (EXPANSION, PAYOUT_STATUS): 1, (EXPANSION, PAYOUT_VALUE_POLL): 1,
    }  # fmt: skip

    def __init__(self, record: Record, *, tubes_vnd: Mapping[int, int] | None = None, remembers: bool = True) -> None:
        super().__init__(record, remembers=remembers)
        room = dict(sorted((tubes_vnd or TUBES_VND).items()))
        self._coins, self._scale, self._room = tuple(room), scale_of(tuple(room), 0xFF), room
        self.path = CoinPath(self, room=room, paid_out=self._paid_out)
        self._enabled = self._manual = self._options = 0
        self._plugged = True
        self._paid, self._untold_vnd = Counter[int](), 0
        self._told_status = False
        self._handlers: dict[int, Callable[[bytes], bytes | None]] = {
            RESET: self._reset, SETUP: self._setup, TUBE_STATUS: self._tube_status, POLL: self._poll,
            COIN_TYPE: self._coin_type, DISPENSE: self._dispense, EXPANSION: self._expansion,
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        """Come up disabled, with manual dispensing on."""
        self._default()
        self._paid.clear()
        self.path.wake()

    def answer(self, block: bytes) -> bytes | None:
        """Return the data for a command."""
        self._told_status = False
        return self._handlers[block[0] & 0x07](block[1:])

    def acknowledged(self) -> None:
        """Forget what was told: events, or the status of the payout."""
        super().acknowledged()
        if self._told_status:
            self._paid.clear()

    def look(self) -> dict[str, Any]:
        """Return what a person sees who opens the machine."""
        return {
            "powered": self.powered,
            "tubes": {value: self.path.in_tube(value) for value in self._coins},
            "box": self.record.pieces(self.name, Place.BOX),
            "tray": self.record.pieces(self.name, Place.TRAY),
            "jammed": self.record.pieces(self.name, Place.JAM),
            "tube_jammed": self.path.tube_jammed,
            "paying": self.path.paying,
            "enabled_vnd": [value for index, value in enumerate(self._coins) if self._enabled >> index & 1],
        }

    def insert_coin(self, value_vnd: int) -> str:
        """Put a coin in: "accepted" (it may still go astray), "returned" into the tray, or "stuck" behind a jam."""
        if not self.powered or not self._plugged or self.path.jammed:
            return "stuck"
        if value_vnd not in self._coins:
            self._refuse_slug(value_vnd)
            return "returned"
        if not self._enabled >> self._coins.index(value_vnd) & 1:
            self._refuse(value_vnd)
            return "returned"
        self.path.take_in(value_vnd, self._landed)
        return "accepted"

    def insert_slug(self) -> str:
        """Put something in that is no coin."""
        self.events.count(_SLUG, _MOST_SLUGS)
        return "returned"

    def insert_two_coins(self, value_vnd: int) -> str:
        """Put two coins in so close together that neither can be told; both fall through."""
        for _ in range(2):
            self.path.give_back(value_vnd)
        self.events.tell(DOUBLE)
        return "returned"

    def next_coin(self, fate: CoinFate) -> None:
        """Choose what befalls the next good coin."""
        self.path.fate = fate

    def clear_coin_jam(self) -> dict[int, int]:
        """Take the stuck coin out; return it."""
        return self.move_all("coin", Place.JAM, Place.COLLECTED, "jam cleared")

    def jam_tube(self, jammed: bool = True) -> None:
        """Jam the payout, or free it."""
        self.path.tube_jammed = jammed
        if jammed:
            self.events.tell(TUBE_JAM)

    def plug_acceptor(self, plugged: bool) -> None:
        """Take the coin acceptor out of the changer, or put it back."""
        self._plugged = plugged

    def press_lever(self) -> None:
        """Press the coin return."""
        self.events.tell(LEVER)

    def press_dispense(self, value_vnd: int) -> str:
        """Press the inventory button of a tube: one coin falls, where the master has left the buttons on."""
        kind = self._coins.index(value_vnd)
        if not self._manual >> kind & 1 or not self.path.in_tube(value_vnd):
            return "nothing"
        self.moved("coin", value_vnd, Place.TUBE, Place.TRAY, "dispensed by hand")
        self.events.tell(_DISPENSED | kind, self._shown(value_vnd))
        return "dispensed"

    def fill_tube(self, value_vnd: int, count: int) -> int:
        """Put coins into a tube as a technician; return how many fitted."""
        return self.path.fill(value_vnd, count)

    def empty_tube(self, value_vnd: int) -> int:
        """Take the coins out of a tube as a technician; return how many they were."""
        count = self.path.in_tube(value_vnd)
        if count:
            self.moved("coin", value_vnd, Place.TUBE, Place.COLLECTED, "tube emptied", count=count)
        return count

    def collect_box(self) -> dict[int, int]:
        """Empty the cash box; return what was in it."""
        return self.move_all("coin", Place.BOX, Place.COLLECTED, "cash box emptied")

    def take_coins(self) -> dict[int, int]:
        """Take the coins out of the tray as their owner; return them."""
        return self.move_all("coin", Place.TRAY, Place.TAKEN, "taken by the customer")

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it."""
        own: tuple[Callable[..., Any], ...] = (
            self.insert_coin, self.insert_slug, self.insert_two_coins, self.next_coin, self.clear_coin_jam,
            self.jam_tube, self.plug_acceptor, self.press_lever, self.press_dispense, self.fill_tube,
            self.empty_tube, self.collect_box, self.take_coins,
        )  # fmt: skip
        return super().verbs() | {each.__name__: each for each in own}

    def _refuse_slug(self, value_vnd: int) -> None:
        self.path.give_back(value_vnd)
        self.events.count(_SLUG, _MOST_SLUGS)

    def _refuse(self, value_vnd: int) -> None:
        self.path.give_back(value_vnd)
        kind = self._coins.index(value_vnd)
        self.events.tell(_DEPOSITED | _REJECTED | kind, self._shown(value_vnd))

    def _landed(self, value_vnd: int, place: Place, fate: CoinFate) -> bytes:
        if fate in _FAULTS:
            self.events.tell(_FAULTS[fate])
            return b""
        if fate is CoinFate.MISROUTED:
            self.events.tell(MISROUTED)
        kind, in_tube = self._coins.index(value_vnd), place is Place.TUBE
        return bytes([_DEPOSITED | (_TUBE if in_tube else 0) | kind, self._shown(value_vnd, more=int(in_tube))])

    def _paid_out(self, value_vnd: int) -> None:
        self._paid[value_vnd] += 1
        self._untold_vnd += value_vnd

    def _shown(self, value_vnd: int, *, more: int = 0) -> int:
        return min(self.path.in_tube(value_vnd) + more, 0xFF)

    def _default(self) -> None:
        self._enabled = self._options = 0
        self._manual = 0xFFFF
        self.events.restart(JUST_RESET)

    def _reset(self, _: bytes) -> bytes:
        self._default()
        return b""

    def _setup(self, _: bytes) -> bytes:
        tubes = sum(1 << index for index, value in enumerate(self._coins) if self._room[value])
        credits = bytes(value // self._scale for value in self._coins)
        return b"".join((
            b"\x03", VND, bytes([self._scale]), b"\x00", tubes.to_bytes(2, "big"), credits.ljust(16, b"\x00"),
        ))  # fmt: skip

    def _tube_status(self, _: bytes) -> bytes:
        full = sum(1 << index for index, value in enumerate(self._coins) if self._room[value] and self.path.full(value))
        counts = bytes(self._shown(value) for value in self._coins)
        return full.to_bytes(2, "big") + counts.ljust(16, b"\x00")

    def _poll(self, _: bytes) -> bytes:
        lasting = {PAYING: self.path.paying, UNPLUGGED: not self._plugged}
        states = bytes(code for code, holds in lasting.items() if holds)
        return self.events.offer(POLL_ROOM - len(states)) + states

    def _coin_type(self, data: bytes) -> bytes:
        self._enabled, self._manual = mask_of(data[:2]), mask_of(data[2:])
        return b""

    def _dispense(self, data: bytes) -> bytes | None:
        count, kind = data[0] >> 4, data[0] & 0x0F
        if self.path.paying or kind >= len(self._coins):
            return None
        self._pay([self._coins[kind]] * count)
        return b""

    def _expansion(self, data: bytes) -> bytes | None:
        handlers: dict[int, Callable[[bytes], bytes | None]] = {
            IDENTIFICATION: self._identify, FEATURE_ENABLE: self._enable, PAYOUT: self._payout,
            PAYOUT_STATUS: self._payout_status, PAYOUT_VALUE_POLL: self._payout_value,
        }  # fmt: skip
        return handlers[data[0]](data[1:])

    def _identify(self, _: bytes) -> bytes:
        return identification(b"COINSIM") + ALTERNATIVE_PAYOUT.to_bytes(4, "big")

    def _enable(self, data: bytes) -> bytes:
        self._options = int.from_bytes(data, "big") & ALTERNATIVE_PAYOUT
        return b""

    def _payout(self, data: bytes) -> bytes | None:
        if self.path.paying or not self._options:
            return None
        self._pay(self._coins_for(data[0] * self._scale))
        return b""

    def _pay(self, coins: list[int]) -> None:
        self._paid.clear()
        self._untold_vnd = 0
        self.path.pay(coins)

    def _coins_for(self, amount_vnd: int) -> list[int]:
        coins = list[int]()
        for value in reversed(self._coins):
            count = min(self.path.in_tube(value), amount_vnd // value)
            coins += [value] * count
            amount_vnd -= value * count
        return coins

    def _payout_status(self, _: bytes) -> bytes:
        if self.path.paying:
            return b""
        self._told_status = True
        return bytes(self._paid[value] for value in self._coins)

    def _payout_value(self, _: bytes) -> bytes:
        if not self.path.paying:
            return b""
        told, self._untold_vnd = self._untold_vnd // self._scale, 0
        return bytes([told])
