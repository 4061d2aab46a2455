"""Lines read: what is sure and what is not; a reader that can't write Vietnamese is refused."""

import dataclasses
import json
from collections import Counter
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image, ImageDraw

from agent.reading import opened
from agent.reading.alphabet import VIETNAMESE
from agent.reading.errors import ReaderUnfit
from agent.reading.line_reader import LineReader, NetCard, require_fit
from agent.reading.load import sheets
from agent.reading.page import find_page
from models.specimens import make
from models.specimens.faces import Family, font


def test_reader_without_vietnamese_letters_is_refused_and_names_them() -> None:
    card = NetCard(charset=VIETNAMESE, height_px=40, temperature=1.0, sure_above=0.5)
    with pytest.raises(ReaderUnfit, match="ệ"):
        require_fit(msgspec.structs.replace(card, charset=VIETNAMESE.replace("ệ", "")))
    require_fit(card)
    assert len(VIETNAMESE) == 134


def test_reader_of_other_lines_is_refused() -> None:
    with pytest.raises(ReaderUnfit, match="32 px"):
        require_fit(NetCard(charset=VIETNAMESE, height_px=32, temperature=1.0, sure_above=0.5))


def test_page_on_its_head_is_turned_and_read(page_reader) -> None:
    upright = np.asarray(make("QUYET_DINH", 1).pages[0].convert("RGB"))
    reading = page_reader.read(find_page(np.ascontiguousarray(upright[::-1, ::-1]), 300), 1)
    assert any("QUYẾT ĐỊNH" in line.text for line in reading.read.lines)


@pytest.mark.parametrize("fill", ["white", "black", "noise"])
def test_page_without_print_gives_no_nonsense(fill: str, page_reader) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (3508, 2480, 3), np.uint8)
    pixels = {"white": np.full_like(noise, 255), "black": np.zeros_like(noise), "noise": noise}[fill]
    assert len(page_reader.read(find_page(pixels, 300), 1).read.lines) <= 2


@pytest.mark.parametrize("name", ["scan_41", "scan_70"])
def test_real_office_scans_keep_97_of_100_words(name: str, shared: Path, page_reader) -> None:
    folder = shared / "eval/ocr/pages"
    (sheet,) = sheets((folder / f"{name}.webp").read_bytes())
    truth = Counter(
        word for line in json.loads((folder / f"{name}.json").read_text())["lines"] for word in line["text"].split()
    )
    lines = page_reader.read(find_page(sheet.pixels, sheet.dpi), 1).read.lines
    said = Counter(word for line in lines for word in line.text.split())
    assert (truth & said).total() > 0.97 * truth.total()


def _printed(text: str, *, size_px: int = 50) -> np.ndarray:
    """Return a clean crop of a printed text."""
    face = font(Family.SERIF, False, False, size_px)
    left, top, right, bottom = (int(side) for side in face.getbbox(text))
    picture = Image.new("L", (right - left + 16, bottom - top + 16), 250)
    ImageDraw.Draw(picture).text((8 - left, 8 - top), text, font=face, fill=30)
    return np.asarray(picture)


@pytest.fixture(scope="module")
def line_reader() -> LineReader:
    return opened.line_reader()


def test_clear_print_is_sure_and_the_same_print_in_mist_is_not(line_reader: LineReader) -> None:
    clear = _printed("Cộng hòa xã hội chủ nghĩa Việt Nam")
    mist = cv2.addWeighted(cv2.GaussianBlur(clear, (0, 0), 5), 0.2, np.full_like(clear, 200), 0.8, 0)
    crops = [clear, mist.astype(np.uint8)]
    assert line_reader.sure(crops, line_reader.look(crops)) == [True, False]


def test_line_that_a_second_look_reads_otherwise_is_not_sure(line_reader: LineReader) -> None:
    crops = [_printed("NGUYỄN THỊ HỒNG PHƯỢNG")]
    (said,) = line_reader.look(crops)
    other = dataclasses.replace(said, text=f"{said.text}.")
    assert line_reader.sure(crops, [said]) == [True]
    assert line_reader.sure(crops, [other]) == [False]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (300, 2), (40, 3000)])
def test_scrap_of_any_size_is_read_without_a_fault(size: tuple[int, int], line_reader: LineReader) -> None:
    ((text, confidence),) = line_reader.read([np.full(size, 200, np.uint8)])
    assert text == ""
    assert 0 <= confidence <= 1


def test_every_line_of_a_clean_page_carries_its_verdict_and_most_are_sure(page_reader) -> None:
    reading = page_reader.read(find_page(np.asarray(make("QUYET_DINH", 1).pages[0].convert("RGB")), 300), 1)
    sure = [line.sure for line in reading.read.lines]
    assert sum(sure) > 0.6 * len(sure)
