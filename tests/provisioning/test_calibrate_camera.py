"""The target before a pinhole camera with a known lens and pose: what is wrong by a known amount is measured so."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from calibration_kiosk import FILM, FOLDER, calibrated
from click.testing import Result
from numpy.typing import NDArray
from PIL import Image

from models.specimens.photograph_camera import Camera, aimed, moved_by
from provisioning.calibration import camera_judge, target
from provisioning.calibration.figure import Figure
from provisioning.calibration.judge import TargetNotSeen

Picture = NDArray[np.uint8]
WIDE, HIGH = 1600, 1200
DPI = 150
CORNERS = np.array([(-75.0, -113.5), (75.0, -113.5), (75.0, 113.5), (-75.0, 113.5)])
"""The frame of marks from its middle, in mm."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """How the target is held, and what is wrong with camera and light."""

    turned_deg: float = 0.0
    tilt_deg: float = 0.0
    fill: float = 0.85
    bend: float = 0.0
    right_px: float = 0.0
    blur_px: float = 0.8
    light: float = 0.85
    light_at_the_right: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)


def picture(held: Held) -> Picture:
    """Return what the camera gives of the target."""
    straight = Camera(width=WIDE, height=HIGH, focal_px=1500.0, bend=held.bend, turn=np.eye(3), shift=np.zeros(3))
    camera = aimed(
        straight, CORNERS, turned_deg=held.turned_deg, tilt_deg=held.tilt_deg, tilt_towards_deg=90.0, fill=held.fill
    )
    camera = moved_by(camera, np.array([held.right_px, 0.0]))
    x_mm, y_mm = camera.sight(lambda x, y: np.zeros_like(x))
    size = (target.px(target.WIDTH_MM, DPI), target.px(target.HEIGHT_MM, DPI))
    page = cv2.resize(target.pixels(), size, interpolation=cv2.INTER_AREA)
    middle_x, middle_y = (105.0, 148.5)
    places = ((axis + middle) / 25.4 * DPI for axis, middle in ((x_mm, middle_x), (y_mm, middle_y)))
    seen = cv2.remap(page, *places, cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=110)
    lens = cv2.GaussianBlur(seen.astype(np.float32), None, held.blur_px)
    lit = (15 + lens * held.light)[..., None] * np.linspace(1.0, held.light_at_the_right, WIDE)[None, :, None]
    return np.clip(lit * np.array(held.tint), 0, 255).astype(np.uint8)


def figures(held: Held) -> dict[str, Figure]:
    pixels = picture(held)
    return {each.name: each for each in camera_judge.camera(pixels, camera_judge.find(pixels))}


def test_a_sharp_camera_that_looks_straight_passes() -> None:
    found = figures(Held())
    assert all(each.passes for each in found.values()), found
    assert abs(found["roll"].value) < 0.05 and abs(found["keystone across"].value) < 0.2
    assert found["fill"].value == pytest.approx(85, abs=0.5)


@pytest.mark.parametrize(
    ("held", "name", "value", "within"),
    [
        (Held(turned_deg=8.0), "roll", 8.0, 0.1),
        (Held(right_px=320.0), "off middle across", 20.0, 0.6),
        (Held(bend=0.25), "bend", 1.6, 0.8),
        (Held(light=0.45), "darkest white", 130.0, 2.0),
        (Held(light=1.0), "brightest white", 255.0, 1.0),
        (Held(light_at_the_right=0.4), "unevenness", 61.7, 3.0),
        (Held(tint=(1.0, 1.0, 0.8)), "colour cast", 46.0, 3.0),
    ],
)
def test_what_is_wrong_is_measured_and_its_remedy_is_said(held: Held, name: str, value: float, within: float) -> None:
    found = figures(held)
    assert not found[name].passes and found[name].remedy, found
    assert abs(found[name].value) == pytest.approx(value, abs=within)


def test_blur_is_measured_in_mm_of_the_paper() -> None:
    """A Gaussian's edge rises from 10 to 90 % within 2.563 σ."""
    for sigma_px in (1.5, 2.5):
        found = figures(Held(blur_px=sigma_px))
        assert found["blur"].value == pytest.approx(2.563 * sigma_px / found["resolution"].value, rel=0.1)
        assert not [each.name for each in found.values() if not each.passes and each.name != "blur"]
    assert not found["blur"].passes and "lens" in found["blur"].remedy


def test_a_tilted_camera_is_told_from_one_that_is_turned() -> None:
    found = figures(Held(tilt_deg=25.0))
    wrong = [each.name for each in found.values() if not each.passes]
    assert wrong in (["keystone across"], ["keystone down"])


def test_a_covered_corner_is_said_to_be_that() -> None:
    pixels = picture(Held())
    pixels[: HIGH // 3, : WIDE // 2] = 90
    with pytest.raises(TargetNotSeen, match="1 of the target's 4 corner marks"):
        camera_judge.find(pixels)


def tram(place: Path, devices: str, *words: str) -> Result:
    return calibrated(place, "camera", devices, *words, answers="\n")


def test_pass_and_fail_each_with_record_and_picture(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    Image.fromarray(picture(Held())).save(tmp_path / "pictures" / "a.png")
    done = tram(tmp_path, FOLDER)
    assert done.exit_code == 0 and "where a card is held" in done.output, done.output
    assert max(map(len, done.output.split("PASS  picture")[0].splitlines())) <= 100
    (shown,) = (tmp_path / "var" / "calibration").glob("*-camera.png")
    assert cv2.imread(str(shown)) is not None
    film = cv2.VideoWriter(str(tmp_path / "film.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (WIDE, HIGH))
    for _ in range(5):
        film.write(cv2.cvtColor(picture(Held(blur_px=2.5)), cv2.COLOR_RGB2BGR))
    film.release()
    blurred = tram(tmp_path, FOLDER + FILM, "--held", "--device", "front_camera")
    assert blurred.exit_code == 1 and "→ Focus: turn the lens" in blurred.output, blurred.output
    record = json.loads(max((tmp_path / "var" / "calibration").glob("*.json")).read_bytes())
    assert (record["device"], record["passed"]) == ("camera", False)


def test_which_camera_is_meant_is_asked_and_none_is_said_to_be_none(tmp_path: Path) -> None:
    none, several = tram(tmp_path, ""), tram(tmp_path, FOLDER + FILM)
    assert none.exit_code == 2 and "kiosk.toml has no camera" in none.output
    assert several.exit_code == 2 and "camera, front camera" in several.output
    other = tram(tmp_path, FOLDER, "--device", "back")
    assert other.exit_code == 2 and "There is no camera 'back'" in other.output
    silent = tram(tmp_path, FOLDER, "--held")
    assert silent.exit_code == 2 and "there is no folder" in silent.output
