"""Simulated persons: the mean face varied, and a texture painted for it."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from .ranges import Ranges
from .solid import Field, Floats

TEXTURE_PX = 256
"""The face fills a square texture of this side; STRIP_PX more columns hold hair, skin and cloth."""
STRIP_PX = 48
HAIR_U, SKIN_U, CLOTH_U, RIM_U = (TEXTURE_PX + (at + 0.5) * STRIP_PX / 4 for at in range(4))

_TONES = np.array([[0.60, 0.40, 0.31], [0.43, 0.27, 0.19], [0.25, 0.14, 0.09], [0.11, 0.062, 0.042]])
"""Linear reflectance of skin from light to dark: about ITA 50°, 30°, 0° and −40°."""
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
"""Rings around the eyes: lower lids from the outer corner to the inner (9 points), upper lids back (7 points)."""
_BROWS = ((46, 53, 52, 65, 55, 107, 66, 105, 63, 70), (276, 283, 282, 295, 285, 336, 296, 334, 293, 300))
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_MOUTH = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_BEARD = (
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    425, 410, 391, 164, 165, 186, 205,
)  # fmt: skip
_NOSTRILS = (98, 327)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A simulated person; `darkness` of the skin runs from 0 to 1, the texture is linear reflectance."""

    face_mm: Floats
    texture: Field
    darkness: float
    glasses: bool
    scarf: bool
    beard: bool
    long_hair: bool
    gloss: float


@cache
def mean_face() -> tuple[Floats, NDArray[np.int64]]:
    """Return the points of the mean face (468, 3) in mm about the head's axis, and its triangles (m, 3)."""
    text = files(__package__).joinpath("mean_face.json").read_text(encoding="utf-8")
    read = json.loads(text)
    return np.array(read["points_mm"]), np.array(read["triangles"])


@cache
def face_uv() -> Floats:
    """Return where each point of a face lies in the texture, shape (468, 2), in pixels."""
    points, _ = mean_face()
    angle = np.arctan2(points[:, 0], 60.0 - points[:, 2])
    unrolled = np.column_stack([angle, points[:, 1]])
    low, high = unrolled.min(axis=0), unrolled.max(axis=0)
    return np.asarray(2 + (unrolled - low) / (high - low) * (TEXTURE_PX - 5))


def person(chance: np.random.Generator, ranges: Ranges) -> Person:
    """Return a person drawn at random; scarf, beard and glasses come independently of each other."""
    darkness = float(chance.uniform(*ranges.darkness))
    scarf, glasses = bool(chance.random() < 0.3), bool(chance.random() < 0.4)
    beard = bool(not scarf and chance.random() < 0.35)
    return Person(
        face_mm=_face(chance, ranges.shape),
        texture=_texture(chance, darkness, beard=beard),
        darkness=darkness,
        glasses=glasses,
        scarf=scarf,
        beard=beard,
        long_hair=bool(chance.random() < 0.5),
        gloss=float(chance.uniform(0.02, 0.10)),
    )


def _face(chance: np.random.Generator, spread: float) -> Floats:
    points = mean_face()[0].copy()
    points *= 1 + spread * chance.normal(size=3) * [0.6, 0.8, 0.8]
    for _ in range(8):
        middle = points[chance.integers(len(points))]
        reach = chance.uniform(18, 45)
        twin = middle * [-1, 1, 1]
        push = spread * chance.normal(size=3) * [25, 25, 45]
        near, far = (np.exp(-((points - place) ** 2).sum(axis=1) / (2 * reach**2)) for place in (middle, twin))
        points = points + near[:, None] * push + far[:, None] * push * [-1, 1, 1]
    return np.asarray(points)


def _texture(chance: np.random.Generator, darkness: float, *, beard: bool) -> Field:
    skin = np.array([np.interp(darkness * 3, range(4), _TONES[:, channel]) for channel in range(3)])
    skin = skin * chance.uniform(0.92, 1.08, 3)
    hair = np.array([0.02, 0.016, 0.013]) * chance.uniform(0.6, 2.5) + chance.choice([0, 0, 0.12]) * chance.random()
    face = np.ones((TEXTURE_PX, TEXTURE_PX, 3)) * skin * _skin_relief(chance)[..., None]
    uv = face_uv()
    for ring in EYES:
        _paint(face, uv[list(ring)].mean(axis=0) + _box(20, 12), face.mean() / skin.mean() * skin * 0.72, 7)
    for cheek in (50, 280):
        _paint(face, uv[cheek] + _box(14, 10), skin * [1.1, 0.92, 0.92], 9)
    _lines(face, uv, skin, chance.uniform(0, 0.5), chance)
    if beard:
        _paint(face, uv[list(_BEARD)], hair * 0.8 + skin * 0.12, 2.5, chance.uniform(0.7, 1.0))
    for brow in _BROWS:
        _paint(face, uv[list(brow)], hair * 0.8 + skin * 0.1, 1.2, 0.9)
    _paint(face, uv[list(_LIPS)], skin * [0.85, 0.5, 0.52], 1.2)
    _paint(face, uv[list(_MOUTH)], skin * 0.2, 0.8)
    for nostril in _NOSTRILS:
        _paint(face, uv[nostril] + _box(5, 3), skin * 0.2, 1.2)
    for ring in EYES:
        _eye(face, uv[list(ring)], chance)
    cloth = chance.uniform(0.03, 0.6, 3)
    strips = np.concatenate([
        np.tile(colour, (TEXTURE_PX, STRIP_PX // 4, 1)) * chance.uniform(0.8, 1.2, (TEXTURE_PX, STRIP_PX // 4, 1))
        for colour in (hair, skin, cloth, np.full(3, 0.02))
    ], axis=1)  # fmt: skip
    return np.asarray(np.clip(np.concatenate([face, strips], axis=1), 0.004, 0.95), np.float32)


def _skin_relief(chance: np.random.Generator) -> Floats:
    fine = cv2.GaussianBlur(chance.normal(size=(TEXTURE_PX, TEXTURE_PX)), (0, 0), 1.2) * 0.06
    broad = cv2.GaussianBlur(chance.normal(size=(TEXTURE_PX, TEXTURE_PX)), (0, 0), 14) * 1.2
    return np.asarray(np.clip(1 + fine + broad, 0.8, 1.2))


def _lines(face: Floats, uv: Floats, skin: Floats, age: float, chance: np.random.Generator) -> None:
    """Paint lines from the nose to the mouth and across the forehead, and bags under the eyes."""
    for path in ((98, 206, 216), (327, 426, 436), (103, 9, 332), (67, 151, 297), (230, 231, 232), (450, 451, 452)):
        mask = np.zeros(face.shape[:2], np.float32)
        cv2.polylines(mask, [np.round(uv[list(path)] + chance.normal(size=(3, 2))).astype(np.int32)], False, (1,), 2)
        mask = cv2.GaussianBlur(mask, (0, 0), 1.5) * age
        face += mask[..., None] * (skin * 0.55 - face)


def _eye(face: Floats, ring: Floats, chance: np.random.Generator) -> None:
    _paint(face, ring, np.array([0.62, 0.58, 0.55]), 0.8)
    middle = ring.mean(axis=0)
    radius = np.ptp(ring[:, 0]) * 0.22
    angle = np.linspace(0, 2 * np.pi, 24)
    disc = np.column_stack([np.cos(angle), np.sin(angle)])
    _paint(face, middle + disc * radius, np.array([0.06, 0.035, 0.02]) * chance.uniform(0.6, 2), 0.7)
    _paint(face, middle + disc * radius * 0.45, np.full(3, 0.006), 0.5)
    upper = ring[[0, *range(15, 8, -1), 8]]
    _paint(face, np.vstack([upper, upper[::-1] - [0, 2.5]]), np.full(3, 0.02), 0.7)


def _box(width: float, height: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 24)
    return np.column_stack([np.cos(angle) * width, np.sin(angle) * height])


def _paint(face: Floats, outline: Floats, colour: Floats, soft_px: float, cover: float = 1.0) -> None:
    mask = np.zeros(face.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], (1.0,), cv2.LINE_AA, 4)
    mask = cv2.GaussianBlur(mask, (0, 0), soft_px) * cover
    face += mask[..., None] * (colour - face)
