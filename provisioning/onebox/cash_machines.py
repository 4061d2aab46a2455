"""Bill validator, coin changer, card reader and cabinet as one process, and our firmware in simavr as another."""

import fcntl
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from firmware_bridge.board.peripherals.hand import Hand
from firmware_bridge.firmware_image import BUILD, ELF, SOURCES
from provisioning.onebox.child import Child, ChildFailed

_TOOLS = {"make": "make", "avr-gcc": "gcc-avr", "gcc": "gcc"}
_IN_THE_MACHINE = ("tube", "box", "cassette", "collected", "technician")
"""What the machines have of what lies outside them: the technician's place counts below zero what was filled in."""


class CashStandIn:
    """The board answers at `port`; use as a context or start/stop. Money and EEPROM lie in `folder` and stay.

    `speed` is how many simulated seconds a second may have at most, 0 as many as the machine can.
    """

    def __init__(self, folder: Path, *, speed: int = 1) -> None:
        self.folder = folder.resolve()
        self.port = self.folder / "board.pty"
        # A socket's path is limited to 107 bytes, so it does not lie in the caller's folder.
        self._sockets = Path(tempfile.mkdtemp(prefix="tram-cash-"))
        bus, self.control = self._sockets / "bus", self._sockets / "hand"
        record = str(self.folder / "record.jsonl")
        argv = [sys.executable, "-m", "firmware_bridge.board.peripherals", "--record", record]
        self._machines = self._child("machines", [*argv, "--socket", str(bus), "--control", str(self.control)])
        argv = [str(BUILD / "board"), "--elf", str(ELF), "--eeprom", str(self.folder / "eeprom.bin")]
        self._board = self._child("board", [*argv, "--pty", str(self.port), "--bus", str(bus), "--speed", str(speed)])
        self._bus = bus

    def __enter__(self) -> "CashStandIn":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Make what is stale of the firmware and switch everything on; raise ChildFailed."""
        build_firmware()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sockets.mkdir(exist_ok=True)
        self._machines.start(self._bus.exists)
        self.plug_board()

    def stop(self) -> None:
        """Switch everything off."""
        self._board.stop()
        self._machines.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def kill(self) -> None:
        """Pull the plug of machines and board at once."""
        self._board.kill()
        self._machines.kill()

    def plug_board(self) -> None:
        """Put the board's USB cable in, which gives it power."""
        self.port.unlink(missing_ok=True)
        self._board.start(self.port.exists)

    def unplug_board(self) -> None:
        """Pull it, at this very moment; the EEPROM keeps the bytes written so far."""
        self._board.kill()
        self.port.unlink(missing_ok=True)

    def reset_board(self) -> None:
        """Press the board's reset button."""
        self._board.send(signal.SIGUSR1)

    @property
    def board_is_plugged(self) -> bool:
        """Whether the board has power."""
        return self._board.alive

    def do(self, verb: str, **arguments: Any) -> Any:
        """Do a deed at the machines (`Machines.verbs`) and return its result; raise DeedRefused."""
        with Hand(self.control) as hand:
            return hand.do(verb, **arguments)

    def gained_vnd(self) -> int:
        """Return what the machines hold beyond what technicians have put in, by the record of every piece."""
        counts: Mapping[str, int] = self.do("counts")
        return sum(counts[place] for place in _IN_THE_MACHINE)

    def _child(self, name: str, argv: list[str]) -> Child:
        return Child(name, argv, self.folder / f"{name}.log")


def build_firmware() -> None:
    """Make firmware and simulated board where they are stale; raise ChildFailed with the compiler's words."""
    for tool, package in _TOOLS.items():
        if shutil.which(tool) is None:
            raise ChildFailed(f"{tool} is not installed: apt-get install {package}")
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        argv = ["make", "--silent", "-C", str(SOURCES), "all", "board"]
        made = subprocess.run(argv, capture_output=True, text=True, check=False)
    if made.returncode:
        raise ChildFailed(f"the firmware could not be built:\n{made.stdout}{made.stderr}")
