"""The light cue: does the face answer the kiosk's light at once, in its colour, and with a face's relief?

What skin sends back is the room's light plus the screen's and the lamps' (Lambert), so each frame's brightness is
fitted with what the kiosk showed. A screen adds its own light and hardly answers; a film answers another challenge; a
print has no relief, and its background answers as the face does.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from .challenge import Challenge, Lamp
from .course import LEFT_CHEEK, RIGHT_CHEEK, Course, Floats, normals
from .take import Take

PROMPT_S = (0.0, 0.03, 0.06, 0.09, 0.12)
"""How late a kiosk's own screen may be."""
LATE_S = (0.2, 0.28, 0.36, 0.44, 0.52, 0.6)
"""How late an attacker's light might be."""
_LAMPS = (Lamp.LEFT, Lamp.RIGHT, Lamp.ABOVE, Lamp.BELOW)
_SLANT = 0.35
"""A lamp's distance from the camera over the face's: the ring's radius is 170 mm, a citizen stands at about 490."""
_TOWARDS = np.array([[-_SLANT, 0, -1], [_SLANT, 0, -1], [0, -_SLANT, -1], [0, _SLANT, -1]]) / np.hypot(_SLANT, 1)
_NOT_SKIN = (
    0, 7, 13, 14, 17, 33, 37, 39, 40, 46, 52, 53, 55, 61, 63, 65, 66, 70, 78, 80, 81, 82, 84, 87, 88, 91, 95,
    105, 107, 133, 144, 145, 146, 153, 154, 155, 157, 158, 159, 160, 161, 163, 173, 178, 181, 185, 191, 246, 249, 263,
    267, 269, 270, 276, 282, 283, 285, 291, 293, 295, 296, 300, 308, 310, 311, 312, 314, 317, 318, 321, 324, 334, 336,
    362, 373, 374, 375, 380, 381, 382, 384, 385, 386, 387, 388, 390, 398, 402, 405, 409, 415, 466,
)  # fmt: skip
"""Landmarks of lips, eyes and brows."""
_SKIN = np.setdiff1d(np.arange(468), _NOT_SKIN)
_LINEAR = np.where(
    np.arange(256) <= 10, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4
).astype(np.float32)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LightSigns:
    """`follows`: share of the face's change that the kiosk's light explains; `late`: share of the rest that the same
    light, later, explains; `strength`: log of what the kiosk's light adds, over the room's; `behind`: the same of what
    lies beside the face, over the face's; `relief`: correlation of the lamps' shading with the face's own normals,
    apart from any smooth bend, as far as the face follows at all; `bend`: the shading's slope over those normals,
    1 where Lambert's law holds; as far above 1 (a mirror's gleam) counts like as far below (a plane)."""

    follows: float
    late: float
    strength: float
    behind: float
    relief: float
    bend: float


def light_signs(take: Take, seen: Course) -> LightSigns:
    """Return the signs of the light cue."""
    skin, beside = _brightness(take, seen)
    face = skin.mean(axis=1)
    yaw = seen.yaw_deg / 30
    still = np.column_stack([np.ones(len(face)), take.times_s, yaw, np.abs(yaw), yaw**2])
    fits = [_explained(face, still, _shown(take.challenge, take.times_s - late)) for late in PROMPT_S]
    best = int(np.argmax([share for share, _, _ in fits]))
    follows, answer, rest = fits[best]
    late = max(_explained(rest, still, _shown(take.challenge, take.times_s - by))[0] for by in LATE_S)
    shown = _shown(take.challenge, take.times_s - PROMPT_S[best])
    _, beside_answer, _ = _explained(beside, still, shown)
    level = np.maximum(face.mean(axis=0) - (answer * shown.mean(axis=0).T).sum(axis=1), 0.02 * face.mean(axis=0))
    strength = float((answer.sum(axis=1) / level).mean())
    relief, bend = _relief(take, seen, skin, still, take.times_s - PROMPT_S[best])
    return LightSigns(
        follows=follows,
        late=late,
        strength=float(np.log(max(strength, 0.01))),
        behind=float(np.clip(beside_answer.sum() / max(answer.sum(), 1e-4), -0.5, 2.0)),
        relief=relief * max(follows, 0.0),
        bend=bend,
    )


def _brightness(take: Take, seen: Course) -> tuple[Floats, Floats]:
    """Return linear light on the skin's points (frames, points, 3), and of what lies beside the face (frames, 3)."""
    skin: list[Floats] = []
    beside: list[Floats] = []
    side = max(3, round(seen.width_px * 0.05)) | 1
    for frame, points in zip(take.frames, take.landmarks, strict=True):
        smooth = cv2.blur(_LINEAR[frame], (side, side))
        skin.append(_at(smooth, points[_SKIN, :2]))
        middle = (points[LEFT_CHEEK, :2] + points[RIGHT_CHEEK, :2]) / 2
        offsets = np.array([[sign * far, high] for sign in (-1, 1) for far in (0.72, 0.85) for high in (-0.5, 0, 0.3)])
        beside.append(np.median(_at(smooth, middle + offsets * seen.width_px), axis=0))
    return np.stack(skin), np.stack(beside)


def _at(picture: Floats, places: Floats) -> Floats:
    height, width = picture.shape[:2]
    x, y = np.round(places).astype(int).T
    return np.asarray(picture[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], np.float64)


def _shown(challenge: Challenge, times_s: Floats) -> Floats:
    """Return the screen's colours and whether a lamp was lit, shape (frames, 2, 3): what each channel may answer."""
    steps = [challenge.step_at(seconds) for seconds in times_s.tolist()]
    return np.array([[step.screen, (float(step.lamp is not Lamp.OFF),) * 3] for step in steps])


def _explained(bright: Floats, still: Floats, shown: Floats) -> tuple[float, Floats, Floats]:
    """Return which share of each channel's change (beyond drift and turn) `shown` explains, in the mean of channels,
    the answers (3 channels, 2), and what is left unexplained (frames, 3)."""
    shares, answers, rests = [], [], []
    for channel in range(3):
        values = bright[:, channel]
        without = values - still @ np.linalg.lstsq(still, values, rcond=None)[0]
        columns = np.column_stack([still, shown[:, :, channel]])
        weights = np.linalg.lstsq(columns, values, rcond=None)[0]
        rest = values - columns @ weights
        shares.append(1 - (rest @ rest) / max(float(without @ without), 1e-12))
        answers.append(weights[-2:])
        rests.append(rest)
    return float(np.mean(shares)), np.array(answers), np.column_stack(rests)


def _relief(take: Take, seen: Course, skin: Floats, still: Floats, times_s: Floats) -> tuple[float, float]:
    """Return how far left–right and above–below shading follow the face's normals: correlation and slope.

    A point counts less the more of its brightness no light explains (hair, rims, edges).
    """
    steps = [take.challenge.step_at(seconds) for seconds in times_s.tolist()]
    lit = np.array([[float(step.lamp is lamp) for lamp in _LAMPS] for step in steps])
    columns = np.column_stack([still, [step.screen for step in steps], lit])
    grey = skin.mean(axis=2)
    fitted = np.linalg.lstsq(columns, grey, rcond=None)[0]
    answers = fitted[-len(_LAMPS) :]
    together = np.abs(answers.sum(axis=0))
    whole = np.maximum(together, 0.25 * together.mean() + 1e-6)
    doubt = (grey - columns @ fitted).std(axis=0) / whole
    trust = 1 / np.sqrt(doubt**2 + np.median(doubt) ** 2)
    expected = _expected(seen, lit)
    likeness, slopes = [], []
    for one, other in ((0, 1), (2, 3)):
        measured = np.clip((answers[one] - answers[other]) / whole, -1, 1)
        due = (expected[one] - expected[other]) / np.maximum(expected.sum(axis=0), 0.2)
        likeness.append(_correlation(_uneven(measured, seen, trust), _uneven(due, seen, trust)))
        centred = due - due.mean()
        slopes.append(float(centred @ measured / (centred @ centred)))
    return float(np.mean(likeness)), float(np.clip(1 - abs(1 - np.mean(slopes)), -2, 1))


def _expected(seen: Course, lit: Floats) -> Floats:
    """Return each lamp's mean Lambert shading at the skin's points over the frames it was lit in, shape (4, points)."""
    facing = normals(seen.before)[_SKIN]
    total = np.zeros((4, len(_SKIN)))
    for yaw, lamps in zip(np.radians(seen.yaw_deg), lit, strict=True):
        turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        total += lamps[:, None] * np.maximum(_TOWARDS @ (turn @ facing.T), 0)
    return np.asarray(total / np.maximum(lit.sum(axis=0), 1)[:, None])


def _uneven(values: Floats, seen: Course, trust: Floats) -> Floats:
    """Return what a smooth bend (a cubic in x and y) does not explain of values on the skin, times their trust."""
    x, y = seen.before[_SKIN, :2].T / seen.width_px
    smooth = np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, y**3]) * trust[:, None]
    trusted = values * trust
    return np.asarray(trusted - smooth @ np.linalg.lstsq(smooth, trusted, rcond=None)[0])


def _correlation(one: Floats, other: Floats) -> float:
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))
