"""The target through the true scanner class (SANE's pnm backend): what is spoilt by a known amount is measured so."""

import json
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from calibration_kiosk import TOML
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from PIL import Image

from provisioning.calibrate import calibrate
from provisioning.calibration import judge, target

Page = NDArray[np.uint8]


DPI = 150
"""A scan at half the resolution is as good to measure and quicker to spoil."""


def scan(
    *,
    across: float = 1.0,
    turned_deg: float = 0.0,
    right_mm: float = 0.0,
    tint: tuple[int, int, int] = (0, 0, 0),
    dim: float = 1.0,
    dpi: int = DPI,
) -> Page:
    """Return the target as a scanner with these faults would give it."""
    size = (target.px(target.WIDTH_MM, dpi), target.px(target.HEIGHT_MM, dpi))
    page = cv2.cvtColor(cv2.resize(target.pixels(), size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2RGB)
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), -turned_deg, 1.0)
    turn[0] *= across
    turn[0, 2] += right_mm / 25.4 * dpi
    warped = cv2.warpAffine(page, turn, size, flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    spoilt = cv2.convertScaleAbs(warped, alpha=dim * 0.92, beta=12)
    return np.clip(spoilt.astype(np.int16) + np.array(tint, dtype=np.int16), 0, 255).astype(np.uint8)


def figures(page: Page) -> dict[str, judge.Figure]:
    return {each.name: each for each in judge.scanner(page, judge.find(page, DPI))}


def test_a_true_scanner_passes() -> None:
    found = figures(scan())
    assert all(each.passes for each in found.values()), found
    assert abs(found["size across"].value) < 0.05 and abs(found["skew"].value) < 0.05


@pytest.mark.parametrize(
    ("spoilt", "name", "value", "within"),
    [
        ({"across": 1.01}, "size across", 1.0, 0.05),
        ({"across": 0.985}, "size across", -1.5, 0.05),
        ({"turned_deg": 2.0}, "skew", 2.0, 0.05),
        ({"tint": (-20, 0, 0)}, "colour cast", 20.0, 2.0),
        ({"dim": 0.8}, "white", 200.0, 8.0),
    ],
)
def test_what_is_wrong_is_measured_and_nothing_else_fails(
    spoilt: dict[str, float], name: str, value: float, within: float
) -> None:
    found = figures(scan(**spoilt))  # type: ignore[arg-type]
    assert [each for each in found.values() if not each.passes] == [found[name]], found
    assert found[name].value == pytest.approx(value, abs=within)


def test_light_that_falls_off_to_one_side_is_uneven() -> None:
    page = scan().astype(float) * np.linspace(1.0, 0.88, target.px(target.WIDTH_MM, DPI))[None, :, None]
    assert not figures(np.clip(page, 0, 255).astype(np.uint8))["unevenness"].passes


def test_a_page_that_is_not_wholly_on_the_glass_is_said_to_be_that() -> None:
    with pytest.raises(judge.TargetNotSeen, match="2 of the target's 4 corner marks"):
        judge.find(scan()[: target.px(200, DPI)], DPI)


def test_the_scanners_own_error_is_taken_out_of_the_printers() -> None:
    page = scan(across=1.004, right_mm=4.0)
    seen = judge.find(page, DPI)
    found = {each.name: each for each in judge.printer(page, seen, 1.004, 1.0)}
    assert abs(found["size across"].value) < 0.05
    assert not found["shift right"].passes and found["shift right"].value == pytest.approx(4.4, abs=0.3)
    assert found["shift down"].passes


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    (tmp_path / "sane").mkdir()
    (tmp_path / "sane" / "dll.conf").write_text("pnm\n")
    (tmp_path / "sane" / "pnm.conf").write_text("")
    path = tmp_path / "kiosk.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def tram(toml: Path, *words: str) -> Result:
    return CliRunner().invoke(calibrate, [*words, "--config", str(toml)])


def test_first_the_scanner_then_the_printer_each_with_record_and_picture(toml: Path) -> None:
    Image.fromarray(scan(dpi=300)).save(toml.parent / "page.ppm")
    early = tram(toml, "printer", "--printed")
    assert early.exit_code == 2 and "Calibrate it first" in early.output
    done = tram(toml, "scanner")
    assert done.exit_code == 0, done.output
    assert "PASS" in done.output and max(map(len, done.output.split("PASS  picture")[0].splitlines())) <= 80
    printed = tram(toml, "printer", "--printed")
    assert printed.exit_code == 0, printed.output
    Image.fromarray(scan(turned_deg=1.6, dpi=300)).save(toml.parent / "page.ppm")
    crooked = tram(toml, "scanner")
    assert crooked.exit_code == 1 and "FAIL" in crooked.output
    folder = toml.parent / "var" / "calibration"
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    assert [(each["device"], each["passed"]) for each in records if each["device"] == "printer"] == [("printer", True)]
    assert any(not each["passed"] for each in records)
    assert all(cv2.imread(str(path.with_suffix(".png"))) is not None for path in folder.glob("*.json"))


def test_the_target_is_a_page_of_exactly_a4(tmp_path: Path) -> None:
    assert CliRunner().invoke(calibrate, ["target", str(tmp_path / "target.pdf")]).exit_code == 0
    (page,) = pypdfium2.PdfDocument(tmp_path / "target.pdf")
    assert [round(side / 72 * 25.4, 1) for side in page.get_size()] == [210.0, 297.0]
