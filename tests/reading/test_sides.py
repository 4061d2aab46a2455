"""The sides of a paper are drawn to its edges from a guess, on pale and on dark grounds, bowed or partly covered."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reading.outline import clockwise, quads_of
from agent.reading.paper_net import Sight, paper_net
from agent.reading.sides import Sides, drawn_to_edges
from agent.reading.values import Pixels

CORNERS = np.array([(300.0, 220.0), (1240.0, 260.0), (1300.0, 980.0), (250.0, 930.0)])
ROUGH = CORNERS + np.array([(65, -50), (-48, 52), (50, 48), (-52, -45)])
SHORT_SIDE = 672.0


# cv2.fillPoly paints the pixels that its outline touches: half a pixel on every side
def _paper(ground: int, paper: int = 230, corners: NDArray[np.float64] = CORNERS) -> Pixels:
    picture = np.full((1200, 1600, 3), ground, np.uint8)
    cv2.fillPoly(picture, [np.rint(corners * 16).astype(np.int32)], (paper,) * 3, cv2.LINE_AA, 4)
    noise = np.random.default_rng(1).normal(0, 2, picture.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255), np.uint8)


def _drawn(picture: Pixels, rough: NDArray[np.float64] = ROUGH) -> Sides:
    return drawn_to_edges(picture, paper_net().look(picture), [rough])


def _off(corners: NDArray[np.float64]) -> float:
    """Return the largest distance of a corner, as a share of the shortest side."""
    return float(np.linalg.norm(corners - CORNERS, axis=1).max()) / SHORT_SIDE


@pytest.mark.parametrize("ground", [20, 120, 215])
def test_sides_are_found_from_a_guess_that_is_a_tenth_off(ground: int) -> None:
    assert _off(_drawn(_paper(ground)).corners) < 0.006


def test_thumb_over_a_side_does_not_move_it() -> None:
    picture = _paper(60)
    cv2.circle(picture, (700, 230), 90, (170, 120, 90), -1)
    assert _off(_drawn(picture).corners) < 0.008


def test_print_near_the_edge_is_not_taken_for_it() -> None:
    picture = _paper(200)
    inner = CORNERS + np.array([(40, 40), (-40, 40), (-40, -40), (40, -40)])
    cv2.polylines(picture, [np.rint(inner).astype(np.int32)], True, (150, 30, 30), 4)
    assert _off(_drawn(picture, inner).corners) < 0.008


@pytest.mark.parametrize("bow", [9, 45])
def test_bowed_side_says_how_far(bow: int) -> None:
    along = np.linspace(0, 1, 60)[:, None]
    top = CORNERS[0] + (CORNERS[1] - CORNERS[0]) * along - np.array([0, bow]) * 4 * along * (1 - along)
    sides = _drawn(_paper(60, corners=np.vstack([top, CORNERS[2:]])))
    assert sides.bows[0] == pytest.approx(bow, abs=2 + bow / 15)
    assert max(map(abs, sides.bows[1:])) < 3
    assert _off(sides.corners) < 0.008


def test_side_beyond_the_picture_leaves_the_others_where_they_are() -> None:
    sides = _drawn(np.ascontiguousarray(_paper(60)[:, :1150]), CORNERS)
    assert np.linalg.norm(sides.corners[[0, 3]] - CORNERS[[0, 3]], axis=1).max() / SHORT_SIDE < 0.008


def test_net_that_knows_nothing_still_gives_four_corners() -> None:
    blind = np.full((96, 96), 0.5, np.float32)
    noise = np.random.default_rng(2).integers(0, 256, (1200, 1600, 3), np.uint8)
    sight = Sight(paper=blind, other=blind, hand=blind, glare=blind, scale=0.1)
    assert np.isfinite(drawn_to_edges(noise, sight, [ROUGH]).corners).all()


def test_quad_is_fitted_to_the_cells_a_net_gives() -> None:
    corners = CORNERS / 16.0
    fine = np.zeros((96 * 8, 96 * 8), np.uint8)
    cv2.fillPoly(fine, [np.rint((corners + 0.5) * 8 - 0.5).astype(np.int32)], (255,))
    cells = cv2.resize(fine, (96, 96), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    assert np.abs(quads_of(cells)[0] - corners).max() < 1.0


@pytest.mark.parametrize("level", [0.0, 1.0, 0.5])
def test_net_that_sees_nothing_or_everything_gives_no_odd_quad(level: float) -> None:
    quads = quads_of(np.full((96, 96), level, np.float32))
    assert all(np.ptp(quad, axis=0).min() > 90 for quad in quads)
    assert bool(quads) == (level > 0)


def test_paper_in_two_pieces_gives_a_rectangle_about_both() -> None:
    cells = np.zeros((96, 96), np.float32)
    cells[20:40, 10:80] = cells[50:70, 10:80] = 1.0
    around = [float(np.ptp(quad, axis=0).min()) for quad in quads_of(cells)]
    assert around[0] < 22
    assert max(around) > 47


def test_corners_are_ordered_from_the_top_left() -> None:
    for turn in range(4):
        assert np.array_equal(clockwise(np.roll(CORNERS, turn, axis=0)), CORNERS)
