"""A sheet on the glass becomes a page: cut out, straight, at 300 dpi; nothing is cut that is paper."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reading.page import find_page, guess_dpi
from models.specimens import make

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def decision() -> Pixels:
    return np.asarray(make("QUYET_DINH", 1).pages[0].convert("RGB"))


def _turned(pixels: Pixels, degrees: float, ground: int) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(pixels, turn, (width, height), borderValue=(ground,) * 3).astype(np.uint8)


def _alike(one: Pixels, other: Pixels) -> float:
    size = (200, 280)
    small = [cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.float64).ravel() for page in (one, other)]
    return float(np.corrcoef(*small)[0, 1])


def test_straight_scan_is_left_as_it_is(decision: Pixels) -> None:
    page = find_page(decision, 300)
    assert page.pixels.shape == decision.shape
    assert _alike(page.pixels, decision) > 0.999


@pytest.mark.parametrize("degrees", [-12.0, -3.3, 1.2, 8.0])
def test_skewed_scan_on_a_white_lid_is_straightened(decision: Pixels, degrees: float) -> None:
    assert _alike(find_page(_turned(decision, degrees, 250), 300).pixels, decision) > 0.9


@pytest.mark.parametrize("degrees", [-6.0, 0.0, 4.0])
def test_paper_on_a_dark_lid_is_cut_out_to_its_true_size(decision: Pixels, degrees: float) -> None:
    bed = np.full((4200, 3300, 3), 20, np.uint8)
    bed[300 : 300 + 3508, 400 : 400 + 2480] = decision
    page = find_page(_turned(bed, degrees, 20), 300)
    assert abs(page.width_mm - 210) < 2.1
    assert abs(page.height_mm - 297) < 3.0


def test_page_on_its_side_is_set_upright(decision: Pixels) -> None:
    for quarters in (1, 3):
        page = find_page(np.ascontiguousarray(np.rot90(decision, quarters)), 300)
        assert page.pixels.shape[0] > page.pixels.shape[1]


def test_printed_frame_is_not_taken_for_the_papers_edge() -> None:
    certificate = np.asarray(make("KHAI_SINH", 1).pages[0].convert("RGB"))
    assert find_page(certificate, 300).pixels.shape == certificate.shape


def test_page_without_resolution_is_scaled_as_a4(decision: Pixels) -> None:
    half = cv2.resize(decision, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert guess_dpi(half) == 150
    page = find_page(half, None)
    assert abs(page.width_mm - 210) < 1
    assert page.quality.source_dpi == 150


@pytest.mark.parametrize("level", [0, 128, 255])
def test_empty_page_has_no_ink(level: int) -> None:
    page = find_page(np.full((3508, 2480, 3), level, np.uint8), 300)
    assert page.quality.ink_share == 0
    assert page.quality.sharpness == 0


def test_blur_lowers_sharpness_and_leaves_sharp_scans_alone(decision: Pixels) -> None:
    blurred = cv2.GaussianBlur(decision, (0, 0), 5).astype(np.uint8)
    assert find_page(decision, 300).quality.sharpness > 0.5
    assert find_page(blurred, 300).quality.sharpness < 0.35


def test_print_that_runs_off_the_page_is_noticed(decision: Pixels) -> None:
    cut = np.ascontiguousarray(decision[:, 420:])
    assert "left" in find_page(cut, 300).quality.cut_edges
    assert find_page(decision, 300).quality.cut_edges == ()
