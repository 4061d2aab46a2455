"""What the line finder learns from: every drawn line has one core of its own, and pages come again with their seed."""

import random

import cv2
import numpy as np
import pytest

from agent.reading.levels import normalise
from models.linefinder.canvas import Canvas
from models.linefinder.evaluate import best_pairs, overlap
from models.linefinder.pages import Studio, draw_page, photographed
from models.linefinder.papers import core_of, draw_paper
from models.specimens.faces import Family, font
from models.specimens.values import TruthLine

FACE = font(Family.SERIF, False, False, 40)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(5)


def pieces(canvas: Canvas) -> int:
    return cv2.connectedComponents(np.asarray(canvas.cores))[0] - 1


def test_words_of_a_line_share_one_core_from_baseline_to_x_height() -> None:
    canvas = Canvas()
    canvas.write(100, 500, [(word, FACE) for word in ("Ủy", "ban", "nhân", "dân")])
    rows = np.flatnonzero(np.asarray(canvas.cores).any(axis=1))
    assert pieces(canvas) == 1
    assert rows[-1] == 499
    assert rows[0] == pytest.approx(500 - 0.45 * 40, abs=2)


def test_words_with_a_columns_gap_between_them_are_two_lines() -> None:
    canvas = Canvas()
    canvas.write(100, 500, [("trái", FACE), ("phải", FACE)], stretch=2 * 40)
    assert pieces(canvas) == 2


def test_dots_and_rules_of_a_form_have_no_core() -> None:
    canvas = Canvas()
    for kind in ("dots", "rule"):
        canvas.leader(kind, 100, 900, 500, 30, 7)
    assert pieces(canvas) == 0
    assert (np.asarray(canvas.picture) < 128).sum() > 200


def test_transparent_ink_across_the_edge_of_a_sheet_is_cut_off() -> None:
    canvas = Canvas()
    canvas.press(np.zeros((60, 60), np.uint8), -40, -40)
    canvas.press(np.zeros((60, 60), np.uint8), 5000, 5000)
    assert (np.asarray(canvas.picture) == 0).sum() == 20 * 20


def test_the_same_seed_draws_the_same_page(studio: Studio) -> None:
    one, other = (draw_page(studio, random.Random(8)) for _ in range(2))
    assert np.array_equal(one.grey, other.grey)
    assert np.array_equal(one.cores, other.cores)


@pytest.mark.parametrize("seed", range(3))
def test_a_photographed_page_keeps_its_cores_on_its_ink(studio: Studio, seed: int) -> None:
    rng = random.Random(seed)
    page = photographed(draw_page(studio, rng), rng)
    assert page.grey.shape == tuple(2 * side for side in page.cores.shape)
    levels = cv2.resize(normalise(page.grey), page.cores.shape[::-1], interpolation=cv2.INTER_AREA)
    assert levels[page.cores > 200].mean() > 3 * max(0.02, levels[page.cores == 0].mean())


def test_a_specimens_lines_become_cores(studio: Studio) -> None:
    page = draw_paper(random.Random(2))
    assert 0.005 < (page.cores > 127).mean() < 0.2


@pytest.mark.parametrize("text", ["ẤP GIỮA", "xem ở", "ghi nhận", "ngày 12/3"])
def test_a_core_follows_from_the_tight_box_and_the_letters_whatever_they_are(text: str) -> None:
    left, top, right, bottom = FACE.getbbox(text, anchor="ls")
    box = (100, 500 + int(top), 100 + int(right - left), 500 + int(bottom))
    _, x_height, _, baseline = core_of(TruthLine(text=text, box=box))
    assert baseline == pytest.approx(500, abs=1.5)
    assert x_height == pytest.approx(500 - 18, abs=2)


def test_pairs_are_one_to_one_best_first() -> None:
    truths, found = [(0, 0, 10, 10), (0, 10, 10, 20)], [(0, 0, 10, 12), (0, 1, 10, 11), (50, 50, 60, 60)]
    assert overlap(truths[0], found[0]) == pytest.approx(100 / 120)
    assert [(truth, line) for truth, line, _ in best_pairs(truths, found)] == [(0, 0), (1, 1)]
