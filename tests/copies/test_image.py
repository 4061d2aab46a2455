"""A page in its budget, and still the same page to a reader and to the eye."""

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from drawn_paper import MM_PER_PX, Paper, decoded
from PIL import Image

from agent.copies.image import BUDGET_BYTES, Pixels, encode, has_colour


def distance(said: str, meant: str) -> int:
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, wanted in enumerate(meant, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (letter != wanted))
    return row[-1]


def tesseract(pixels: Pixels) -> str:
    if shutil.which("tesseract") is None:
        pytest.fail("tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-vie")
    png = BytesIO()
    Image.fromarray(pixels).save(png, "PNG", dpi=(300, 300))
    command = ["tesseract", "-", "-", "-l", "vie", "--psm", "6"]
    run = subprocess.run(command, input=png.getvalue(), capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"})
    return " ".join(run.stdout.decode().split())


def errors_before_and_after(pixels: Pixels, data: bytes, rows: slice, meant: str) -> tuple[int, int]:
    """Return the reader's character errors in some rows of the page, as scanned and as encoded."""
    before, after = (tesseract(each[rows]) for each in (pixels, decoded(data)))
    return distance(before, meant), distance(after, meant)


def test_full_text_page_keeps_the_budget_and_its_letters(text_paper: Paper) -> None:
    image = encode(text_paper.pixels)
    meant = " ".join(line.text for line in text_paper.lines[:12])
    rows = slice(150, round(text_paper.lines[11].box[3] / MM_PER_PX) + 20)
    before, after = errors_before_and_after(text_paper.pixels, image.data, rows, meant)
    assert len(image.data) <= BUDGET_BYTES * 1.01
    assert (image.width_px, image.height_px, image.grey) == (2480, 3508, True)
    assert after <= before + 0.002 * len(meant)


def test_seal_stays_red(sealed_paper: Paper) -> None:
    image = encode(sealed_paper.pixels)
    ring = decoded(image.data)[2695:2706, 1302:1308].reshape(-1, 3).mean(axis=0)
    assert not image.grey
    assert np.abs(ring - sealed_paper.pixels[2695:2706, 1302:1308].reshape(-1, 3).mean(axis=0)).max() < 20
    assert ring[0] > 170
    assert max(ring[1:]) < 90


def test_card_stays_jpeg_of_high_quality() -> None:
    rng = np.random.default_rng(1)
    ground = np.full((638, 1011, 3), (200, 220, 235), np.uint8)
    ground[100:400, 60:300] = rng.integers(90, 200, (300, 240, 3), dtype=np.uint8)
    image = encode(ground)
    assert image.filter == "/DCTDecode"
    assert image.width_mm == pytest.approx(85.6, abs=0.1)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (5000, 3508)])
def test_odd_sizes_are_encoded(size: tuple[int, int]) -> None:
    image = encode(np.full((*size, 3), 255, np.uint8))
    assert decoded(image.data).shape[:2] == size


def test_noise_that_no_codec_can_pack_still_keeps_the_budget() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (3508, 2480, 3), dtype=np.uint8)
    assert len(encode(noise).data) <= BUDGET_BYTES * 1.01


def test_grey_print_on_tinted_paper_is_no_colour(text_paper: Paper) -> None:
    assert not has_colour(text_paper.pixels)
    assert not has_colour(np.full((100, 100, 3), (250, 247, 240), np.uint8))


def test_one_faint_stroke_of_a_blue_pen_is_colour(text_paper: Paper) -> None:
    signed = text_paper.pixels.copy()
    signed[3300:3303, 1000:1060] = (120, 130, 190)
    assert has_colour(signed)


@pytest.mark.parametrize("name", ["scan_41", "scan_70"])
def test_real_office_scan_is_read_as_well_as_before(shared: Path, name: str) -> None:
    pages = shared / "eval" / "ocr" / "pages"
    scan = Image.open(pages / f"{name}.webp").convert("RGB")
    pixels = np.asarray(scan.resize((scan.width * 3 // 2, scan.height * 3 // 2), Image.Resampling.LANCZOS))
    truth = json.loads((pages / f"{name}.json").read_text())
    lines = [line for line in truth["lines"] if line["box"][1] * 1.5 >= 800 and line["box"][3] * 1.5 <= 2000]
    rows = slice(int(lines[0]["box"][1] * 1.5) - 12, int(lines[-1]["box"][3] * 1.5) + 12)
    meant, image = " ".join(line["text"] for line in lines), encode(pixels)
    before, after = errors_before_and_after(pixels, image.data, rows, meant)
    assert len(image.data) <= BUDGET_BYTES * 1.01
    assert after - before <= 0.004 * len(meant)
