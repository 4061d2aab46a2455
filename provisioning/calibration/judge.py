"""What a scan of the target says: true size, skew, shift, light, colour cast; each beside its limit.

| figure | of a scanner | of a printer (seen through the scanner) |
|---|---|---|
| size | within 0.5 % across and down | within 1 % |
| skew | at most 1° | at most 1° |
| shift | – | at most 3 mm from where the page's corner lies |
| white, black | bare paper ≥ 215, ink ≤ 95 (of 255) | ink ≤ 95 |
| evenness | bare paper differs by at most 20 over the page | – |
| cast | the three colours of paper and greys differ by at most 12 | – |
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.calibration import target
from provisioning.calibration.figure import Figure, NotMeasured
from provisioning.calibration.target import CENTRES_MM, Field

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]


class TargetNotSeen(NotMeasured):
    """The picture does not show the whole target; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where the target lies in a scan: the markers' centres, and the map from the page's mm to pixels (2×3)."""

    centres: dict[int, tuple[float, float]]
    placed: Points
    dpi: float

    @property
    def across(self) -> float:
        """Measured over true length across the page, by the scan's own resolution."""
        return self._ratio((0, 1), (3, 2))

    @property
    def down(self) -> float:
        """Measured over true length down the page."""
        return self._ratio((0, 3), (1, 2))

    @property
    def skew_deg(self) -> float:
        """How far the page is turned, clockwise positive."""
        (x0, y0), (x1, y1) = self.centres[0], self.centres[1]
        return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))

    @property
    def shift_mm(self) -> tuple[float, float]:
        """How far the page's middle lies right of and below where it should, counted from the scan's corner."""
        middle = np.mean(list(self.centres.values()), axis=0) / self.dpi * 25.4
        true = np.mean(list(CENTRES_MM.values()), axis=0)
        return float(middle[0] - true[0]), float(middle[1] - true[1])

    def _ratio(self, *pairs: tuple[int, int]) -> float:
        measured = [np.hypot(*np.subtract(self.centres[b], self.centres[a])) / self.dpi * 25.4 for a, b in pairs]
        true = [np.hypot(*np.subtract(CENTRES_MM[b], CENTRES_MM[a])) for a, b in pairs]
        return float(np.mean(np.divide(measured, true)))


def find(pixels: Pixels, dpi: float) -> Seen:
    """Return where the target lies in an RGB scan; raise TargetNotSeen."""
    found = {number: tuple(corners.mean(axis=0).tolist()) for number, corners in markers(pixels).items()}
    if missing := sorted(CENTRES_MM.keys() - found.keys()):
        raise TargetNotSeen(
            f"{len(missing)} of the target's 4 corner marks are not to be seen. Lay the whole page on the glass, "
            "printed side down, its head at the stop, and look whether the print is whole."
        )
    centres = {number: (float(x), float(y)) for number, (x, y) in found.items()}
    true = np.array([CENTRES_MM[number] for number in sorted(centres)])
    measured = np.array([centres[number] for number in sorted(centres)])
    placed, *_ = np.linalg.lstsq(np.hstack([true, np.ones((len(true), 1))]), measured, rcond=None)
    return Seen(centres=centres, placed=placed.T, dpi=dpi)


def markers(pixels: Pixels) -> dict[int, Points]:
    """Return the corners of each of the target's markers in an RGB picture: (4, 2) in pixels, clockwise from its own
    upper left.
    """
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    corners, ids, _ = cv2.aruco.ArucoDetector(target.DICTIONARY, parameters).detectMarkers(grey)
    known = [] if ids is None else ids.flatten().tolist()
    return {
        int(number): np.asarray(corner[0], dtype=np.float64)
        for number, corner in zip(known, corners, strict=True)
        if number in CENTRES_MM
    }


def scanner(pixels: Pixels, seen: Seen) -> list[Figure]:
    """Return what the scan says of the scanner, the target being true."""
    whites = [_mean(pixels, seen, field) for field in target.WHITES]
    levels = [float(white.mean()) for white in whites]
    greys = [_mean(pixels, seen, field) for field in target.STEPS[2:]]
    cast = max(float(np.ptp(colour)) for colour in (*whites, *greys))
    return [
        _size("size across", seen.across, 0.5),
        _size("size down", seen.down, 0.5),
        Figure(name="skew", value=seen.skew_deg, unit="°", least=-1.0, most=1.0),
        Figure(name="white", value=min(levels), unit="", least=215.0, most=255.0),
        _ink(pixels, seen),
        Figure(name="unevenness", value=max(levels) - min(levels), unit="", least=0.0, most=20.0),
        Figure(name="colour cast", value=cast, unit="", least=0.0, most=12.0),
    ]


def printer(pixels: Pixels, seen: Seen, scanner_across: float, scanner_down: float) -> list[Figure]:
    """Return what the scan says of the printer; the scanner's own sizes (1.0: true) are taken out."""
    right_mm, below_mm = seen.shift_mm
    return [
        _size("size across", seen.across / scanner_across, 1.0),
        _size("size down", seen.down / scanner_down, 1.0),
        Figure(name="skew", value=seen.skew_deg, unit="°", least=-1.0, most=1.0),
        Figure(name="shift right", value=right_mm, unit="mm", least=-3.0, most=3.0),
        Figure(name="shift down", value=below_mm, unit="mm", least=-3.0, most=3.0),
        _ink(pixels, seen),
    ]


def drawn(pixels: Pixels, seen: Seen, figures: Iterable[Figure]) -> Pixels:
    """Return the scan, smaller, with what was found and its figures drawn in: the picture of the record."""
    shown = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    for x, y in seen.centres.values():
        cv2.drawMarker(shown, (round(x), round(y)), (0, 0, 255), cv2.MARKER_CROSS, 120, 6)
    for field in (*target.WHITES, *target.STEPS):
        x0, y0, x1, y1 = _box(seen, field)
        cv2.rectangle(shown, (x0, y0), (x1, y1), (200, 120, 0), 4)
    for row, figure in enumerate(figures):
        colour = (40, 120, 0) if figure.passes else (0, 0, 220)
        text = f"{'pass' if figure.passes else 'FAIL'}  {figure.name} {figure.value:.2f} {figure.unit}"
        at = (round(shown.shape[1] * 0.27), round(shown.shape[0] * (0.60 + 0.028 * row)))
        cv2.putText(shown, text.replace("°", "deg"), at, cv2.FONT_HERSHEY_SIMPLEX, 1.9, colour, 4, cv2.LINE_AA)
    small = cv2.resize(shown, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8)


def _size(name: str, ratio: float, most_percent: float) -> Figure:
    return Figure(name=name, value=(ratio - 1) * 100, unit="%", least=-most_percent, most=most_percent)


def _ink(pixels: Pixels, seen: Seen) -> Figure:
    ink = float(_mean(pixels, seen, target.STEPS[0]).mean())
    return Figure(name="black", value=ink, unit="", least=0.0, most=95.0)


def _mean(pixels: Pixels, seen: Seen, field: Field) -> Points:
    x0, y0, x1, y1 = _box(seen, field)
    return np.asarray(pixels[y0:y1, x0:x1].reshape(-1, 3).mean(axis=0), dtype=np.float64)


def _box(seen: Seen, field: Field) -> tuple[int, int, int, int]:
    """Return the middle of a field in pixels, its rim left out."""
    rim_x, rim_y = field.wide_mm * 0.2, field.high_mm * 0.2
    corners = [
        (field.x_mm + rim_x, field.y_mm + rim_y, 1.0),
        (field.x_mm + field.wide_mm - rim_x, field.y_mm + field.high_mm - rim_y, 1.0),
    ]
    (x0, y0), (x1, y1) = (seen.placed @ np.array(corner) for corner in corners)
    return round(float(x0)), round(float(y0)), round(float(x1)), round(float(y1))
