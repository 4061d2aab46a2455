"""What can go wrong between host and board.

BridgeError
├── PortLost              the serial port is not there, or has gone
│   └── PortTaken         another program holds it
├── BoardSilent           no answer in time; a command may have been done or not
├── BoardRestarted        the session ended before the answer; a command may have been done or not
├── OtherProtocol         the firmware speaks another version
└── CommandRefused        the board did not do it
    ├── LeaseRunOut       the board rests, because the host was silent
    ├── PartNotReady      the part is absent, starting or faulty
    ├── NothingThere      no note in escrow, no sale, no such key
    ├── PartBusy          the part is at something else
    ├── JournalFull       too many events wait for confirmation
    └── CommandInvalid    unknown command or value out of range

Commands that move money carry a key or are bound to the note in escrow, so they may be repeated.
"""

from typing import ClassVar

from firmware_bridge.protocol import Code


class BridgeError(Exception):
    """The board can't do what was asked; the text names cause and remedy."""

    remedy: ClassVar[str]

    def __init__(self, cause: str) -> None:
        super().__init__(f"{cause}. {self.remedy}.")


class PortLost(BridgeError):
    """The serial port is not there, or has gone."""

    remedy = "Check the board's USB cable and the port's name in kiosk.toml"


class PortTaken(PortLost):
    """Another program holds the serial port."""

    remedy = "Stop that program first (the kiosk: `systemctl stop tram-agent`; any: `fuser -v` and the port)"


class BoardSilent(BridgeError):
    """No answer came in time."""

    remedy = "Check the board's power; if its lamp is lit, flash it with `tram provision firmware`"


class BoardRestarted(BridgeError):
    """The board was reset, or forgot the session, before it answered."""

    remedy = "Repeat the command; if it happens again, check the board's supply voltage"


class OtherProtocol(BridgeError):
    """The firmware speaks another version of the protocol."""

    remedy = "Flash the firmware of this release with `tram provision firmware`"


class CommandRefused(BridgeError):
    """The board did not do it; nothing has moved."""

    remedy = "See the board's state"


class LeaseRunOut(CommandRefused):
    """The host was silent for two seconds; the board rests."""

    remedy = "Extend the lease, then repeat the command"


class PartNotReady(CommandRefused):
    """The part is absent, starting or faulty."""

    remedy = "Look at the part's state in `tram doctor`; check its cable and power"


class NothingThere(CommandRefused):
    """There is no note in escrow, no card, no sale or no such key."""

    remedy = "Look at the state before deciding; the note or card was taken back"


class PartBusy(CommandRefused):
    """The part is at something else."""

    remedy = "Wait for its event, then repeat the command"


class JournalFull(CommandRefused):
    """Too many events wait for confirmation."""

    remedy = "Confirm the events that the ledger holds"


class CommandInvalid(CommandRefused):
    """The firmware does not know the command, or a value is out of range."""

    remedy = "Flash the firmware of this release with `tram provision firmware`"


REFUSALS: dict[Code, type[CommandRefused]] = {
    Code.NO_LEASE: LeaseRunOut,
    Code.NOT_READY: PartNotReady,
    Code.NOTHING_THERE: NothingThere,
    Code.BUSY: PartBusy,
    Code.FULL: JournalFull,
    Code.BAD: CommandInvalid,
}
