"""The scanner that takes the original in: SANE, driven as a child process that a deadline can end."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
from msgspec import Struct

from agent.devices.errors import (
    NoOriginal,
    ScannerDoubleFeed,
    ScannerError,
    ScannerFailed,
    ScannerJammed,
)
from agent.devices.sane_sensors import SensorNames, Sensors, sensors_in
from agent.devices.scanimage import PROBE_S, Scanimage
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Deadline

OPTIONS = ("--resolution", "300", "--mode", "Color")
"""What every page is scanned with; a stand-in that does not know an option leaves it out."""

_PNG_START, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_SMALL = ("-x", "20", "-y", "20")


class Scanner(ABC):
    """Turns the sheets that lie in the scanner into pictures; every method raises a ScannerError."""

    @abstractmethod
    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per sheet, in order, until the feeder is empty; raise NoOriginal where it was empty before.

        A fault in the middle of a feed gives no sheet at all: what was scanned before it is scanned again.
        """

    @abstractmethod
    async def scan_one(self, deadline: Deadline) -> bytes:
        """Return the PNG of one sheet: the feeder's next, or the one on the glass; the others stay in the feeder."""

    @abstractmethod
    async def paper_is_in(self) -> bool | None:
        """Return what the paper sensor says this moment (see agent.devices.presence); None where there is none."""

    @abstractmethod
    async def status(self) -> DeviceStatus:
        """Return what telemetry, doctor and dashboard all show."""

    @abstractmethod
    async def self_test(self, deadline: Deadline) -> DeviceStatus:
        """Scan a small piece of the glass as a page is scanned; a feeder is only asked, lest it draw paper in."""


class SaneScanner(Scanner):
    """Any scanner that SANE drives; `scanimage` runs in a process of its own, so a hung driver can be ended.

    With `feeder` every sheet in the document feeder is scanned, else the one on the glass. `config_dir` holds SANE's
    own configuration; None takes the machine's. `paper_sensor` and `double_feed_sensor` are the backend's options.
    """

    def __init__(
        self,
        device: str,
        *,
        config_dir: Path | None = None,
        feeder: bool = False,
        options: Sequence[str] = OPTIONS,
        paper_sensor: str = "page-loaded",
        double_feed_sensor: str = "double-feed",
    ) -> None:
        self._device, self._feeder, self._options = device, feeder, tuple(options)
        self._scanimage = Scanimage(device, config_dir)
        self._sensors = SensorNames(paper=paper_sensor, double_feed=double_feed_sensor)
        self._one_user = asyncio.Lock()

    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per sheet, in order."""
        async with self._one_user:
            return await self._scan_feeder(deadline) if self._feeder else [await self._scan_sheet(deadline)]

    async def scan_one(self, deadline: Deadline) -> bytes:
        """Return the PNG of the feeder's next sheet, or of the one on the glass."""
        async with self._one_user:
            if self._feeder:
                return (await self._scan_feeder(deadline, "--batch-count=1"))[0]
            return await self._scan_sheet(deadline)

    async def paper_is_in(self) -> bool | None:
        """Return what the scanner's paper sensor says; None where its backend shows none."""
        async with self._one_user:
            return (await self._look()).paper

    async def status(self) -> DeviceStatus:
        """Return whether the device opens; a scan that is under way is not disturbed."""
        if self._one_user.locked():
            return DeviceStatus(state=DeviceState.BUSY, detail=f"{self._device} is scanning")
        try:
            async with self._one_user:
                await self._scanimage.run(["--dont-scan"], PROBE_S)
        except ScannerError as fault:
            return DeviceStatus.down(fault)
        return DeviceStatus(state=DeviceState.READY, detail=f"{self._device} opens")

    async def self_test(self, deadline: Deadline) -> DeviceStatus:
        """Scan a small piece, or read the feeder's sensors."""
        try:
            async with self._one_user:
                return await self._prove(deadline)
        except ScannerError as fault:
            return DeviceStatus.down(fault)

    async def _prove(self, deadline: Deadline) -> DeviceStatus:
        if self._feeder:
            paper = {None: "no paper sensor", True: "paper is in", False: "empty"}[(await self._look()).paper]
            return DeviceStatus(state=DeviceState.READY, detail=f"the feeder answers: {paper}")
        picture = await self._scan_sheet(deadline, *_SMALL)
        return DeviceStatus(state=DeviceState.READY, detail=f"a picture of {len(picture)} bytes came")

    async def _scan_sheet(self, deadline: Deadline, *extra: str) -> bytes:
        picture = await self._scanimage.run(["--format=png", *self._options, *extra], deadline.remaining_s)
        return _whole(picture)

    async def _scan_feeder(self, deadline: Deadline, *extra: str) -> list[bytes]:
        with TemporaryDirectory(prefix="tram-scan-") as folder:
            arguments = ["--format=png", f"--batch={folder}/%04d.png", *self._options, *extra]
            try:
                await self._scanimage.run(arguments, deadline.remaining_s)
            except NoOriginal:
                pass  # told by a driver that hung at the feed's end; whether it was empty, the sheets say
            except ScannerJammed as fault:
                raise await self._what_jammed(_count_in(Path(folder))) from fault
            sheets = _pictures_in(Path(folder))
        if not sheets:
            raise NoOriginal
        return sheets

    async def _what_jammed(self, sheets: int) -> ScannerError:
        """Return a double feed as such: SANE has one status for both (fujitsu, canon_dr and kvs backends)."""
        where = f"the feeder stopped after {sheets} whole sheets"
        with suppress(ScannerError):
            if (await self._look()).double_feed:
                return ScannerDoubleFeed(where)
        return ScannerJammed(where)

    async def _look(self) -> Sensors:
        return sensors_in(
            (await self._scanimage.run([*self._options, "-A"], PROBE_S)).decode(errors="replace"), self._sensors
        )


class Hands(Struct, frozen=True, kw_only=True):
    """What a dock in another process does to the stand-in: other pages, and a fault of pnm's at sheet `at_sheet`."""

    pages: tuple[str, ...] | None = None
    fault: Literal["", "jammed", "nodocs", "coveropen", "ioerror"] = ""
    at_sheet: int = 1


class FolderScanner(SaneScanner):
    """A stand-in feeder whose pages (PNM files, 300 dpi) go one by one through a real `scanimage` and its pnm backend.

    `hands` is a file that holds Hands as JSON; while it is missing, the given pages lie in.
    """

    def __init__(self, pages: Sequence[Path], *, config_dir: Path, hands: Path | None = None) -> None:
        super().__init__("pnm:0", config_dir=config_dir, options=("--resolution", "300"))
        self._pages, self._hands = tuple(pages), hands

    def load(self, pages: Sequence[Path]) -> None:
        """Put another paper in."""
        self._pages = tuple(pages)

    async def scan(self, deadline: Deadline) -> list[bytes]:
        """Return one PNG per page; raise NoOriginal when nothing is loaded."""
        hands = self._held()
        pages = self._lying_in(hands)
        async with self._one_user:
            return [await self._feed(page, number, hands, deadline) for number, page in enumerate(pages, start=1)]

    async def scan_one(self, deadline: Deadline) -> bytes:
        """Return the PNG of the first page."""
        hands = self._held()
        async with self._one_user:
            return await self._feed(self._lying_in(hands)[0], 1, hands, deadline)

    async def paper_is_in(self) -> bool | None:
        """Return whether a page is loaded."""
        hands = self._held()
        return bool(self._pages if hands.pages is None else hands.pages)

    async def _prove(self, deadline: Deadline) -> DeviceStatus:
        """Scan the first page, where one lies in: pnm knows no piece of a page."""
        hands = self._held()
        pages = self._pages if hands.pages is None else hands.pages
        if not pages:
            return DeviceStatus(state=DeviceState.READY, detail="the feeder answers: empty")
        picture = await self._feed(self._lying_in(hands)[0], 1, hands, deadline)
        return DeviceStatus(state=DeviceState.READY, detail=f"a picture of {len(picture)} bytes came")

    def _held(self) -> Hands:
        there = self._hands is not None and self._hands.exists()
        return msgspec.json.decode(self._hands.read_bytes(), type=Hands) if self._hands and there else Hands()

    def _lying_in(self, hands: Hands) -> tuple[Path, ...]:
        pages = self._pages if hands.pages is None else tuple(map(Path, hands.pages))
        if not pages:
            raise NoOriginal
        return pages

    async def _feed(self, page: Path, number: int, hands: Hands, deadline: Deadline) -> bytes:
        fault = ("--status=no", f"--status-{hands.fault}=yes") if hands.fault and number == hands.at_sheet else ()
        return await self._scan_sheet(deadline, "--filename", str(page), *fault)


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

    async def scan_one(self, deadline: Deadline) -> bytes:
        """Return the first sheet, or raise the chosen fault."""
        return (await self.scan(deadline))[0]

    async def paper_is_in(self) -> bool | None:
        """Return whether a sheet lies in."""
        return bool(self.sheets)

    async def status(self) -> DeviceStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return DeviceStatus.down(self.fault)
        return DeviceStatus(state=DeviceState.READY, detail=f"{len(self.sheets)} sheets lie in")

    async def self_test(self, deadline: Deadline) -> DeviceStatus:
        """Return the status."""
        return await self.status()


def write_sane_config(folder: Path, *backends: str) -> Path:
    """Write a SANE configuration that loads these backends only (`pnm`, `test`); return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dll.conf").write_text("".join(f"{name}\n" for name in backends))
    return folder


def _whole(picture: bytes) -> bytes:
    if not (picture.startswith(_PNG_START) and picture.endswith(_PNG_END)):
        raise ScannerFailed(f"the picture broke off after {len(picture)} bytes")
    return picture


def _pictures_in(folder: Path) -> list[bytes]:
    return [_whole(path.read_bytes()) for path in sorted(folder.glob("*.png"))]


def _count_in(folder: Path) -> int:
    return len(list(folder.glob("*.png")))
