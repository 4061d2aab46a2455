"""The sides of a paper are drawn to its edges from a guess, on pale and on dark grounds, bowed or partly covered."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reading.edges import sharpened
from agent.reading.nearing import drawn_near, settled
from agent.reading.outline import clockwise, quad_of
from agent.reading.values import Pixels

CORNERS = np.array([(300.0, 220.0), (1240.0, 260.0), (1300.0, 980.0), (250.0, 930.0)])
ROUGH = CORNERS + np.array([(25, -20), (-18, 22), (20, 18), (-22, -15)])
CLOSE = CORNERS + np.array([(5, -4), (-4, 5), (5, 3), (-4, -4)])


# cv2.fillPoly paints the pixels that its outline touches: half a pixel on every side
def _paper(ground: int, paper: int = 230, corners: NDArray[np.float64] = CORNERS) -> Pixels:
    picture = np.full((1200, 1600, 3), ground, np.uint8)
    cv2.fillPoly(picture, [np.rint(corners * 16).astype(np.int32)], (paper,) * 3, cv2.LINE_AA, 4)
    noise = np.random.default_rng(1).normal(0, 2, picture.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255), np.uint8)


def _off(corners: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(corners - CORNERS, axis=1).max())


@pytest.mark.parametrize("ground", [20, 120, 218])
def test_corners_are_found_to_a_pixel_from_a_close_guess(ground: int) -> None:
    assert _off(sharpened(_paper(ground), CLOSE).corners) < 1.7


@pytest.mark.parametrize("ground", [20, 120])
def test_rough_guess_is_drawn_near(ground: int) -> None:
    assert _off(drawn_near(_paper(ground), ROUGH)) < 8


def test_dark_paper_on_a_bright_table_is_found_as_well() -> None:
    assert _off(sharpened(_paper(220, paper=50), CLOSE).corners) < 1.7


def test_thumb_over_a_side_does_not_move_it() -> None:
    picture = _paper(60)
    cv2.circle(picture, (700, 230), 90, (170, 120, 90), -1)
    assert _off(sharpened(picture, CLOSE).corners) < 2


def test_straight_sides_have_no_bow_and_a_bowed_one_says_how_far() -> None:
    assert sharpened(_paper(60), CLOSE).bows == (0, 0, 0, 0)
    along = np.linspace(0, 1, 60)[:, None]
    top = CORNERS[0] + (CORNERS[1] - CORNERS[0]) * along - np.array([0, 9]) * 4 * along * (1 - along)
    sides = sharpened(_paper(60, corners=np.vstack([top, CORNERS[2:]])), CLOSE)
    assert sides.bows[0] == pytest.approx(9, abs=1)
    assert sides.bows[1:] == (0, 0, 0)
    assert _off(sides.corners) < 2


def test_side_beyond_the_picture_stays_where_it_was_guessed() -> None:
    cut = _paper(60)[:, :1150]
    sides = sharpened(np.ascontiguousarray(cut), CLOSE)
    assert sides.support[1] == 0
    assert np.linalg.norm(sides.corners[[0, 3]] - CORNERS[[0, 3]], axis=1).max() < 2


def test_quad_is_fitted_to_the_cells_a_net_gives() -> None:
    cells = np.zeros((96, 96), np.float32)
    corners = CORNERS / 16.0
    fine = np.zeros((96 * 8, 96 * 8), np.uint8)
    cv2.fillPoly(fine, [np.rint((corners + 0.5) * 8 - 0.5).astype(np.int32)], (255,))
    cells[:] = cv2.resize(fine, (96, 96), interpolation=cv2.INTER_AREA) / 255
    quad = quad_of(cells)
    assert quad is not None
    assert np.abs(settled(cells, quad) - corners).max() < 1.0


@pytest.mark.parametrize("level", [0.0, 1.0, 0.5])
def test_net_that_sees_nothing_or_everything_gives_no_odd_quad(level: float) -> None:
    quad = quad_of(np.full((96, 96), level, np.float32))
    assert quad is None or np.ptp(quad, axis=0).min() > 90


def test_corners_are_ordered_from_the_top_left() -> None:
    for turn in range(4):
        assert np.array_equal(clockwise(np.roll(CORNERS, turn, axis=0)), CORNERS)
