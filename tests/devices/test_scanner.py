"""The real scanimage against SANE's own stand-ins: the caller's page, and every way of failing."""

import asyncio
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest
from PIL import Image

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
from agent.devices.scanner import OPTIONS, FolderScanner, SaneScanner, SimulatedScanner, write_sane_config
from agent.devices.status import DeviceState
from contract.clock import Deadline, SystemClock

pytestmark = pytest.mark.usefixtures("need_scanimage")

FAULTS = {
    "DEVICE_BUSY": ScannerBusy,
    "JAMMED": ScannerJammed,
    "NO_DOCS": NoOriginal,
    "COVER_OPEN": ScannerCoverOpen,
    "IO_ERROR": ScannerFailed,
    "NO_MEM": ScannerFailed,
}


@pytest.fixture
def sane(tmp_path: Path) -> Path:
    return write_sane_config(tmp_path / "sane", "pnm", "test")


def page_file(folder: Path, number: int) -> Path:
    pixels = np.random.default_rng(number).integers(0, 256, (351, 248, 3), dtype=np.uint8)
    path = folder / f"page-{number}.ppm"
    Image.fromarray(pixels).save(path)
    return path


def pixels_of(png: bytes) -> bytes:
    return Image.open(BytesIO(png)).tobytes()


async def test_pages_come_back_in_order_and_to_the_byte(sane: Path, tmp_path: Path, soon: Deadline) -> None:
    pages = [page_file(tmp_path, number) for number in (1, 2, 3)]
    sheets = await FolderScanner(pages, config_dir=sane).scan(soon)
    assert [pixels_of(sheet) for sheet in sheets] == [Image.open(page).tobytes() for page in pages]


async def test_another_paper_can_be_put_in(sane: Path, tmp_path: Path, soon: Deadline) -> None:
    scanner = FolderScanner([], config_dir=sane)
    with pytest.raises(NoOriginal):
        await scanner.scan(soon)
    scanner.load([page_file(tmp_path, 7)])
    assert len(await scanner.scan(soon)) == 1


@pytest.mark.parametrize(("word", "expected"), FAULTS.items())
async def test_each_fault_has_its_own_error_and_remedy(
    sane: Path, soon: Deadline, word: str, expected: type[ScannerError]
) -> None:
    options = (*OPTIONS, "--read-return-value", f"SANE_STATUS_{word}")
    with pytest.raises(expected) as caught:
        await SaneScanner("test:0", config_dir=sane, options=options).scan(soon)
    assert caught.value.remedy in str(caught.value)


async def test_feeder_gives_every_sheet(sane: Path, soon: Deadline) -> None:
    options = (*OPTIONS, "--source", "Automatic Document Feeder", "-x", "20", "-y", "20")
    sheets = await SaneScanner("test:0", config_dir=sane, feeder=True, options=options).scan(soon)
    assert len(sheets) == 10


async def test_hung_scanner_is_ended_at_the_deadline_and_leaves_no_process(sane: Path) -> None:
    slow = (*OPTIONS, "--read-delay=yes", "--read-delay-duration", "200000")
    scanner, begun = SaneScanner("test:0", config_dir=sane, options=slow), time.monotonic()
    with pytest.raises(ScannerSilent):
        await scanner.scan(Deadline.after(SystemClock(), 0.5))
    assert time.monotonic() - begun < 3
    assert not scanners_running()


async def test_abandoned_scan_leaves_no_process(sane: Path, soon: Deadline) -> None:
    slow = (*OPTIONS, "--read-delay=yes", "--read-delay-duration", "200000")
    task = asyncio.create_task(SaneScanner("test:0", config_dir=sane, options=slow).scan(soon))
    while not scanners_running():
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not scanners_running()


async def test_scanner_that_is_not_there_is_named(sane: Path, soon: Deadline) -> None:
    scanner = SaneScanner("nosuch:0", config_dir=sane)
    with pytest.raises(ScannerUnreachable, match="nosuch:0"):
        await scanner.scan(soon)
    assert (await scanner.status()).state is DeviceState.DOWN


async def test_missing_scanner_software_is_named(
    sane: Path, soon: Deadline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ScannerUnreachable, match="apt-get install sane-utils"):
        await SaneScanner("test:0", config_dir=sane).scan(soon)


async def test_broken_page_file_is_an_error_not_an_empty_picture(sane: Path, tmp_path: Path, soon: Deadline) -> None:
    bad = tmp_path / "bad.ppm"
    bad.write_text("no picture")
    with pytest.raises(ScannerError):
        await FolderScanner([bad], config_dir=sane).scan(soon)


async def test_status_says_ready_and_busy(sane: Path, soon: Deadline) -> None:
    slow = (*OPTIONS, "--read-delay=yes", "--read-delay-duration", "100000")
    scanner = SaneScanner("test:0", config_dir=sane, options=slow)
    assert (await scanner.status()).state is DeviceState.READY
    task = asyncio.create_task(scanner.scan(soon))
    await asyncio.sleep(0.1)
    assert (await scanner.status()).state is DeviceState.BUSY
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_simulated_scanner_raises_the_chosen_fault_until_it_is_cleared(soon: Deadline) -> None:
    scanner = SimulatedScanner([b"sheet"], fault=ScannerJammed())
    with pytest.raises(ScannerJammed):
        await scanner.scan(soon)
    assert (await scanner.status()).remedy == ScannerJammed.remedy
    scanner.fault = None
    assert await scanner.scan(soon) == [b"sheet"]


def scanners_running() -> list[int]:
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if child.name() == "scanimage" and child.status() != "zombie"]
