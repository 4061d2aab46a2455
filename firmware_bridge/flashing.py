"""Putting a firmware image into the board: asked of its application, done by avrdude with its boot loader, then proven.

FlashingError
├── FlasherMissing     avrdude is not installed
├── NoBoardThere       neither a firmware nor a boot loader answers
├── BoardBusy          money or motor moves, or the kiosk is at work with the board
├── MoneyUnbooked      events of money wait until the kiosk's ledger holds them
├── NoWayIn            the firmware there knows no boot loader
├── WrongChip          another chip than the image is for
├── FlashingBroken     it broke off, or the flash reads otherwise than the image
└── NotRunning         flashed, but the board does not come back with this build
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import (
    BoardRestarted,
    BoardSilent,
    BridgeError,
    CommandInvalid,
    JournalFull,
    OtherProtocol,
    PartBusy,
)
from firmware_bridge.image import Image
from firmware_bridge.protocol import EnterBoot, Identity, NoteState
from firmware_bridge.serial_line import BAUD, SerialLine

PART = "m1284p"
KNOCK_S = 15.0
"""So long a technician has to press the reset button of a board that answers nothing."""

_SYNC, _IN_SYNC = b"0 ", b"\x14\x10"
_KNOCK_EVERY_S = 0.4  # the boot loader drops half a command in half that time, and the reset button gives it 0.5 s
_SILENT_S = 8.0
_LOOK_S = 0.5
_QUIET_S = 0.6
_BACK_S = 10.0
_REST_S = 4.0
_RETRY_S = 0.5

Say = Callable[[str], None]


class FlashingError(Exception):
    """The board was not flashed; the text names cause and remedy."""

    remedy: ClassVar[str]

    def __init__(self, cause: str) -> None:
        super().__init__(f"{cause}. {self.remedy}.")


class FlasherMissing(FlashingError):
    """The program avrdude is not installed."""

    remedy = "Install it: apt-get install avrdude"


class NoBoardThere(FlashingError):
    """Neither a firmware nor a boot loader answers."""

    remedy = (
        "Check the board's power and the port's name, and press its reset button while the command knocks; a chip "
        "without a boot loader gets one by a programmer: avrdude -c usbasp -p m1284p -U flash:w:build/firmware/boot.hex"
    )


class BoardBusy(FlashingError):
    """The kiosk is at work with the board, or money or motor moves."""

    remedy = "Stop the kiosk (`systemctl stop tram-agent`), wait until notes and coins are at rest, then repeat"


class MoneyUnbooked(FlashingError):
    """Events of money wait until the kiosk's ledger holds them."""

    remedy = "Start the kiosk, which books them within seconds, stop it, then repeat; nothing of them is lost meanwhile"


class NoWayIn(FlashingError):
    """The firmware there knows no boot loader."""

    remedy = (
        "Press the board's reset button while the command knocks, or flash boot loader and firmware by a programmer"
    )


class WrongChip(FlashingError):
    """The board carries another chip."""

    remedy = "Check the port's name: this is not Trạm's control board (ATmega1284P)"


class FlashingBroken(FlashingError):
    """The flashing broke off, or what was written reads otherwise."""

    remedy = "Repeat the command; the boot loader waits. If it breaks off again, change the cable or the board's supply"


class NotRunning(FlashingError):
    """The flash holds the image, but the board does not answer with its build."""

    remedy = "Switch the board off and on; if it stays silent, repeat the command with --force"


async def identity(port: str) -> Identity | None:
    """Return what the board says it is; None where no firmware of this protocol answers. Raise PortLost."""
    try:
        async with await Bridge.open(port) as bridge:
            return bridge.identity
    except (BoardSilent, OtherProtocol):
        return None


async def flash(port: str, path: Path, image: Image, say: Say, *, answers: bool) -> None:
    """Put `image`, which lies in `path`, into the board at `port`; raise FlashingError, or BridgeError before it.

    Where the board's firmware `answers` (`identity`), it is asked to hand over; else the boot loader is knocked at.
    """
    if shutil.which("avrdude") is None:
        raise FlasherMissing("avrdude is not here")
    if answers:
        async with await Bridge.open(port) as bridge:
            await _ask_until_at_rest(bridge)
    else:
        say("no firmware of this release answers; knocking at the boot loader: press the board's reset button now")
    await _knock(port)
    say("flashing …")
    await _avrdude(port, path)
    await _prove(port, image)


async def _ask_until_at_rest(bridge: Bridge) -> None:
    """Ask again for as long as a kiosk's last lease, and what it gives back at its end, may take."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _REST_S
    while True:
        try:
            await bridge.send(EnterBoot())
            return
        except PartBusy:
            if loop.time() >= until_s:
                raise BoardBusy(_what_moves(bridge)) from None
        except JournalFull:
            raise MoneyUnbooked(_what_waits(bridge)) from None
        except (BoardSilent, BoardRestarted):
            return  # its answer was lost, or was its last: knocking finds out
        except CommandInvalid:
            raise NoWayIn("The board's firmware is older than the boot loader") from None
        await asyncio.sleep(_RETRY_S)


def _what_moves(bridge: Bridge) -> str:
    note = bridge.state.note
    if note and note.state is not NoteState.NONE:
        return f"A note of {note.value:,} đồng is at the validator ({note.state.name.lower()})"
    return "The board is at work: a kiosk holds it, or money or the motor moves"


def _what_waits(bridge: Bridge) -> str:
    told = bridge.identity
    count = told.last_serial - told.confirmed if told else 0
    return f"{count or 'Some'} events of money on the board are not in the kiosk's ledger yet"


async def _knock(port: str) -> None:
    """Return when the boot loader answers STK500's greeting; raise NoBoardThere."""
    loop = asyncio.get_running_loop()
    until_s, heard = loop.time() + KNOCK_S, bytearray()
    line = SerialLine(port, heard.extend, lambda fault: None)
    try:
        while _IN_SYNC not in heard:
            if loop.time() >= until_s:
                raise NoBoardThere(f"Nothing answers on {port}")
            line.write(_SYNC)
            await asyncio.sleep(_KNOCK_EVERY_S)
        count = 0
        while count != len(heard):  # answers to knocks that came late would be avrdude's first
            count = len(heard)
            await asyncio.sleep(_QUIET_S)
    finally:
        line.close()


async def _avrdude(port: str, path: Path) -> None:
    arguments = ["-c", "arduino", "-p", PART, "-P", port, "-b", str(BAUD), "-D", "-x", "attempts=2"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "avrdude", *arguments, "-U", f"flash:w:{path}:i", stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    speaking, going = asyncio.create_task(_all_said(process)), asyncio.create_task(_gone(Path(port)))
    try:
        await asyncio.wait((speaking, going), return_when=asyncio.FIRST_COMPLETED)
        if not speaking.done():
            raise FlashingBroken(f"The port {port} has gone")
        said = speaking.result()
    except TimeoutError:
        raise FlashingBroken(f"Nothing moved for {_SILENT_S:.0f} s") from None
    finally:
        speaking.cancel()
        going.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise _fault(said)


async def _all_said(process: asyncio.subprocess.Process) -> str:
    """Return what avrdude says; raise TimeoutError where it stands still."""
    said = b""
    assert process.stdout
    while more := await asyncio.wait_for(process.stdout.read(1000), _SILENT_S):
        said += more
    await process.wait()
    return said.decode(errors="replace")


async def _gone(port: Path) -> None:
    """Return when the port is not there any more; avrdude would try it for minutes."""
    while True:
        await asyncio.sleep(_LOOK_S)
        if not await asyncio.to_thread(port.exists):
            return


def _fault(said: str) -> FlashingError:
    if "expected signature" in said.lower():
        return WrongChip("The chip's signature is not the ATmega1284P's")
    errors = [line.removeprefix("avrdude error: ") for line in said.splitlines() if line.startswith("avrdude error")]
    return FlashingBroken(f"avrdude says: {errors[0] if errors else said.strip()[-200:]}".rstrip("."))


async def _prove(port: str, image: Image) -> None:
    loop = asyncio.get_running_loop()
    until_s, build = loop.time() + _BACK_S, None
    while build != image.build:
        if loop.time() >= until_s:
            there = "nothing" if build is None else f"build {build:08x}"
            raise NotRunning(f"Build {image.build:08x} was flashed, and {there} answers")
        with suppress(BridgeError):
            build = told.build if (told := await identity(port)) else None
