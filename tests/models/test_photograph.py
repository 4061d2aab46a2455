"""Generated photographs: the same for the same seed, and their truth is where the pixels are."""

import cv2
import numpy as np
import pytest
from PIL import Image

from models.specimens import make
from models.specimens.photograph import Ground, PhotoFlaw, Photograph, paper_of, photograph

A4_100_DPI = (827, 1169)
NONE = frozenset[PhotoFlaw]()


def _white_paper() -> Image.Image:
    paper = Image.new("RGB", A4_100_DPI, (252, 251, 248))
    paper.info["dpi"] = (100, 100)
    return paper


def _shot(seed: int, *flaws: PhotoFlaw, ground: Ground = Ground.DARK) -> Photograph:
    return photograph(_white_paper(), seed, flaws=frozenset(flaws), long_side_px=900, ground=ground)


def _level(photo: Photograph, spot: np.ndarray) -> float:
    x, y = (round(float(value)) for value in spot)
    return float(np.asarray(photo.picture.convert("L"))[y - 2 : y + 3, x - 2 : x + 3].mean())


def test_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    one, again, other = _shot(1, *PhotoFlaw), _shot(1, *PhotoFlaw), _shot(2, *PhotoFlaw)
    assert one.picture.tobytes() == again.picture.tobytes()
    assert (one.outline, one.flaws) == (again.outline, again.flaws)
    assert one.picture.tobytes() != other.picture.tobytes()


@pytest.mark.parametrize("seed", range(6))
def test_outline_lies_where_paper_and_ground_meet(seed: int) -> None:
    photo = _shot(seed)
    corners = np.array(photo.outline)
    middle = corners.mean(axis=0)
    for side in range(4):
        edge = (corners[side] + corners[(side + 1) % 4]) / 2
        inwards = (middle - edge) / np.linalg.norm(middle - edge)
        assert _level(photo, edge + 7 * inwards) > _level(photo, edge - 7 * inwards) + 60


@pytest.mark.parametrize("seed", range(6))
def test_paper_lies_whole_in_the_picture_and_fills_what_it_should(seed: int) -> None:
    photo = _shot(seed)
    corners, size = np.array(photo.outline), np.array(photo.picture.size)
    assert (corners > 0).all()
    assert (corners < size).all()
    assert 0.33 < float((np.ptp(corners, axis=0) / size).max()) < 0.93
    assert photo.tilt_deg <= 25
    assert photo.size_mm == pytest.approx((210, 297), abs=0.2)


def test_flaws_are_in_the_picture_and_their_strength_is_told() -> None:
    sound = _shot(3)
    for flaw in PhotoFlaw:
        photo = _shot(3, flaw)
        assert set(photo.flaws) == {flaw}
        assert photo.flaws[flaw] != 0
        assert photo.picture.tobytes() != sound.picture.tobytes()


def test_sides_join_the_corners_and_bow_where_the_paper_curls() -> None:
    for flaw, bows in ((PhotoFlaw.CURLED_CORNER, False), (PhotoFlaw.CURL, True)):
        photo = _shot(7, flaw)
        corners = np.array(photo.outline)
        assert photo.sides[:, 0] == pytest.approx(corners)
        assert photo.sides[:, -1] == pytest.approx(np.roll(corners, -1, axis=0))
        middles, straight = photo.sides[:, photo.sides.shape[1] // 2], (corners + np.roll(corners, -1, axis=0)) / 2
        assert (float(np.linalg.norm(middles - straight, axis=1).max()) > 2) == bows


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_shows_beside_the_paper(ground: Ground) -> None:
    photo = _shot(8, ground=ground)
    picture = np.asarray(photo.picture).astype(float)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(np.array(photo.outline)).astype(np.int32), (1,))
    inside, outside = picture[mask == 1].mean(axis=0), picture[cv2.dilate(mask, np.ones((9, 9))) == 0]
    assert np.abs(outside.mean(axis=0) - inside).max() + outside.std() > 4


def test_cut_off_paper_has_a_corner_outside_and_a_second_paper_its_own_outline() -> None:
    cut, two = _shot(4, PhotoFlaw.CUT_OFF), _shot(4, PhotoFlaw.TWO_PAPERS)
    corners = np.array(cut.outline)
    assert ((corners < 0) | (corners > cut.picture.size)).any()
    assert len(two.others) == 1


def test_hand_covers_some_of_the_paper_and_says_where() -> None:
    photo = _shot(5, PhotoFlaw.HAND)
    assert 0 < photo.flaws[PhotoFlaw.HAND] < 0.3
    assert photo.covers[PhotoFlaw.HAND].shape == photo.picture.size[::-1]


def test_card_is_cut_from_its_page_with_round_corners() -> None:
    card = paper_of(make("CCCD_CHIP", 1))
    alpha = np.asarray(card)[:, :, 3]
    assert card.width / 300 * 25.4 == pytest.approx(85.6, abs=0.2)
    assert alpha[0, 0] == 0
    assert alpha[card.height // 2, 0] == 255
