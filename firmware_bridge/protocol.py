"""The wire between host and board: codes and messages.

Made by firmware_bridge/generate.py from protocol.toml; do not edit.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar, Self

VERSION = 2
LEASE_MS = 2000


class FrameKind(IntEnum):
    """What a frame is for."""

    SYN = 1
    """Host opens a session; body Hello."""
    SYN_ACK = 2
    """Board agrees; body Identity."""
    RST = 3
    """Board has no such session."""
    DATA = 4
    """One message, numbered; repeated until its ACK comes."""
    ACK = 5
    """The DATA of this number was taken."""


class Capability(IntFlag):
    """What a board can do."""

    NOTES = 1
    """Bill validator 30h."""
    COINS = 2
    """Coin changer 08h."""
    CASHLESS = 4
    """Cashless reader 10h."""
    PULSE = 8
    """Pulse coin acceptor."""
    MOTOR = 16
    """Dispenser motor."""
    LAMP = 32
    """Lamp ring."""
    LOCK = 64
    """Door lock."""


class EventKind(IntEnum):
    """What became of money; each is an event with a serial, kept in EEPROM until the host confirms it."""

    COIN_TUBE = 1
    """Coin taken, lies in a tube; source = coin type."""
    COIN_BOX = 2
    """Coin taken, lies in the cash box; source = coin type."""
    COIN_PULSED = 3
    """Coin of the pulse acceptor; source = pulses."""
    NOTE_STACKING = 4
    """The order to stack went out; no credit yet; source = note type."""
    NOTE_STACKED = 5
    """Note lies in the cassette: credit; source = note type."""
    NOTE_RETURNED = 6
    """Note was given back; source = note type."""
    PAYOUT_STARTED = 7
    """Coins begin to come out; value = wanted, key = the host's."""
    PAYOUT_DONE = 8
    """Value = what came out by the tubes' own count."""
    COIN_HANDED_OUT = 9
    """Coins taken out by the changer's own buttons; source = coin type."""
    VEND_APPROVED = 10
    """The reader holds the amount; key = the host's."""
    VEND_REFUNDED = 11
    """The reader gave the amount back."""
    VEND_UNKNOWN = 12
    """The reader was reset amid a sale: charged or not, a person must look."""
    NOTE_UNKNOWN = 13
    """Power failed while a note was being stacked and the cassette was changed: a person must look."""
    VEND_COMMITTED = 14
    """The reader was told that the sale is good."""


class Device(IntEnum):
    """The parts that report a state."""

    VALIDATOR = 0
    """Bill validator."""
    CHANGER = 1
    """Coin changer."""
    READER = 2
    """Cashless reader."""
    PULSE_ACCEPTOR = 3
    """Pulse coin acceptor."""
    MOTOR = 4
    """Dispenser motor."""
    BOARD = 5
    """The board itself."""


class DeviceState(IntEnum):
    """How far a part can be used."""

    ABSENT = 0
    """Does not answer."""
    STARTING = 1
    """Being reset and set up."""
    INHIBITED = 2
    """Ready, takes nothing."""
    ACCEPTING = 3
    """Ready, takes money."""
    BUSY = 4
    """Money or motor moves, or a sale is under way."""
    FAULT = 5
    """Cannot work; `fault` is its own code."""


class NoteState(IntEnum):
    """Where the note at the validator is."""

    NONE = 0
    """No note."""
    ESCROW = 1
    """Held; the host decides."""
    STACKING = 2
    """On its way into the cassette."""
    RETURNING = 3
    """On its way back."""


class VendState(IntEnum):
    """Where the cashless sale is."""

    OFF = 0
    """Reader takes no card."""
    IDLE = 1
    """Waits for a card."""
    SESSION = 2
    """A card is there, no sale."""
    ASKED = 3
    """Sale asked for."""
    APPROVED = 4
    """Amount held; the host commits or refunds."""
    DENIED = 5
    """Sale refused."""
    ENDING = 6
    """Being closed."""


class Code(IntEnum):
    """How the board took a command."""

    OK = 0
    """Done, or begun."""
    NO_LEASE = 1
    """The lease has run out; extend it first."""
    NOT_READY = 2
    """The part is absent, starting or faulty."""
    NOTHING_THERE = 3
    """No note in escrow, no sale, no such key."""
    BUSY = 4
    """The part is at something else."""
    FULL = 5
    """Too many events wait for confirmation."""
    BAD = 6
    """Unknown command or value out of range."""


class Escrow(IntEnum):
    """What to do with the note in escrow."""

    RETURN = 0
    """Give it back."""
    STACK = 1
    """Take it for good."""


class NoticeKind(IntEnum):
    """Passing remarks that move no money; lost when nobody listens."""

    LEASE_LOST = 1
    """The host was silent; all is in the safe state."""
    NOTE_REJECTED = 2
    """Validator pushed a note back; detail = its code."""
    SLUG = 3
    """Something that is no coin; detail = how many."""
    RETURN_LEVER = 4
    """The changer's return lever was pressed."""
    COIN_TROUBLE = 5
    """Changer's remark; detail = its code."""
    MOTOR_DONE = 6
    """The dispenser has made its turns."""
    MOTOR_JAMMED = 7
    """The dispenser did not come home in time, or the door was opened."""
    REPEATED_EVENT = 8
    """A part told the same event again; it was not counted."""
    CASHLESS_TROUBLE = 9
    """Reader's malfunction; detail = its code."""
    WATCHDOG = 10
    """The board was reset by its watchdog."""


class Message:
    """One message; `pack` and `unpack` turn it into the bytes after its code and back."""

    CODE: ClassVar[int]
    LAYOUT: ClassVar[struct.Struct]

    def pack(self) -> bytes:
        """Return the bytes."""
        raise NotImplementedError

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello(Message):
    """Body of SYN."""

    CODE: ClassVar[int] = 0x00
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI")

    version: int
    nonce: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.version, self.nonce)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        version, nonce = cls.LAYOUT.unpack(body)
        return cls(version=version, nonce=nonce)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Message):
    """Body of SYN_ACK: what the board is and how far its counter of events stands."""

    CODE: ClassVar[int] = 0x00
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BIHIIIB")

    version: int
    build: int
    capabilities: int
    epoch: int
    last_serial: int
    confirmed: int
    reset_cause: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(
            self.version, self.build, self.capabilities, self.epoch, self.last_serial, self.confirmed, self.reset_cause
        )

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        version, build, capabilities, epoch, last_serial, confirmed, reset_cause = cls.LAYOUT.unpack(body)
        return cls(
            version=version,
            build=build,
            capabilities=capabilities,
            epoch=epoch,
            last_serial=last_serial,
            confirmed=confirmed,
            reset_cause=reset_cause,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendLease(Message):
    """Keep the board working for another two seconds."""

    CODE: ClassVar[int] = 0x10
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<B")

    tag: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        (tag,) = cls.LAYOUT.unpack(body)
        return cls(tag=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Message):
    """The host's ledger holds every event up to this serial."""

    CODE: ClassVar[int] = 0x11
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI")

    tag: int = 0
    serial: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.serial)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, serial = cls.LAYOUT.unpack(body)
        return cls(tag=tag, serial=serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptNotes(Message):
    """Let notes of these types in (bit n = type n); 0 inhibits."""

    CODE: ClassVar[int] = 0x12
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BH")

    tag: int = 0
    types: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.types)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, types = cls.LAYOUT.unpack(body)
        return cls(tag=tag, types=types)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCoins(Message):
    """Let coins of these types in; 0 inhibits. `pulse_value` > 0 opens the pulse acceptor too."""

    CODE: ClassVar[int] = 0x13
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BHI")

    tag: int = 0
    types: int
    pulse_value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.types, self.pulse_value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, types, pulse_value = cls.LAYOUT.unpack(body)
        return cls(tag=tag, types=types, pulse_value=pulse_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideNote(Message):
    """Stack or return the note in escrow."""

    CODE: ClassVar[int] = 0x14
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    decision: Escrow

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.decision)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, decision = cls.LAYOUT.unpack(body)
        return cls(tag=tag, decision=Escrow(decision))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispense(Message):
    """Pay out up to `value` from the tubes, once per key."""

    CODE: ClassVar[int] = 0x15
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BII")

    tag: int = 0
    key: int
    value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.key, self.value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, key, value = cls.LAYOUT.unpack(body)
        return cls(tag=tag, key=key, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableCashless(Message):
    """Let the reader take cards, or not."""

    CODE: ClassVar[int] = 0x16
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    enabled: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.enabled)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, enabled = cls.LAYOUT.unpack(body)
        return cls(tag=tag, enabled=enabled)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskVend(Message):
    """Ask the reader for this amount, once per key; it starts when a card is there."""

    CODE: ClassVar[int] = 0x17
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BII")

    tag: int = 0
    key: int
    value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.key, self.value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, key, value = cls.LAYOUT.unpack(body)
        return cls(tag=tag, key=key, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleVend(Message):
    """End the sale of this key: 1 commits it, 0 cancels or refunds it."""

    CODE: ClassVar[int] = 0x18
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BIB")

    tag: int = 0
    key: int
    commit: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.key, self.commit)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, key, commit = cls.LAYOUT.unpack(body)
        return cls(tag=tag, key=key, commit=commit)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLamp(Message):
    """Colour of the lamp ring, and its quarters that shine: 1 left, 2 right, 4 above, 8 below, as it is looked at."""

    CODE: ClassVar[int] = 0x20
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBBBB")

    tag: int = 0
    red: int
    green: int
    blue: int
    quarters: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.red, self.green, self.blue, self.quarters)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, red, green, blue, quarters = cls.LAYOUT.unpack(body)
        return cls(tag=tag, red=red, green=green, blue=blue, quarters=quarters)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLock(Message):
    """1 holds the bolt back, 0 locks."""

    CODE: ClassVar[int] = 0x21
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    unlocked: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.unlocked)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, unlocked = cls.LAYOUT.unpack(body)
        return cls(tag=tag, unlocked=unlocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFan(Message):
    """Fan speed; it needs no lease."""

    CODE: ClassVar[int] = 0x22
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    speed: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.speed)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, speed = cls.LAYOUT.unpack(body)
        return cls(tag=tag, speed=speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMotor(Message):
    """Turn the dispenser; 0 turns stops it."""

    CODE: ClassVar[int] = 0x23
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBH")

    tag: int = 0
    turns: int
    limit_ms: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.turns, self.limit_ms)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, turns, limit_ms = cls.LAYOUT.unpack(body)
        return cls(tag=tag, turns=turns, limit_ms=limit_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterBoot(Message):
    """Hand over to the boot loader; BUSY while anything moves or the lease is held, FULL while an event waits."""

    CODE: ClassVar[int] = 0x24
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<B")

    tag: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        (tag,) = cls.LAYOUT.unpack(body)
        return cls(tag=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDenominations(Message):
    """Ask for a part's table of values; answered by Denominations, then Result."""

    CODE: ClassVar[int] = 0x30
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    device: Device

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.device)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, device = cls.LAYOUT.unpack(body)
        return cls(tag=tag, device=Device(device))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTubes(Message):
    """Ask for the tubes' levels; answered by Tubes, then Result."""

    CODE: ClassVar[int] = 0x31
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<B")

    tag: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        (tag,) = cls.LAYOUT.unpack(body)
        return cls(tag=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskState(Message):
    """Have every state told again."""

    CODE: ClassVar[int] = 0x32
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<B")

    tag: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        (tag,) = cls.LAYOUT.unpack(body)
        return cls(tag=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo(Message):
    """Nothing but a round trip."""

    CODE: ClassVar[int] = 0x33
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BI")

    tag: int = 0
    value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, value = cls.LAYOUT.unpack(body)
        return cls(tag=tag, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Message):
    """Answers the command with this tag."""

    CODE: ClassVar[int] = 0x80
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB")

    tag: int = 0
    code: Code

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.code)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, code = cls.LAYOUT.unpack(body)
        return cls(tag=tag, code=Code(code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Message):
    """Money moved; told until it is confirmed. Serials rise by one within an epoch."""

    CODE: ClassVar[int] = 0x81
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<IBBIII")

    serial: int
    kind: EventKind
    source: int
    value: int
    key: int
    detail: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.serial, self.kind, self.source, self.value, self.key, self.detail)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        serial, kind, source, value, key, detail = cls.LAYOUT.unpack(body)
        return cls(serial=serial, kind=EventKind(kind), source=source, value=value, key=key, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReport(Message):
    """State of a part; told when it changes."""

    CODE: ClassVar[int] = 0x82
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBB")

    device: Device
    state: DeviceState
    fault: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.device, self.state, self.fault)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        device, state, fault = cls.LAYOUT.unpack(body)
        return cls(device=Device(device), state=DeviceState(state), fault=fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReport(Message):
    """The note at the validator; told when it changes."""

    CODE: ClassVar[int] = 0x83
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBI")

    state: NoteState
    source: int
    value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.state, self.source, self.value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        state, source, value = cls.LAYOUT.unpack(body)
        return cls(state=NoteState(state), source=source, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendReport(Message):
    """The cashless sale; told when it changes."""

    CODE: ClassVar[int] = 0x84
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BII")

    state: VendState
    key: int
    value: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.state, self.key, self.value)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        state, key, value = cls.LAYOUT.unpack(body)
        return cls(state=VendState(state), key=key, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors(Message):
    """Levels of the inputs, 1 = open, tampered with, present, pressed; told when one changes."""

    CODE: ClassVar[int] = 0x85
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBBBB")

    door: int
    tamper: int
    paper: int
    button: int
    unlocked: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.door, self.tamper, self.paper, self.button, self.unlocked)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        door, tamper, paper, button, unlocked = cls.LAYOUT.unpack(body)
        return cls(door=door, tamper=tamper, paper=paper, button=button, unlocked=unlocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Message):
    """A passing remark."""

    CODE: ClassVar[int] = 0x86
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BBB")

    device: Device
    kind: NoticeKind
    detail: int

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.device, self.kind, self.detail)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        device, kind, detail = cls.LAYOUT.unpack(body)
        return cls(device=Device(device), kind=NoticeKind(kind), detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominations(Message):
    """Value of each type in the currency's smallest unit (đồng); 0 = no such type."""

    CODE: ClassVar[int] = 0x87
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BB16I")

    tag: int = 0
    device: Device
    values: tuple[int, ...]

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.device, *self.values)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, device, *values = cls.LAYOUT.unpack(body)
        return cls(tag=tag, device=Device(device), values=tuple(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tubes(Message):
    """Coins in each tube, and which tubes are full (bit n = type n)."""

    CODE: ClassVar[int] = 0x88
    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<BH16B")

    tag: int = 0
    full: int
    counts: tuple[int, ...]

    def pack(self) -> bytes:
        """Return the bytes."""
        return self.LAYOUT.pack(self.tag, self.full, *self.counts)

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        tag, full, *counts = cls.LAYOUT.unpack(body)
        return cls(tag=tag, full=full, counts=tuple(counts))


Command = (
    ExtendLease
    | Confirm
    | AcceptNotes
    | AcceptCoins
    | DecideNote
    | Dispense
    | EnableCashless
    | AskVend
    | SettleVend
    | SetLamp
    | SetLock
    | SetFan
    | RunMotor
    | EnterBoot
    | AskDenominations
    | AskTubes
    | AskState
    | Echo
)

Report = Result | Event | DeviceReport | NoteReport | VendReport | Sensors | Notice | Denominations | Tubes

REPORTS: dict[int, type[Report]] = {
    Result.CODE: Result,
    Event.CODE: Event,
    DeviceReport.CODE: DeviceReport,
    NoteReport.CODE: NoteReport,
    VendReport.CODE: VendReport,
    Sensors.CODE: Sensors,
    Notice.CODE: Notice,
    Denominations.CODE: Denominations,
    Tubes.CODE: Tubes,
}
