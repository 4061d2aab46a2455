"""A paper's shape is told from perspective alone, though the camera's focal length is unknown."""

import numpy as np
import pytest

from agent.reading.true_size import size_mm
from models.specimens.photograph_camera import Camera, aimed

SIZES = [(210.0, 297.0), (297.0, 210.0), (85.6, 53.98), (53.98, 85.6)]


def _seen(size: tuple[float, float], tilt_deg: float, towards_deg: float, focal: float) -> np.ndarray:
    still = Camera(width=3000, height=2250, focal_px=focal * 3000, bend=0.0, turn=np.eye(3), shift=np.zeros(3))
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array(size) / 2
    return aimed(still, corners, turned_deg=7, tilt_deg=tilt_deg, tilt_towards_deg=towards_deg, fill=0.7).project(
        corners
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tilt_deg", [0, 12, 25])
@pytest.mark.parametrize("towards_deg", [0, 40, 90, 200])
@pytest.mark.parametrize("focal", [0.7, 1.2])
def test_a4_and_cards_are_told_apart(
    size: tuple[float, float], tilt_deg: float, towards_deg: float, focal: float
) -> None:
    assert size_mm(_seen(size, tilt_deg, towards_deg, focal), 3000, 2250) == pytest.approx(size, rel=0.01)


def test_passport_page_has_the_shape_of_a4_and_is_taken_for_it() -> None:
    assert size_mm(_seen((88.0, 125.0), 10, 30, 0.95), 3000, 2250) == (210.0, 297.0)


def test_paper_of_another_shape_keeps_its_own() -> None:
    width, height = size_mm(_seen((80.0, 200.0), 10, 30, 0.95), 3000, 2250)
    assert height / width == pytest.approx(2.5, rel=0.05)
