"""The real scanimage against SANE's own stand-ins: the caller's page, and every way of failing."""

import asyncio
import itertools
import os
import time
from datetime import UTC, datetime
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
    ScannerDoubleFeed,
    ScannerError,
    ScannerFailed,
    ScannerJammed,
    ScannerSilent,
    ScannerUnreachable,
)
from agent.devices.presence import SETTLE_S, wait_for
from agent.devices.sane_sensors import SensorNames, sensors_in
from agent.devices.scanimage import CLOSING_S
from agent.devices.scanner import OPTIONS, FolderScanner, Hands, SaneScanner, SimulatedScanner, write_sane_config
from agent.devices.status import DeviceState
from contract.clock import Deadline, SimulatedClock, SystemClock
from provisioning.onebox import glass

pytestmark = pytest.mark.usefixtures("need_scanimage")

FAULTS = {
    "DEVICE_BUSY": ScannerBusy,
    "JAMMED": ScannerJammed,
    "NO_DOCS": NoOriginal,
    "COVER_OPEN": ScannerCoverOpen,
    "IO_ERROR": ScannerFailed,
    "NO_MEM": ScannerFailed,
}
ADF = (*OPTIONS, "--source", "Automatic Document Feeder", "-x", "20", "-y", "20")


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


async def test_one_sheet_is_fed_for_one_page(sane: Path, soon: Deadline) -> None:
    scanner = SaneScanner("test:0", config_dir=sane, feeder=True, options=ADF)
    assert (await scanner.scan_one(soon)).startswith(b"\x89PNG")


PNG = b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82"
HUNG = """#!/bin/sh
for last; do case "$last" in --batch=*) to=${last#--batch=}; cp "$FED" "${to%/*}/0001.png" && break;; esac; done
echo "scanimage: sane_read: $TOLD" >&2
exec sleep 600
"""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Error during device I/O", ScannerFailed),
        ("Document feeder jammed", ScannerJammed),
        ("Scanner cover is open", ScannerCoverOpen),
        ("Device busy", ScannerBusy),
        ("Document feeder out of documents", NoOriginal),
    ],
)
async def test_driver_that_hangs_after_it_told_a_fault_is_believed_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soon: Deadline, told: str, expected: type[ScannerError]
) -> None:
    hung_scanimage(tmp_path, monkeypatch, told)
    begun = time.monotonic()
    with pytest.raises(expected, match=told.split()[0] if expected is ScannerFailed else None):
        await SaneScanner("test:0").scan(soon)
    assert time.monotonic() - begun < CLOSING_S + 30


async def test_sheets_fed_before_the_driver_hung_at_the_end_of_the_feed_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soon: Deadline
) -> None:
    hung_scanimage(tmp_path, monkeypatch, "Document feeder out of documents")
    assert len(await SaneScanner("test:0", feeder=True).scan(soon)) == 1


def hung_scanimage(folder: Path, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    program = folder / "bin" / "scanimage"
    program.parent.mkdir()
    program.write_text(HUNG)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (folder / "fed").write_bytes(PNG)
    monkeypatch.setenv("FED", str(folder / "fed"))
    monkeypatch.setenv("TOLD", told)


async def test_empty_feeder_is_no_end_of_feed(sane: Path, soon: Deadline) -> None:
    options = (*ADF, "--read-return-value", "SANE_STATUS_NO_DOCS")
    with pytest.raises(NoOriginal):
        await SaneScanner("test:0", config_dir=sane, feeder=True, options=options).scan(soon)


@pytest.mark.parametrize(("word", "expected"), [("JAMMED", ScannerJammed), ("COVER_OPEN", ScannerCoverOpen)])
async def test_fault_in_the_feeder_gives_no_sheet(
    sane: Path, soon: Deadline, word: str, expected: type[ScannerError]
) -> None:
    options = (*ADF, "--read-return-value", f"SANE_STATUS_{word}")
    with pytest.raises(expected):
        await SaneScanner("test:0", config_dir=sane, feeder=True, options=options).scan(soon)


@pytest.mark.parametrize(("sensor", "expected"), [("yes", ScannerDoubleFeed), ("no", ScannerJammed)])
async def test_double_feed_is_told_from_a_jam_by_its_sensor(
    sane: Path, soon: Deadline, sensor: str, expected: type[ScannerError]
) -> None:
    """The test backend has no such sensor; another of its yes/no options stands for it."""
    options = (*ADF, "--read-return-value", "SANE_STATUS_JAMMED", f"--fuzzy-parameters={sensor}")
    scanner = SaneScanner(
        "test:0", config_dir=sane, feeder=True, options=options, double_feed_sensor="fuzzy-parameters"
    )
    with pytest.raises(expected, match="after 0 whole sheets"):
        await scanner.scan(soon)


async def test_paper_sensor_is_read_where_there_is_one(sane: Path) -> None:
    for said, expected in (("yes", True), ("no", False)):
        options = (*OPTIONS, f"--read-limit={said}")
        scanner = SaneScanner("test:0", config_dir=sane, options=options, paper_sensor="read-limit")
        assert await scanner.paper_is_in() is expected
    assert await SaneScanner("test:0", config_dir=sane).paper_is_in() is None


def test_sensors_of_a_real_feeder_are_understood() -> None:
    said = """\
  Sensors:
    --page-loaded[=(yes|no)] [yes] [hardware]
        Paper in the hopper
    --double-feed[=(yes|no)] [no] [hardware]
    --cover-open[=(yes|no)] [inactive]
    --buffermode[=(auto|yes|no)] [no] [advanced]
"""
    sensors = sensors_in(said, SensorNames())
    assert (sensors.paper, sensors.double_feed) == (True, False)
    assert sensors_in(said, SensorNames(paper="cover-open")).paper is None


async def test_bouncing_paper_sensor_is_believed_once_it_is_quiet() -> None:
    clock = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC))
    readings = [True, False, True, False, True, True, True, True, True, True, True]

    async def sensor() -> bool | None:
        return readings.pop(0)

    assert await wait_for(sensor, True, Deadline.after(clock, 10))
    assert len(readings) <= 2, "the bounces at the beginning must not count"
    assert clock.monotonic() >= SETTLE_S


async def test_paper_that_only_flickers_past_the_sensor_is_not_there() -> None:
    clock, flicker = SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC)), itertools.cycle([True, True, False])

    async def sensor() -> bool | None:
        return next(flicker)

    assert not await wait_for(sensor, True, Deadline.after(clock, 10))


async def test_dock_lays_other_pages_in_and_jams_the_second(sane: Path, tmp_path: Path, soon: Deadline) -> None:
    hands, pages = tmp_path / "hands.json", [page_file(tmp_path, number) for number in (1, 2, 3)]
    scanner = FolderScanner(pages[:1], config_dir=sane, hands=hands)
    glass.hold(hands, Hands(pages=tuple(map(str, pages)), fault="jammed", at_sheet=2))
    with pytest.raises(ScannerJammed):
        await scanner.scan(soon)
    glass.hold(hands, Hands(pages=()))
    assert await scanner.paper_is_in() is False
    hands.unlink()
    assert len(await scanner.scan(soon)) == 1


async def test_hung_scanner_is_ended_at_the_deadline_and_leaves_no_process(sane: Path) -> None:
    slow = (*OPTIONS, "--read-delay=yes", "--read-delay-duration", "200000")
    scanner, begun = SaneScanner("test:0", config_dir=sane, options=slow), time.monotonic()
    with pytest.raises(ScannerSilent):
        await scanner.scan(Deadline.after(SystemClock(), 0.5))
    assert time.monotonic() - begun < 30, "the scan would take minutes"
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
