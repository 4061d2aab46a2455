"""Lines: tight, whole, in order, free of their neighbours' ink; a reader that can't write Vietnamese is refused."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from agent.reading.alphabet import VIETNAMESE
from agent.reading.ctc import greedy, softmax
from agent.reading.detector import Run
from agent.reading.errors import ReaderUnfit
from agent.reading.ink import pieces_of
from agent.reading.lines import find_lines, in_reading_order, join_fragments
from agent.reading.load import sheets
from agent.reading.page import find_page
from agent.reading.second import SecondOpinion
from agent.reading.text import require_vietnamese
from models.specimens import make


def _run(x0: float, y0: float, x1: float, y1: float) -> Run:
    return Run(x0=x0, y0=y0, x1=x1, y1=y1, score=0.9)


def test_two_column_head_is_read_row_by_row() -> None:
    left, right = [_run(100, y, 400, y + 40) for y in (10, 60)], [_run(600, y, 1200, y + 40) for y in (14, 63)]
    assert in_reading_order([right[1], left[1], right[0], left[0]]) == [left[0], right[0], left[1], right[1]]


def test_words_of_a_line_are_joined_and_columns_are_not() -> None:
    joined = join_fragments([_run(100, 10, 300, 50), _run(320, 12, 500, 51), _run(700, 10, 900, 50)])
    assert [(run.x0, run.x1) for run in joined] == [(100, 500), (700, 900)]


def test_ink_of_the_next_line_is_not_in_the_crop() -> None:
    page = np.full((200, 600), 255, np.uint8)
    for x in range(50, 550, 40):
        page[60:90, x : x + 20] = 0  # letters of the first line
        page[94:124, x : x + 20] = 0  # and of the second, closer than accents are high
    first, second = find_lines([_run(40, 52, 560, 96), _run(40, 88, 560, 130)], page, pieces_of(page))
    assert first.box[3] <= 92
    assert second.box[1] >= 92
    assert (first.crop[-3:] > 200).all()
    assert (second.crop[:3] > 200).all()


def test_accent_between_two_lines_belongs_to_the_lower_one() -> None:
    page = np.full((200, 600), 255, np.uint8)
    for x in range(50, 550, 40):
        page[40:70, x : x + 20] = 0
        page[90:120, x : x + 20] = 0
    page[78:84, 134:146] = 0
    _, lower = find_lines([_run(40, 32, 560, 78), _run(40, 76, 560, 128)], page, pieces_of(page))
    assert lower.box[1] == 78


def test_underline_and_frame_are_not_in_the_crop() -> None:
    page = np.full((300, 700), 255, np.uint8)
    for x in range(150, 550, 40):
        page[130:160, x : x + 20] = 0
    page[168:171, 100:600] = 0
    page[80:86, 80:620] = page[214:220, 80:620] = 0
    page[80:220, 80:86] = page[80:220, 614:620] = 0
    typical = [_run(0, 0, 5, 45)] * 3
    (line,) = find_lines([_run(120, 118, 580, 176), *typical], page, pieces_of(page))
    assert line.box[2] - line.box[0] < 500
    assert (line.crop[-4:] > 200).all()


def test_reader_without_vietnamese_letters_is_refused_and_names_them() -> None:
    with pytest.raises(ReaderUnfit, match="ệ"):
        require_vietnamese(VIETNAMESE.replace("ệ", ""))
    require_vietnamese(VIETNAMESE)
    assert len(VIETNAMESE) == 134


def test_repeats_are_collapsed_and_doubled_letters_are_kept() -> None:
    steps = [1, 1, 0, 1, 2, 2, 0]
    chances = softmax(np.eye(3, dtype=np.float32)[steps] * 9)
    text, confidence = greedy(chances, ["", "a", "b"])
    assert text == "aab"
    assert 0.99 < confidence <= 1


def test_empty_line_reads_as_empty_text() -> None:
    assert greedy(softmax(np.array([[9.0, 0.0]] * 3, np.float32)), ["", "a"])[0] == ""


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


def test_second_opinion_confirms_what_is_printed_and_nothing_else(page_reader) -> None:
    image = np.asarray(make("QUYET_DINH", 1).pages[0].convert("RGB"))
    reading = page_reader.read(find_page(image, 300), 1)
    titles = [line for line in reading.read.lines if line.text == "QUYẾT ĐỊNH"]
    x0, y0, x1, y1 = (round(side / 25.4 * 300) for side in titles[0].box)
    crop = np.ascontiguousarray(image[y0 - 6 : y1 + 6, x0 - 6 : x1 + 6, 0])
    assert SecondOpinion().confirms([crop, crop], ["QUYẾT ĐỊNH", "QUYẾT ĐỊNK"]) == [True, False]


def test_second_opinion_that_is_too_late_confirms_nothing() -> None:
    crop = np.full((44, 400), 255, np.uint8)
    assert SecondOpinion(timeout_s=0.001).confirms([crop], ["x"]) == [False]
