"""The reading desk: another process, and whatever happens to it, the next paper is read."""

import asyncio
import io
import os
import signal

import numpy as np
import psutil
import pytest
from PIL import Image

from agent.desk import DeskSettings, ReadingDesk
from agent.reading.errors import DeskCrashed, DeskTooSlow, EmptyFile, ImageTooLarge
from models.specimens import make

QUICK = DeskSettings()


@pytest.fixture(scope="module")
def scan() -> bytes:
    out = io.BytesIO()
    make("QUYET_DINH", 1).pages[0].convert("RGB").save(out, "PNG", compress_level=1, dpi=(300, 300))
    return out.getvalue()


async def test_desk_reads_encodes_and_understands_and_recovers_from_a_kill(scan: bytes) -> None:
    async with ReadingDesk(QUICK) as desk:
        (sheet,) = await desk.read(scan, first=3)
        assert sheet.read.number == 3
        assert 10_000 < len(sheet.image.data) < 300_000
        assert len(sheet.seals) == 1
        assert (await desk.understand([sheet])).kind == "QUYET_DINH"

        with pytest.raises(EmptyFile):
            await desk.read(b"")
        first = desk.process_id
        assert first is not None
        assert psutil.Process(first).memory_info().rss < 300_000_000

        os.kill(first, signal.SIGKILL)
        with pytest.raises(DeskCrashed):
            await desk.read(scan)
        (again,) = await desk.read(scan)
        assert again.read.lines == sheet.read.lines
        assert desk.process_id != first
    assert desk.process_id is None
    assert not psutil.pid_exists(first)


async def test_late_answer_stops_the_process(scan: bytes) -> None:
    async with ReadingDesk(DeskSettings(page_timeout_s=0.001)) as desk:
        with pytest.raises(DeskTooSlow):
            await desk.read(scan)
        assert desk.process_id is None


async def test_cancelled_call_leaves_no_answer_for_the_next_one(scan: bytes) -> None:
    async with ReadingDesk(QUICK) as desk:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(desk.read(scan), 0.2)
        with pytest.raises(ImageTooLarge):
            await desk.read(_wide())


async def test_process_is_replaced_after_its_share_of_pages() -> None:
    async with ReadingDesk(DeskSettings(pages_per_process=1)) as desk:
        await desk.read(_small())
        assert desk.process_id is None


def _wide() -> bytes:
    out = io.BytesIO()
    Image.new("1", (12_001, 64)).save(out, "PNG")
    return out.getvalue()


def _small() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((400, 300), 255, np.uint8)).save(out, "PNG")
    return out.getvalue()
