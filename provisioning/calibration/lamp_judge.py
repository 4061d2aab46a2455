"""What a camera's pictures of a white sheet say of the lamp ring: light, side and colour; each beside its limit.

Each step of the lamp has two pictures with the exposure held: dark, and lit. What the lamp adds is their difference.

| figure | limit |
|---|---|
| light | the lamp adds at least 2 (of 255) to the picture's mean |
| side | a quarter adds more on its own half of the picture than on the other: at least 2 % of its mean |
| weakest of three | white's weakest colour has at least 20 % of its strongest: no colour's LEDs are dead |
| off colour | a colour, measured by what white adds, lies within 30° of the one that was ordered |
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.devices.cabinet import Light, Quarter
from provisioning.calibration.figure import Figure
from provisioning.calibration.judge import Pixels
from provisioning.calibration.picture import PICTURE_WIDTH, with_figures

Added = NDArray[np.float64]
"""What the lamp adds, height × width × 3, red first."""

QUARTERS = {
    "left quarter": Quarter.LEFT,
    "right quarter": Quarter.RIGHT,
    "upper quarter": Quarter.ABOVE,
    "lower quarter": Quarter.BELOW,
}
COLOURS = {"green (free)": Light.FREE, "blue (at work)": Light.AT_WORK, "orange (attention)": Light.ATTENTION}
WHITE = "whole ring white"

_COLUMNS = 4
_THUMB = (PICTURE_WIDTH // _COLUMNS, 240)
_DARK = "Lamp: seat the plug of this quarter's strip at the control board; if it stays dark, replace the strip"
_SWAPPED = "Lamp: this quarter lights the wrong side; swap the plugs, or turn the ring in its mount"
_LEDS = "Lamp: one colour's LEDs are dead; replace the strip"
_COLOUR = "Lamp: the colours are in another order than the control board's; use the strip of the parts list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """The sheet while the lamp was dark, and while it shone."""

    dark: Pixels
    lit: Pixels

    @property
    def added(self) -> Added:
        """What the lamp added."""
        return np.asarray(self.lit.astype(np.float64) - self.dark)


def lamp(looks: dict[str, Lit]) -> list[Figure]:
    """Return what the pictures, one pair for each name of QUARTERS, WHITE and COLOURS, say of the lamp."""
    white = np.maximum(_colour(looks[WHITE].added), 1e-6)
    quarters = [figure for name, side in QUARTERS.items() for figure in _quarter(name, looks[name].added, side)]
    colours = [figure for name, light in COLOURS.items() for figure in _shade(name, looks[name].added, light, white)]
    weakest = float(white.min() / white.max() * 100)
    dead = Figure(name="white: weakest of three", value=weakest, unit="%", least=20.0, most=100.0, remedy=_LEDS)
    return [*quarters, _light(WHITE, looks[WHITE].added), dead, *colours]


def drawn(looks: dict[str, Lit], figures: list[Figure]) -> Pixels:
    """Return the lit pictures beside each other, blue first, with the figures below."""
    thumbs = [_thumb(name, look) for name, look in looks.items()]
    blank = np.full_like(thumbs[0], 255)
    thumbs += [blank] * (-len(thumbs) % _COLUMNS)
    rows = [np.hstack(thumbs[first : first + _COLUMNS]) for first in range(0, len(thumbs), _COLUMNS)]
    return with_figures(np.vstack(rows).astype(np.uint8), figures)


def _quarter(name: str, added: Added, side: Quarter) -> list[Figure]:
    """Return light and side; the camera looks at the citizen, to whose left is the picture's right."""
    high, wide = added.shape[0] // 2, added.shape[1] // 2
    halves = {
        Quarter.LEFT: (added[:, wide:], added[:, :wide]),
        Quarter.RIGHT: (added[:, :wide], added[:, wide:]),
        Quarter.ABOVE: (added[:high], added[high:]),
        Quarter.BELOW: (added[high:], added[:high]),
    }
    own, other = halves[side]
    share = float((own.mean() - other.mean()) / max(abs(added.mean()), 1e-6) * 100)
    light = _light(name, added)
    if not light.passes:
        return [light]
    return [light, Figure(name=f"{name}: side", value=share, unit="%", least=2.0, most=200.0, remedy=_SWAPPED)]


def _shade(name: str, added: Added, light: Light, white: Added) -> list[Figure]:
    seen, ordered = _colour(added) / white, np.array(light.value, dtype=np.float64)
    cosine = seen @ ordered / max(float(np.linalg.norm(seen) * np.linalg.norm(ordered)), 1e-6)
    off_deg = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    off = Figure(name=f"{name}: off colour", value=off_deg, unit="°", least=0.0, most=30.0, remedy=_COLOUR)
    return [_light(name, added), off]


def _light(name: str, added: Added) -> Figure:
    return Figure(name=f"{name}: light", value=float(added.mean()), unit="", least=2.0, most=255.0, remedy=_DARK)


def _colour(added: Added) -> Added:
    return np.asarray(added.reshape(-1, 3).mean(axis=0))


def _thumb(name: str, look: Lit) -> Pixels:
    thumb = cv2.cvtColor(cv2.resize(look.lit, _THUMB, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    cv2.rectangle(thumb, (0, 0), (_THUMB[0], 26), (0, 0, 0), -1)
    cv2.putText(thumb, name, (8, 19), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    return thumb.astype(np.uint8)
