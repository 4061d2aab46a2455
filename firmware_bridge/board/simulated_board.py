"""A board in simavr: start it, cut its power, press its reset, look at what it used."""

import asyncio
import signal
from pathlib import Path

import msgspec
from msgspec import Struct

from firmware_bridge.firmware_image import BOOT_ELF, BUILD, ELF, FirmwareNotBuilt

_APPEAR_S = 10.0


class MemoryUse(Struct, frozen=True, kw_only=True):
    """Bytes used; the stack's is the deepest seen in this run."""

    flash: int
    ram_static: int
    ram_stack: int
    ram: int
    simulated_us: int


class SimulatedBoard:
    """One board whose EEPROM and port lie in `folder`; `bus` is the peripherals' socket (LOCKSTEP.md).

    `speed` is how many simulated seconds a second may have at most, 0 as many as it can. With `flash` the board has a
    boot loader, and that file is its flash: blank at first, then what was flashed.
    """

    def __init__(self, folder: Path, *, bus: Path | None = None, flash: Path | None = None, speed: int = 1) -> None:
        self.port = str(folder / "board.pty")
        self.eeprom = folder / "eeprom.bin"
        self.flash, self._bus, self._speed = flash, bus, speed
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Give it power; return when its port is there; raise FirmwareNotBuilt."""
        elf = BOOT_ELF if self.flash else ELF
        arguments = ["--elf", str(elf), "--eeprom", str(self.eeprom), "--pty", self.port, "--speed", str(self._speed)]
        arguments += ["--bus", str(self._bus)] if self._bus else []
        arguments += ["--flash", str(self.flash)] if self.flash else []
        pipe = asyncio.subprocess.PIPE
        try:
            self._process = await asyncio.create_subprocess_exec(str(BUILD / "board"), *arguments, stdout=pipe)
        except FileNotFoundError as fault:
            raise FirmwareNotBuilt("Run `make -C firmware_bridge/firmware all board` first") from fault
        async with asyncio.timeout(_APPEAR_S):
            await self._said(b"ready")

    async def _said(self, word: bytes) -> None:
        out = self._running().stdout
        while out and (line := await out.readline()):
            if line.strip() == word:
                return
        raise FirmwareNotBuilt("The board ended at once; see its message above")

    def reset(self) -> None:
        """Press its reset button; RAM stays."""
        self._running().send_signal(signal.SIGUSR1)

    async def cut_power(self) -> None:
        """Cut its power at this very moment; EEPROM keeps the bytes written so far."""
        process = self._running()
        process.kill()
        await process.wait()

    async def stop(self) -> MemoryUse:
        """End it in order; return what it used."""
        process = self._running()
        process.terminate()
        said, _ = await process.communicate()
        return msgspec.json.decode(said.splitlines()[-1], type=MemoryUse)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("start the board first")
        return self._process
