"""Training lines are drawn from a seed, legible and as tall as the reader wants them."""

import random

import numpy as np
import pytest

from agent.reading.line_view import fit_height
from models.reader.charset import CHARS, HEIGHT_PX
from models.reader.corpus import Corpus, Exclusion, Pool
from models.reader.faces import Face, Faces, find_faces
from models.reader.ink import Setting, set_line
from models.reader.pen import PEN_CHARS, pen_line
from models.reader.render import MAX_WIDTH_PX, MIN_CHAR_PX, draw_sample, render_line
from models.reader.text import LineTexts


@pytest.fixture(scope="module")
def faces() -> Faces:
    try:
        return find_faces()
    except FileNotFoundError as none:
        pytest.skip(str(none))


@pytest.fixture(scope="module")
def full_face(faces: Faces) -> Face:
    complete = [face for face in faces if not face.lacks]
    if not complete:
        pytest.skip("no face with all Vietnamese letters: apt-get install fonts-texgyre")
    return complete[0]


@pytest.fixture(scope="module")
def texts() -> LineTexts:
    pool = Pool(paragraphs=("Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở",), weight=1)
    return LineTexts(Corpus(pools=(pool,), places=("Phường Ba Đình",), syllables=("đất",)), Exclusion.of(()))


def test_the_same_seed_draws_the_same_lines(faces: Faces, texts: LineTexts):
    first, second = (
        [draw_sample(rng, texts, faces, 110) for _ in range(40)] for rng in (random.Random(7), random.Random(7))
    )
    assert [sample.text for sample in first] == [sample.text for sample in second]
    assert all(np.array_equal(a.grey, b.grey) for a, b in zip(first, second, strict=True))


def test_every_line_is_forty_rows_high_and_wide_enough_for_its_text(faces: Faces, texts: LineTexts):
    rng = random.Random(8)
    for sample in (draw_sample(rng, texts, faces, 110) for _ in range(60)):
        assert sample.grey.dtype == np.uint8
        assert sample.grey.shape[0] == HEIGHT_PX
        assert MIN_CHAR_PX * len(sample.text) < sample.grey.shape[1] <= MAX_WIDTH_PX
        assert sample.grey.std() > 1, f"no ink in {sample.text!r}"


def test_a_text_that_no_face_has_is_not_drawn_as_boxes(full_face: Face, texts: LineTexts):
    none = Faces([Face(path=full_face.path, weight=1, lacks=frozenset("ễ"))])
    assert render_line(random.Random(1), "Nguyễn", none, texts) is None


def test_every_character_but_the_space_leaves_its_own_ink(full_face: Face):
    strips = {char: set_line(char, Setting(face=full_face, em_px=48)) for char in CHARS if char != " "}
    assert all(strip.cover.max() > 128 for strip in strips.values())
    distinct = {(strip.cover.tobytes(), strip.above_px, strip.cover.shape) for strip in strips.values()}
    assert len(distinct) >= len(strips) - 2, "at most a few marks may share a glyph"


def test_flat_accents_keep_the_letters_and_lower_the_line(full_face: Face):
    tall = set_line("NGUYỄN THỊ ẨN", Setting(face=full_face, em_px=40))
    flat = set_line("NGUYỄN THỊ ẨN", Setting(face=full_face, em_px=40, accent_height=0.6))
    below = tall.cover.shape[0] - tall.above_px
    assert flat.above_px < tall.above_px
    assert flat.cover.shape[0] - flat.above_px == below


def test_a_space_alone_has_no_width(full_face: Face):
    assert set_line(" ", Setting(face=full_face, em_px=30)).cover.shape[1] == 0


def test_the_pen_writes_only_what_it_knows_and_always_leaves_ink():
    for char in sorted(PEN_CHARS - {" "}):
        cover, above_px = pen_line(random.Random(1), char, 40)
        assert cover.max() == 255
        assert 0 < above_px < cover.shape[0]


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (400, 3), (12, 90)])
def test_any_crop_is_scaled_to_the_height_of_the_net(shape: tuple[int, int]):
    scaled = fit_height(np.zeros(shape, np.uint8))
    assert scaled.shape[0] == HEIGHT_PX
    assert scaled.shape[1] >= 8
