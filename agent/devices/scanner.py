"""The scanner that takes the original in: SANE, driven as a child process that a deadline can end."""

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.devices.errors import (
    NoOriginal,
    ScannerBusy,
    ScannerCoverOpen,
    ScannerError,
    ScannerFailed,
    ScannerJammed,
    ScannerSilent,
    ScannerUnreachable,
)
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Deadline

OPTIONS = ("--resolution", "300", "--mode", "Color")
"""What every page is scanned with; a stand-in that does not know an option leaves it out."""

_FAULTS: dict[int, type[ScannerError]] = {
    1: ScannerUnreachable,
    3: ScannerBusy,
    6: ScannerJammed,
    7: NoOriginal,
    8: ScannerCoverOpen,
    9: ScannerFailed,
}
"""The exit codes of `scanimage` are SANE status codes (SANE standard 1.06, 4.2.7); 1 is its own: no such device."""

_PNG_START, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_PROBE_S = 5.0


class Scanner(ABC):
    """Turns the sheets that lie in the scanner into pictures."""

    @abstractmethod
    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per sheet, in order; raise a ScannerError, after which no sheet is held back."""

    @abstractmethod
    async def status(self) -> DeviceStatus:
        """Return what telemetry, doctor and dashboard all show."""


class SaneScanner(Scanner):
    """Any scanner that SANE drives; `scanimage` runs in a process of its own, so a hung driver can be ended.

    With `feeder` every sheet in the document feeder is scanned, else the one on the glass. `config_dir` holds SANE's
    own configuration; None takes the machine's.
    """

    def __init__(
        self,
        device: str,
        *,
        config_dir: Path | None = None,
        feeder: bool = False,
        options: Sequence[str] = OPTIONS,
    ) -> None:
        self._device, self._feeder, self._options = device, feeder, tuple(options)
        self._env = {**os.environ, **({"SANE_CONFIG_DIR": str(config_dir)} if config_dir else {})}
        self._one_user = asyncio.Lock()

    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per sheet, in order; raise a ScannerError."""
        async with self._one_user:
            return await self._scan_feeder(deadline) if self._feeder else [await self._scan_sheet(deadline)]

    async def status(self) -> DeviceStatus:
        """Return whether the device opens; a scan that is under way is not disturbed."""
        if self._one_user.locked():
            return DeviceStatus(state=DeviceState.BUSY, detail=f"{self._device} is scanning")
        try:
            async with self._one_user:
                await self._run(["--dont-scan"], _PROBE_S)
        except ScannerError as fault:
            return DeviceStatus(state=DeviceState.DOWN, detail=str(fault), remedy=fault.remedy)
        return DeviceStatus(state=DeviceState.READY, detail=f"{self._device} opens")

    async def _scan_sheet(self, deadline: Deadline, *extra: str) -> bytes:
        picture = await self._run(["--format=png", *self._options, *extra], deadline.remaining_s)
        return _whole(picture)

    async def _scan_feeder(self, deadline: Deadline) -> list[bytes]:
        with TemporaryDirectory(prefix="tram-scan-") as folder:
            await self._run(["--format=png", f"--batch={folder}/%04d.png", *self._options], deadline.remaining_s)
            sheets = _pictures_in(Path(folder))
        if not sheets:
            raise NoOriginal
        return sheets

    async def _run(self, arguments: list[str], timeout_s: float) -> bytes:
        """Return what scanimage wrote; raise what its exit code stands for."""
        child = await self._start(arguments)
        try:
            out, words = await asyncio.wait_for(child.communicate(), timeout_s)
        except TimeoutError:
            raise ScannerSilent(f"{self._device} gave no picture within {timeout_s:.0f} s") from None
        finally:
            await _end(child)
        if child.returncode:
            fault = _FAULTS.get(child.returncode, ScannerFailed)
            raise fault(_last_words(words) or f"scanimage ended with {child.returncode}")
        return out

    async def _start(self, arguments: list[str]) -> asyncio.subprocess.Process:
        pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            return await asyncio.create_subprocess_exec(
                "scanimage", "-d", self._device, *arguments, stdin=none, stdout=pipe, stderr=pipe, env=self._env
            )
        except FileNotFoundError:
            raise ScannerUnreachable("scanimage is not installed") from None


class FolderScanner(SaneScanner):
    """A stand-in that feeds pages (PNM files, 300 dpi) one by one through a real `scanimage` and its pnm backend."""

    def __init__(self, pages: Sequence[Path], *, config_dir: Path) -> None:
        super().__init__("pnm:0", config_dir=config_dir, options=("--resolution", "300"))
        self._pages = tuple(pages)

    def load(self, pages: Sequence[Path]) -> None:
        """Put another paper in."""
        self._pages = tuple(pages)

    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per page; raise NoOriginal when nothing is loaded."""
        if not self._pages:
            raise NoOriginal
        async with self._one_user:
            return [await self._scan_sheet(deadline, "--filename", str(page)) for page in self._pages]


class SimulatedScanner(Scanner):
    """A scanner whose sheets and next fault are chosen by the test."""

    def __init__(self, sheets: Sequence[bytes], *, fault: ScannerError | None = None) -> None:
        self.sheets, self.fault = list(sheets), fault

    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return the sheets, or raise the chosen fault."""
        if self.fault:
            raise self.fault
        if not self.sheets:
            raise NoOriginal
        return list(self.sheets)

    async def status(self) -> DeviceStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return DeviceStatus(state=DeviceState.DOWN, detail=str(self.fault), remedy=self.fault.remedy)
        return DeviceStatus(state=DeviceState.READY, detail=f"{len(self.sheets)} sheets lie in")


def write_sane_config(folder: Path, *backends: str) -> Path:
    """Write a SANE configuration that loads these backends only (`pnm`, `test`); return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dll.conf").write_text("".join(f"{name}\n" for name in backends))
    return folder


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _whole(picture: bytes) -> bytes:
    if not (picture.startswith(_PNG_START) and picture.endswith(_PNG_END)):
        raise ScannerFailed(f"the picture broke off after {len(picture)} bytes")
    return picture


def _pictures_in(folder: Path) -> list[bytes]:
    return [_whole(path.read_bytes()) for path in sorted(folder.glob("*.png"))]


def _last_words(words: bytes) -> str:
    return (words.decode(errors="replace").strip().splitlines() or [""])[-1]
