"""The line finder at work: lines apart and whole, neighbours' ink gone, and nothing where nothing is written."""

import random
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from agent.reading.finder import LineFinder
from agent.reading.values import Found
from models.linefinder.evaluate import Box, best_pairs
from models.specimens import make, scan
from models.specimens.faces import Family, font
from models.specimens.pen import sign
from models.specimens.seal import SealDesign, press_seal
from models.specimens.sheet import Sheet as SpecimenSheet

WEIGHTS = Path(__file__).parents[2] / "models" / "line_finder.onnx"
A4_PX = (2480, 3508)
BLACK = (20, 20, 20)
Pixels = NDArray[np.uint8]
Ink = tuple[int, int, int]


@pytest.fixture(scope="module")
def finder() -> LineFinder:
    return LineFinder(WEIGHTS)


class Sheet:
    """A white page on which lines are written, with the tight box of each."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", A4_PX, (255, 255, 255))
        self.boxes: list[Box] = []

    def write(
        self, x: int, baseline: int, text: str, size_px: int = 58, *, bold: bool = False, ink: Ink = BLACK
    ) -> None:
        face, pen = font(Family.SERIF, bold, False, size_px), ImageDraw.Draw(self.image)
        pen.text((x, baseline), text, font=face, fill=ink, anchor="ls")
        self.boxes.append(pen.textbbox((x, baseline), text, font=face, anchor="ls"))

    @property
    def pixels(self) -> Pixels:
        return np.asarray(self.image, np.uint8)


def shares(truths: list[Box], found: list[Found]) -> list[float]:
    """The overlap of each true box with its line; missing lines have none."""
    by_truth = {truth: share for truth, _, share in best_pairs(truths, [line.box for line in found])}
    return [by_truth.get(number, 0.0) for number in range(len(truths))]


def tight_page(pitch_em: float) -> Sheet:
    sheet = Sheet()
    for row in range(12):
        sheet.write(300, 400 + round(row * pitch_em * 58), "ghi nhận Ủy quyền, sự Ẩn Ấp ngày Ỹ, ghép Ổ gạ" * 2)
    return sheet


def state_head() -> Sheet:
    sheet = Sheet()
    sheet.write(400, 300, "ỦY BAN NHÂN DÂN", 52)
    sheet.write(1090, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52, bold=True)
    sheet.write(420, 372, "XÃ ĐÔNG LẬP", 52, bold=True)
    sheet.write(1330, 372, "Độc lập - Tự do - Hạnh phúc", 56, bold=True)
    return sheet


def test_two_columns_of_a_head_are_separate_lines_read_row_by_row(finder: LineFinder) -> None:
    sheet = state_head()
    found = finder.find(sheet.pixels)
    assert len(found) == 4
    assert min(shares(sheet.boxes, found)) > 0.8
    assert [line.box[0] < 1000 for line in found] == [True, False, True, False]


@pytest.mark.parametrize("pitch_em", [1.1, 1.5])
def test_every_line_of_a_tight_paragraph_is_found_once_and_whole(finder: LineFinder, pitch_em: float) -> None:
    sheet = tight_page(pitch_em)
    found = finder.find(sheet.pixels)
    assert len(found) == 12
    assert min(shares(sheet.boxes, found)) > 0.8


def test_a_crop_shows_its_own_ink_and_none_of_its_neighbours(finder: LineFinder) -> None:
    """Between lines set at 1.2 sizes tails and accents interlock; alone, the middle line looks nearly the same."""
    alone, crowded = Sheet(), Sheet()
    for row, text in enumerate(("ngày ghi quyền, gấp", "xin Ấm Ẩn ghi nhận", "Ấn phẩm; Ẩn số ỂỄ")):
        crowded.write(400, 600 + 70 * row, text)
    alone.write(400, 670, "xin Ấm Ẩn ghi nhận")
    (line,) = finder.find(alone.pixels)
    among = finder.find(crowded.pixels)[1]
    heights = {crop.shape[0] for crop in (line.crop, among.crop)}
    assert max(heights) - min(heights) <= 6
    dark = [int((crop < 128).sum()) for crop in (line.crop, among.crop)]
    assert dark[1] == pytest.approx(dark[0], rel=0.06)


@pytest.mark.parametrize("degrees", [-1.5, 1.5])
def test_lines_of_a_turned_page_stay_whole_and_their_crops_are_level(finder: LineFinder, degrees: float) -> None:
    pixels = tight_page(1.3).pixels
    turn = cv2.getRotationMatrix2D((A4_PX[0] / 2, A4_PX[1] / 2), degrees, 1.0)
    turned = cv2.warpAffine(pixels, turn, A4_PX, borderValue=(255, 255, 255)).astype(np.uint8)
    found = finder.find(turned)
    assert len(found) == 12
    level = finder.find(pixels)
    for crop, straight in zip((f.crop for f in found), (f.crop for f in level), strict=True):
        assert crop.shape[0] < 1.15 * straight.shape[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_rule_a_round_seal_and_a_signature_are_no_lines(finder: LineFinder, seed: int) -> None:
    sheet, stream = SpecimenSheet(Image.new("RGB", A4_PX, (255, 255, 255))), random.Random(seed)
    sheet.rule(25, 60, 170, 60.5)
    press_seal(sheet, stream, SealDesign(upper="ỦY BAN NHÂN DÂN XÃ ĐÔNG LẬP", lower="TỈNH SÔNG LAM"), 120, 120)
    sign(sheet, stream, 50, 200, 45)
    assert finder.find(np.asarray(sheet.image, np.uint8)) == []


def test_light_print_on_a_dark_ground_is_found_and_cut_as_dark_print(finder: LineFinder) -> None:
    sheet = Sheet()
    ImageDraw.Draw(sheet.image).rectangle((300, 800, 2100, 1300), fill=(40, 40, 110))
    for row, text in enumerate(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "HỘ CHIẾU")):
        sheet.write(500, 960 + 180 * row, text, 70, bold=True, ink=(235, 225, 200))
    found = finder.find(sheet.pixels)
    assert min(shares(sheet.boxes, found)) > 0.6
    assert all(np.median(line.crop) > 128 for line in found)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_sheet_holds_no_line(finder: LineFinder, level: int) -> None:
    assert finder.find(np.full((*reversed(A4_PX), 3), level, np.uint8)) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (37, 5), (90, 2480)])
def test_a_scrap_of_any_size_is_searched_without_a_fault(finder: LineFinder, size: tuple[int, int]) -> None:
    assert finder.find(np.full((*size, 3), 200, np.uint8)) == []


def test_noise_takes_bounded_time(finder: LineFinder) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*reversed(A4_PX), 3), dtype=np.uint8)
    began = time.process_time()
    finder.find(noise)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("kind", ["QUYET_DINH", "KHAI_SINH", "XAC_NHAN_HON_NHAN"])
def test_nearly_all_printed_lines_of_a_scanned_specimen_are_found(finder: LineFinder, kind: str) -> None:
    specimen = scan(make(kind, 9_000_001), 3, strength="office")
    truths: list[Box] = [line.box for line in specimen.lines[0] if line.role == "print"]
    found = finder.find(np.asarray(specimen.pages[0], np.uint8))
    assert np.mean([share > 0.5 for share in shares(truths, found)]) >= 0.9
