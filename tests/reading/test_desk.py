"""The reading desk: another process, and whatever happens to it, the next paper is read."""

import asyncio
import io
import os
import signal
from pathlib import Path
from typing import Literal

import numpy as np
import psutil
import pytest
from hostile_pdf import nested_forms
from PIL import Image

from agent.config import fill
from agent.desk import DeskSettings, ReadingDesk, check_weights
from agent.reading import opened
from agent.reading.errors import DeskCrashed, DeskTooSlow, EmptyFile, ImageTooLarge, PdfTooComplex
from contract.settings import SettingsFault
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


def test_kiosk_toml_chooses_the_line_reader_by_its_name() -> None:
    assert fill("desk", {}, DeskSettings, base=Path()).line_reader == "line-reader"
    chosen = fill("desk", {"line_reader": "line-reader-small"}, DeskSettings, base=Path())
    assert chosen.line_reader == "line-reader-small"
    with pytest.raises(SettingsFault, match="line_reader"):
        fill("desk", {"line_reader": "tesseract"}, DeskSettings, base=Path())


@pytest.mark.parametrize("name", ["line-reader", "line-reader-small"])
def test_line_reader_of_either_name_is_checked_and_reads(name: Literal["line-reader", "line-reader-small"]) -> None:
    settings = DeskSettings(line_reader=name)
    check_weights(settings)
    line = np.asarray(make("QUYET_DINH", 1).pages[0].convert("L"))[250:320, 1100:2220]
    ((text, confidence),) = opened.line_reader(settings.line_reader).read([line])
    assert text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert confidence > 0.5


async def test_late_answer_stops_the_process(scan: bytes) -> None:
    async with ReadingDesk(DeskSettings(page_timeout_s=0.001)) as desk:
        with pytest.raises(DeskTooSlow):
            await desk.read(scan)
        assert desk.process_id is None


async def test_pdf_whose_drawing_takes_all_the_memory_is_named_as_the_cause() -> None:
    async with ReadingDesk(DeskSettings(memory_mb=600, page_timeout_s=120)) as desk:
        with pytest.raises(PdfTooComplex, match=r"too much memory.*killed by SIG"):
            await desk.read(nested_forms(9))


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
