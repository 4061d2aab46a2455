"""Five crosses, where the finger came down, and what that says: each touch within 5 mm, their mean within 3 mm.

A fingertip that aims is 2 to 3 mm off; the smallest button of the screen is 21 mm wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np

from provisioning.calibration.figure import Figure
from provisioning.calibration.judge import Pixels
from provisioning.calibration.picture import PICTURE_WIDTH, with_figures

CROSSES: dict[str, tuple[float, float]] = {
    "upper left": (0.08, 0.08),
    "upper right": (0.92, 0.08),
    "middle": (0.5, 0.5),
    "lower left": (0.08, 0.92),
    "lower right": (0.92, 0.92),
}
"""Where the crosses stand, in shares of the panel's width and height."""

_HIGH_PX = 720
_OFF = (
    "Touch: wipe the glass and repeat with a pen's blunt end. If it is off again, set LIBINPUT_CALIBRATION_MATRIX for "
    "the panel by a udev rule; swapped or mirrored axes are set there too"
)


class Touched(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A touch at cross `number`, in the page's pixels; the page is `wide` × `high`."""

    number: int
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The picture's size in mm, as the panel hangs."""

    wide_mm: float
    high_mm: float

    def off_mm(self, touch: Touched) -> tuple[float, float]:
        """Return how far right of and below its cross a touch lies."""
        across, down = list(CROSSES.values())[touch.number]
        return (touch.x / touch.wide - across) * self.wide_mm, (touch.y / touch.high - down) * self.high_mm


def touch(panel: Panel, touches: Sequence[Touched]) -> list[Figure]:
    """Return what the touches, one a cross, say of the panel."""
    offsets = np.array([panel.off_mm(each) for each in touches])
    names = [list(CROSSES)[each.number] for each in touches]
    ways = [float(way) for way in np.linalg.norm(offsets, axis=1)]
    right_mm, below_mm = (float(mean) for mean in offsets.mean(axis=0))
    return [
        *(
            Figure(name=f"{name}: off", value=way, unit="mm", least=0.0, most=5.0, remedy=_OFF)
            for name, way in zip(names, ways, strict=True)
        ),
        Figure(name="all: right", value=right_mm, unit="mm", least=-3.0, most=3.0, remedy=_OFF),
        Figure(name="all: below", value=below_mm, unit="mm", least=-3.0, most=3.0, remedy=_OFF),
    ]


def drawn(panel: Panel, touches: Sequence[Touched], figures: Sequence[Figure]) -> Pixels:
    """Return the panel with crosses (grey) and touches (blue), blue first, and the figures below."""
    scale = min((PICTURE_WIDTH - 40) / panel.wide_mm, _HIGH_PX / panel.high_mm)
    wide, high = panel.wide_mm * scale, panel.high_mm * scale
    left, top = (PICTURE_WIDTH - wide) / 2, 20.0
    shown = np.full((round(high + 40), PICTURE_WIDTH, 3), 255, dtype=np.uint8)
    cv2.rectangle(shown, (round(left), round(top)), (round(left + wide), round(top + high)), (80, 80, 80), 2)
    for across, down in CROSSES.values():
        cross = (round(left + across * wide), round(top + down * high))
        cv2.drawMarker(shown, cross, (150, 150, 150), cv2.MARKER_CROSS, 40, 2)
    for each in touches:
        at = (round(left + each.x / each.wide * wide), round(top + each.y / each.high * high))
        cv2.circle(shown, at, 7, (200, 90, 0), -1, cv2.LINE_AA)
    return with_figures(shown, figures)
