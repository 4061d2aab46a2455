"""The passive cue: edges that travel with the face, a grid in the skin, lids that never close.

A pulse is not looked for: four seconds hold four or five beats, under light that changes all the time.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from .course import EYES, LEFT_CHEEK, RIGHT_CHEEK, Course, Floats
from .take import Take

_SIDE_PX = 160
_FACE = 0.42
"""The face's width in the square that is cut out around it, as a share of the square's side."""

_BLINK = 0.12
_SKIN = (151, 50, 280)
"""Landmarks in the middle of forehead and cheeks."""
_PATCH_PX = 24
_WINDOW = np.outer(np.hanning(_PATCH_PX), np.hanning(_PATCH_PX))
_HIGH = np.hypot(np.fft.fftfreq(_PATCH_PX)[:, None], np.fft.rfftfreq(_PATCH_PX)[None]) > 0.15
"""Finer than seven pixels: where skin, blurred by the lens, has little left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveSigns:
    """`edges`: log of the strength of straight edges about the face that move with it, over those that keep still;
    `grid`: log of the strongest periodic pattern on the skin over the usual; `blink`: which share of the eyes' contrast
    goes when they are most closed (lids hide white and iris), 0..0.12: a deeper blink is no better."""

    edges: float
    grid: float
    blink: float


def passive_signs(take: Take, seen: Course) -> PassiveSigns:
    """Return the signs of the passive cue."""
    return PassiveSigns(edges=_edges(take), grid=_grid(take), blink=_blink(take, seen))


def _blink(take: Take, seen: Course) -> float:
    half = max(3, round(0.09 * seen.width_px))
    contrasts = []
    for frame, points in zip(take.frames, take.landmarks, strict=True):
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
        contrasts.append(min(_contrast(grey, points[list(ring), :2].mean(axis=0), half) for ring in EYES))
    opened = np.array(contrasts)
    return float(np.clip(1 - np.sort(opened)[:2].mean() / max(float(np.median(opened)), 1e-6), 0, _BLINK))


def _contrast(grey: Floats, middle: Floats, half: int) -> float:
    x, y = np.round(middle).astype(int)
    eye = grey[max(y - half // 2, 0) : y + half // 2 + 1, max(x - half, 0) : x + half + 1]
    return float(eye.std() / (eye.mean() + 4)) if eye.size else 0.0


def _to_square(points: Floats) -> Floats:
    left, right = points[LEFT_CHEEK, :2], points[RIGHT_CHEEK, :2]
    middle = points[:, :2].mean(axis=0)
    scale = _FACE * _SIDE_PX / float(np.linalg.norm(right - left))
    return np.array([[scale, 0, _SIDE_PX / 2 - scale * middle[0]], [0, scale, _SIDE_PX / 2 - scale * middle[1]]])


def _edges(take: Take) -> float:
    """Average the frames with the face held still, and with the camera held still; compare their straightest edges."""
    before = np.flatnonzero(take.times_s < take.challenge.turn.at_s + 0.3)[::2]
    greys = [cv2.cvtColor(take.frames[at], cv2.COLOR_RGB2GRAY).astype(np.float32) for at in before]
    first = _to_square(take.landmarks[before[0]])
    travelling = np.mean(
        [_cut(grey, _to_square(take.landmarks[at])) for grey, at in zip(greys, before, strict=True)], axis=0
    )
    standing = np.mean([_cut(grey, first) for grey in greys], axis=0)
    return float(np.log((_straight(travelling) + 2) / (_straight(standing) + 2)))


def _cut(grey: Floats, to_square: Floats) -> Floats:
    return np.asarray(cv2.warpAffine(grey, to_square, (_SIDE_PX, _SIDE_PX), flags=cv2.INTER_LINEAR, borderMode=1))


def _straight(picture: Floats) -> float:
    """Return the strength of the strongest upright line beside the head on both sides (the weaker of the two)."""
    across = np.abs(cv2.Sobel(picture, cv2.CV_32F, 1, 0))
    columns = np.median(across[10 : _SIDE_PX * 3 // 4], axis=0)
    margin = round(_SIDE_PX * (0.5 - _FACE * 0.62))
    return float(min(columns[3:margin].max(), columns[-margin:-3].max()))


def _grid(take: Take) -> float:
    """Look for peaks in the spectrum of cheeks and forehead, in the frame's own pixels: median over all frames."""
    peaks = []
    for frame, points in list(zip(take.frames, take.landmarks, strict=True))[::2]:
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
        for place in _SKIN:
            x, y = np.round(points[place, :2]).astype(int) - _PATCH_PX // 2
            patch = grey[max(y, 0) : y + _PATCH_PX, max(x, 0) : x + _PATCH_PX]
            if patch.shape == (_PATCH_PX, _PATCH_PX):
                rest = (patch - cv2.GaussianBlur(patch, (0, 0), 2.5)) / (patch.mean() + 5)
                high = np.abs(np.fft.rfft2(rest * _WINDOW))[_HIGH]
                peaks.append(np.log(high.max() / max(float(np.median(high)), 1e-9)))
    return float(np.median(peaks)) if peaks else 0.0
