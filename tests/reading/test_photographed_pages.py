"""A paper photographed from above: found, flattened, upright; what spoils the picture is said to whoever can mend it.

The photographs are generated (models/specimens/photograph.py); 300 of them are measured by tests.bench.page_finding.
"""

import time
import tracemalloc

import cv2
import numpy as np
import pytest
from PIL import Image

from agent.reading.page import find_page
from agent.reading.photograph import find_sides
from agent.reading.understand import understand
from agent.reading.values import Page, Pixels, ReadPage
from contract.grounds import Ground
from models.specimens import make
from models.specimens.photograph import Ground as Table
from models.specimens.photograph import PhotoFlaw, Photograph, paper_of, photograph
from tests.bench.page_finding import error_of

SOUND = frozenset[PhotoFlaw]()
FILL = (0.7, 0.88)


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    return paper_of(make("CONG_VAN", 3))


@pytest.fixture(scope="module")
def card() -> Image.Image:
    return paper_of(make("CCCD_CHIP", 3))


def _pixels(photo: Photograph) -> Pixels:
    return np.asarray(photo.picture)


def _said(page: Page) -> set[str]:
    read = ReadPage(number=1, lines=(), quality=page.quality, width_mm=page.width_mm, height_mm=page.height_mm)
    return {finding.ground for finding in understand([read], [()]).findings}


def _alike(one: Pixels, other: Pixels) -> float:
    small = [cv2.resize(page, (200, 280), interpolation=cv2.INTER_AREA).astype(float).ravel() for page in (one, other)]
    return float(np.corrcoef(*small)[0, 1])


@pytest.mark.parametrize("table", [*Table])
def test_letter_is_found_on_every_ground_and_flattened_to_a4(letter: Image.Image, table: Table) -> None:
    photo = photograph(letter, 21, flaws=SOUND, ground=table, fill=FILL)
    sides, page = find_sides(_pixels(photo)), find_page(_pixels(photo), None)
    assert sides is not None
    assert error_of(sides.corners, np.array(photo.outline)) < 0.01
    assert (page.width_mm, page.height_mm) == pytest.approx((210, 297), abs=0.2)
    assert page.quality.source_dpi == pytest.approx(photo.dpi, rel=0.03)
    upright = np.asarray(letter.convert("RGB"))
    assert (
        max(_alike(page.pixels, upright), _alike(page.pixels, upright[::-1, ::-1])) > 0.7
    )  # the wrong way round it is below 0.1


@pytest.mark.parametrize("seed", range(30, 36))
def test_card_is_found_and_flattened_to_its_true_size(card: Image.Image, seed: int) -> None:
    page = find_page(_pixels(photograph(card, seed, flaws=SOUND, fill=FILL)), None)
    assert (page.width_mm, page.height_mm) == pytest.approx((85.6, 53.98), abs=0.2)


def test_lines_run_across_whichever_way_the_letter_lay(letter: Image.Image) -> None:
    quarters = {round(photo.turned_deg / 90) % 4: photo for photo in _sound_photographs(letter)}
    assert set(quarters) == {0, 1, 2, 3}
    for photo in quarters.values():
        page = find_page(_pixels(photo), None)
        assert page.pixels.shape[0] > page.pixels.shape[1]


def _sound_photographs(paper: Image.Image) -> list[Photograph]:
    return [photograph(paper, seed, flaws=SOUND, fill=FILL, long_side_px=1600) for seed in range(40, 50)]


def test_sound_photograph_gives_no_cause_to_take_it_again(letter: Image.Image) -> None:
    photo = photograph(letter, 52, flaws=SOUND, fill=(0.85, 0.9), long_side_px=3800)
    assert photo.dpi > 250
    page = find_page(_pixels(photo), None)
    assert {ground for ground in _said(page) if ground.startswith("QUALITY_")} == set()


@pytest.mark.parametrize(
    ("flaw", "ground", "seed"),
    [
        (PhotoFlaw.BLUR, Ground.QUALITY_BLUR, 60),
        (PhotoFlaw.MOTION, Ground.QUALITY_BLUR, 61),
        (PhotoFlaw.GLARE, Ground.QUALITY_GLARE, 62),
        (PhotoFlaw.HAND, Ground.QUALITY_COVERED, 65),
        (PhotoFlaw.CUT_OFF, Ground.QUALITY_CUT_EDGE, 65),
        (PhotoFlaw.TWO_PAPERS, Ground.QUALITY_TWO_PAPERS, 66),
    ],
)
def test_flaw_is_told_with_what_to_do(letter: Image.Image, flaw: PhotoFlaw, ground: Ground, seed: int) -> None:
    photo = photograph(letter, seed, flaws=frozenset({flaw}), fill=(0.6, 0.7), ground=Table.WOOD)
    assert ground in _said(find_page(_pixels(photo), None))


@pytest.mark.slow
def test_deep_shadow_is_told_unless_it_is_small() -> None:
    sheet = Image.new("RGB", (827, 1169), (250, 250, 248))
    sheet.info["dpi"] = (100, 100)
    told = []
    for seed in range(70, 80):
        photo = photograph(sheet, seed, flaws=frozenset({PhotoFlaw.SHADOW}), fill=FILL, ground=Table.DARK)
        page = find_page(_pixels(photo), None)
        assert page.quality.shot is not None
        if photo.flaws[PhotoFlaw.SHADOW] > 0.45:
            told.append(page.quality.shot.shade > 0.3)
    assert len(told) == 9
    assert sum(told) >= 7


def test_of_two_papers_the_larger_is_read(letter: Image.Image) -> None:
    photo = photograph(letter, 66, flaws=frozenset({PhotoFlaw.TWO_PAPERS}), fill=(0.5, 0.6), ground=Table.DARK)
    sides = find_sides(_pixels(photo))
    assert sides is not None
    assert error_of(sides.corners, np.array(photo.outline)) < 0.01


def test_table_without_a_paper_is_told() -> None:
    table = cv2.resize(np.random.default_rng(1).integers(0, 120, (12, 16, 3), np.uint8), (1600, 1200))
    page = find_page(table, None)
    assert page.quality.shot is not None
    assert not page.quality.shot.found
    assert _said(page) == {Ground.QUALITY_NO_PAPER}


@pytest.mark.parametrize("shape", [(3508, 2480), (3000, 2480)])
def test_scan_without_a_resolution_stays_a_scan(letter: Image.Image, shape: tuple[int, int]) -> None:
    pixels = np.ascontiguousarray(np.asarray(letter)[: shape[0], : shape[1]])
    assert find_page(pixels, None).quality.shot is None


def test_two_cards_on_a_scanners_bed_stay_on_one_page() -> None:
    pixels = np.asarray(make("CCCD_CHIP", 1).pages[0].convert("RGB"))
    page = find_page(pixels, None)
    assert page.quality.shot is None
    assert page.pixels.shape == pixels.shape


def _noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.full((3000, 4000, 3), 255, np.uint8), Ground.QUALITY_BLANK),
        (np.zeros((3000, 4000, 3), np.uint8), Ground.QUALITY_BLANK),
        (np.full((1, 1, 3), 200, np.uint8), Ground.QUALITY_BLANK),
        (np.full((70, 20_000, 3), 255, np.uint8), Ground.QUALITY_BLANK),
        (_noise(1500, 2000), Ground.QUALITY_UNREAD),
        (_noise(64, 9000), Ground.QUALITY_NO_PAPER),
    ],
    ids=["white", "black", "one pixel", "a strip", "noise", "a strip of noise"],
)
def test_picture_of_nothing_is_told_in_time_and_little_memory(pixels: Pixels, expected: Ground) -> None:
    tracemalloc.start()
    began = time.process_time()
    page = find_page(pixels, None)
    assert time.process_time() - began < 5
    assert tracemalloc.get_traced_memory()[1] < 500_000_000
    tracemalloc.stop()
    assert expected in _said(page)
