"""Whatever is laid on the glass or handed in: a clear finding or a typed cause, in five seconds and bounded memory.

`test_load.py` has the plain refusals (empty, encrypted, too many pages); here are hostile files, unreadable sheets and
unusual encodings, in the process that the agent reads with and at the command line.
"""

import asyncio
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from agent.desk import DeskSettings, ReadingDesk
from agent.reading import errors
from agent.reading.values import Understanding
from contract.grounds import Ground
from contract.messages import Severity
from tests.faults import bad_sheets as sheet

MOST_CPU_S = 5.0
MOST_MB = 900
"""Of a picture of 40 megapixels, the most that is decoded; an A4 page takes half as much."""
TRAM = Path(sys.executable).with_name("tram")

Content = Callable[[], bytes]


class Desk:
    """The agent's reading process, watched from outside."""

    def __init__(self) -> None:
        self._loop = asyncio.Runner()
        self._desk = ReadingDesk(DeskSettings(page_timeout_s=120))  # a busy machine is no fault: processor time counts

    def read(self, content: bytes) -> tuple[Understanding, list[str]]:
        """Return what the desk understands and the texts of all lines."""
        read = self._loop.run(self._desk.read(content))
        paper = self._loop.run(self._desk.understand(read))
        return paper, [line.text for page in read for line in page.read.lines]

    def warm(self) -> None:
        """Start the process if none runs, so that its start is not counted."""
        if self._desk.process_id is None:
            self.read(sheet.saved(sheet.readable(), "PNG"))

    @property
    def process(self) -> psutil.Process:
        """The process that reads."""
        assert self._desk.process_id is not None
        return psutil.Process(self._desk.process_id)

    def close(self) -> None:
        """End the process."""
        self._loop.run(self._desk.close())
        self._loop.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    """The desk; afterwards the same process must still run and have kept its bounds."""
    running.warm()
    process = running.process
    before = process.cpu_times()
    yield running
    after = process.cpu_times()
    assert running.process == process, "the reading process ended"
    assert after.user + after.system - before.user - before.system < MOST_CPU_S
    assert _peak_mb(process) < MOST_MB


def _peak_mb(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _cut(form: str) -> Content:
    return lambda: (whole := sheet.saved(sheet.noise().crop((0, 0, 800, 600)), form))[: len(whole) * 2 // 3]


def _long_side() -> bytes:
    return sheet.saved(Image.new("1", (20_000, 100)), "PNG")


def _animated() -> bytes:
    out = io.BytesIO()
    Image.new("P", (300, 200)).save(out, "GIF", save_all=True, append_images=[Image.new("P", (300, 200), 1)])
    return out.getvalue()


def _second_page_cut() -> bytes:
    out = io.BytesIO()
    pages = [sheet.readable(), Image.effect_noise((800, 600), 90)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300))
    return out.getvalue()[:-2000]


REFUSED: dict[str, tuple[Content, type[errors.ReadingError]]] = {
    "20,000 px side": (_long_side, errors.ImageTooLarge),
    "png header of 60,000 px": (lambda: sheet.png_header(60_000, 60_000), errors.ImageTooLarge),
    "png header of 6,000 px": (lambda: sheet.png_header(6_000, 6_000), errors.BrokenImage),
    "pdf of 45 gigapixels": (lambda: sheet.pdf_bomb(50), errors.ImageTooLarge),
    "cut jpeg": (_cut("JPEG"), errors.BrokenImage),
    "cut webp": (_cut("WEBP"), errors.BrokenImage),
    "cut tiff": (_cut("TIFF"), errors.BrokenImage),
    "cut pdf": (lambda: sheet.pdf_of(sheet.readable())[:700], errors.BrokenPdf),
    "cut second page": (_second_page_cut, errors.BrokenImage),
    "animated gif": (_animated, errors.NotAnImage),
}

SHEETS: dict[str, tuple[Callable[[], Image.Image], Ground]] = {
    "blank": (sheet.blank, Ground.QUALITY_BLANK),
    "black": (sheet.black, Ground.QUALITY_BLANK),
    "noise": (sheet.noise, Ground.QUALITY_UNREAD),
    "speckle": (sheet.speckle, Ground.QUALITY_UNREAD),
    "chinese": (sheet.chinese, Ground.QUALITY_UNREAD),
    "arabic": (sheet.arabic, Ground.QUALITY_UNREAD),
}


def _deep_grey() -> bytes:
    levels = np.asarray(sheet.readable()).astype(np.uint16) * 257
    return sheet.saved(Image.fromarray(levels), "PNG")


def _palette_with_transparent_paper() -> bytes:
    picture = sheet.readable().convert("P")
    return sheet.saved(picture, "PNG", transparency=255)


def _on_its_side() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = sheet.readable().transpose(Image.Transpose.ROTATE_90)
    return sheet.saved(turned, "JPEG", quality=90, exif=exif.tobytes())


READABLE: dict[str, Content] = {
    "cmyk jpeg": lambda: sheet.saved(sheet.readable().convert("CMYK"), "JPEG", quality=90),
    "16-bit png": _deep_grey,
    "palette with alpha": _palette_with_transparent_paper,
    "grey with alpha": lambda: sheet.saved(sheet.readable().convert("LA"), "PNG"),
    "turned by exif": _on_its_side,
    "fax tiff": lambda: sheet.saved(sheet.readable().convert("1"), "TIFF", compression="group4"),
    "progressive jpeg": lambda: sheet.saved(sheet.readable(), "JPEG", quality=90, progressive=True),
    "lossy webp": lambda: sheet.saved(sheet.readable().convert("RGB"), "WEBP", quality=80),
    "picture in a pdf": lambda: sheet.pdf_of(sheet.readable()),
}


@pytest.mark.parametrize(("content", "error"), REFUSED.values(), ids=REFUSED)
def test_file_that_is_no_scan_is_refused_with_cause_and_remedy(
    desk: Desk, content: Content, error: type[errors.ReadingError]
) -> None:
    with pytest.raises(error) as refused:
        desk.read(content())
    assert refused.value.remedy in str(refused.value)
    assert refused.value.vi != errors.ReadingError.vi


@pytest.mark.parametrize(("drawn", "ground"), SHEETS.values(), ids=SHEETS)
def test_sheet_that_cannot_be_read_gets_its_finding_and_no_field(
    desk: Desk, drawn: Callable[[], Image.Image], ground: Ground
) -> None:
    _require_face(drawn)
    paper, _ = desk.read(sheet.saved(drawn(), "PNG", compress_level=1))
    assert ground in {finding.ground for finding in paper.findings}
    assert Ground.A22_2_DAMAGED not in {finding.ground for finding in paper.findings}
    assert paper.facts == ()


@pytest.mark.parametrize("name", ["black", "noise"])
def test_unreadable_picture_without_resolution_is_asked_about(desk: Desk, name: str) -> None:
    out = io.BytesIO()
    SHEETS[name][0]().crop((0, 0, 2400, 1800)).save(out, "JPEG", quality=90)
    paper, _ = desk.read(out.getvalue())
    assert Severity.ASK in {finding.severity for finding in paper.findings}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE)
def test_unusual_encoding_is_read_like_any_other(desk: Desk, content: Content) -> None:
    _, lines = desk.read(content())
    assert tuple(lines) == sheet.READABLE


@pytest.mark.parametrize("size", [(12_000, 3_300), (6_300, 6_300), (12_000, 64)], ids=str)
def test_picture_without_resolution_is_no_larger_sheet_than_a3(desk: Desk, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, (250, 250, 250)).save(out, "PNG", compress_level=1)
    paper, _ = desk.read(out.getvalue())
    assert {finding.ground for finding in paper.findings} >= {Ground.QUALITY_BLANK}


@pytest.mark.parametrize("name", ["pdf of 45 gigapixels", "cut webp", "animated gif"])
def test_command_refuses_with_one_sentence_and_no_traceback(name: str, tmp_path: Path) -> None:
    content, error = REFUSED[name]
    said = _tram_read(content(), tmp_path)
    assert said.returncode == 2
    assert error.remedy in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("name", ["black", "chinese"])
def test_command_prints_the_finding(name: str, tmp_path: Path) -> None:
    drawn, ground = SHEETS[name]
    _require_face(drawn)
    said = _tram_read(sheet.saved(drawn(), "PNG", compress_level=1), tmp_path)
    assert said.returncode == 0, said.stderr
    assert ground.value in said.stdout


def _require_face(drawn: Callable[[], Image.Image]) -> None:
    if drawn is sheet.chinese and not sheet.CHINESE_FACE.is_file():
        pytest.skip("no Chinese face on this machine: apt-get install fonts-wqy-microhei")


def _tram_read(content: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with at most 1.5 GB of data."""
    file = folder / "handed-in"
    file.write_bytes(content)
    command = ["bash", "-c", 'ulimit -d 1500000; exec "$0" read "$1"', TRAM, file]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
