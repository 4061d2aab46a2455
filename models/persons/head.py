"""A simulated person's solids: the face with skull, hair or scarf and glasses, and the neck and shoulders below."""

import numpy as np

from .person import CLOTH_U, EYES, HAIR_U, RIM_U, SKIN_U, TEXTURE_PX, Person, face_uv, mean_face
from .solid import Floats, Solid, joined, sheet

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The face's outline, clockwise from the middle of the forehead."""
_HALF_TEMPLE = np.array([0.0, 3.0, 0.0])
_Ring = tuple[float, float, float, float, float]
"""A loft's ring from the outline: scale across, up and down, share of the outline's z, and z added in mm."""
_SKULL: tuple[_Ring, ...] = (
    (1.0, 1.0, 1.0, 1.0, 0), (1.04, 1.18, 1.0, 0.6, 10), (1.07, 1.42, 0.95, 0.2, 30), (0.98, 1.38, 0.8, 0, 75),
    (0.5, 0.9, 0.4, 0, 100), (0.02, 0.02, 0.02, 0, 105),
)  # fmt: skip
_HAIR: tuple[_Ring, ...] = (
    (1.0, 0.98, 1.0, 1.0, 1), (1.09, 1.28, 1.05, 0.75, 8), (1.16, 1.55, 1.15, 0.3, 30), (1.06, 1.5, 1.2, 0, 80),
    (0.55, 1.0, 0.6, 0, 108), (0.02, 0.02, 0.02, 0, 112),
)  # fmt: skip
_SCARF: tuple[_Ring, ...] = (
    (0.96, 0.93, 0.97, 1.0, -4), (1.08, 1.15, 1.06, 0.95, 0), (1.2, 1.5, 1.12, 0.4, 28), (1.12, 1.5, 1.1, 0, 85),
    (0.6, 1.0, 0.6, 0, 112), (0.02, 0.02, 0.02, 0, 116),
)  # fmt: skip
_UPPER_TO_LOWER = ((9, 7), (10, 6), (11, 5), (12, 4), (13, 3), (14, 2), (15, 1))
"""Points of an eye's ring: what of the upper lid meets what of the lower one."""


def head(person: Person, closed: float) -> Solid:
    """Return the head, its 0 in the axis between the cheeks; `closed` lids from 0 to 1. Its first 468 points are the
    face's landmarks."""
    _, triangles = mean_face()
    face = blinked(person.face_mm, closed)
    parts = [Solid(points=face, triangles=triangles, uv=face_uv(), gloss=np.full(len(face), person.gloss))]
    outline = person.face_mm[list(OVAL)]
    if person.scarf:
        parts.append(_loft(outline, _SCARF, np.full((len(_SCARF), len(OVAL)), CLOTH_U), 0.0))
    else:
        level = outline[:, 1] < (200 if person.long_hair else -5)
        colours = np.where(level[None], HAIR_U, SKIN_U) * np.ones((len(_HAIR), 1))
        parts.append(_loft(outline, _HAIR if person.long_hair else _SKULL, colours, 0.01))
        parts += [_ear(side) for side in (-1, 1)]
    if person.glasses:
        parts += _glasses(person.face_mm)
    return joined(*parts)


def body(person: Person) -> Solid:
    """Return neck and shoulders, which keep still when the head turns."""
    angle = np.linspace(-np.pi, 0, 13)
    heights = np.linspace(55, 190, 4)
    widths = np.array([58.0, 52, 56, 70]) + (18 if person.scarf else 0)
    ring = np.stack([np.cos(angle), np.zeros(13), np.sin(angle)], axis=-1)
    neck = ring * widths[:, None, None] + heights[:, None, None] * [0, 1, 0] + np.array([0, 0, 25.0])
    across = np.linspace(-1, 1, 15)
    top = 165 + 75 * np.abs(across) ** 2.2
    rows = [
        np.column_stack([across * 215, top + drop, np.full(15, 40.0 - bulge) + 60 * across**2])
        for drop, bulge in ((0, 0), (25, 45), (90, 75), (260, 80))
    ]
    return joined(
        sheet(neck, _flat_uv(CLOTH_U if person.scarf else SKIN_U, neck.shape[:2]), 0.02),
        sheet(np.array(rows), _flat_uv(CLOTH_U, (4, 15)), 0.0),
    )


def lenses(person: Person) -> Floats:
    """Return the outlines of both lenses, shape (2, 20, 3), in mm of the head."""
    return np.array([_rim(person.face_mm, ring) for ring in EYES])


def blinked(face: Floats, closed: float) -> Floats:
    """Return a face whose upper lids are lowered by this share."""
    moved = face.copy()
    for ring in EYES:
        for upper, lower in _UPPER_TO_LOWER:
            moved[ring[upper]] += closed * 0.92 * (face[ring[lower]] - face[ring[upper]])
    return moved


def _loft(outline: Floats, rings: tuple[_Ring, ...], colours: Floats, gloss: float) -> Solid:
    middle = outline.mean(axis=0)
    away = outline - middle
    grid = np.array([
        np.column_stack([
            middle[0] + away[:, 0] * across,
            middle[1] + away[:, 1] * np.where(away[:, 1] < 0, up, down),
            outline[:, 2] * share + behind,
        ])
        for across, up, down, share, behind in rings
    ])  # fmt: skip
    around = np.concatenate([grid, grid[:, :1]], axis=1)
    u = np.concatenate([colours, colours[:, :1]], axis=1)
    v = np.linspace(4, TEXTURE_PX - 5, u.shape[1])[None] * np.ones((len(rings), 1))
    return sheet(around[::-1], np.stack([u, v], axis=-1)[::-1], gloss)


def _ear(side: int) -> Solid:
    turn = np.linspace(0, 2 * np.pi, 9)
    rim = np.column_stack([np.full(9, side * 82.0), 5 + 30 * np.sin(turn), 22 + 14 * np.cos(turn)])
    root = rim * [0.86, 0.8, 1] + np.array([0, 1, 0])
    middle = np.tile([side * 84.0, 5, 24], (9, 1))
    grid = np.array([root, rim, middle])
    return sheet(grid if side < 0 else grid[::-1], _flat_uv(SKIN_U, (3, 9)), 0.02)


def _glasses(face: Floats) -> list[Solid]:
    solids = []
    for ring, side in zip(EYES, (-1, 1), strict=True):
        outer = _rim(face, ring)
        inner = outer.mean(axis=0) + (outer - outer.mean(axis=0)) * 0.86
        closed = np.array([np.vstack([each, each[:1]]) for each in (inner, outer)])
        solids += _both_sides(closed)
        hinge = outer[np.argmax(outer[:, 0] * side)]
        temple = np.array(
            [[hinge - _HALF_TEMPLE, [side * 79.0, -14, 20]], [hinge + _HALF_TEMPLE, [side * 79.0, -8, 20]]]
        )
        solids += _both_sides(temple)
    left, right = (_rim(face, ring) for ring in EYES)
    inner_left, inner_right = left[left[:, 0].argmax()], right[right[:, 0].argmin()]
    bridge = np.array([inner_left, inner_right])
    solids += _both_sides(np.array([bridge + np.array([0, high, -2]) for high in (-5.0, -1.0)]))
    return solids


def _both_sides(grid: Floats) -> list[Solid]:
    uv = _flat_uv(RIM_U, (grid.shape[0], grid.shape[1]))
    return [sheet(grid, uv, 0.25), sheet(grid[::-1], uv, 0.25)]


def _rim(face: Floats, ring: tuple[int, ...]) -> Floats:
    eye = face[list(ring)].mean(axis=0)
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    bowed = 6 * np.cos(angle) * np.sign(eye[0])
    return np.column_stack([
        eye[0] * 1.04 + 25 * np.cos(angle), eye[1] + 4 + 19 * np.sin(angle), eye[2] - 16 + bowed,
    ])  # fmt: skip


def _flat_uv(u: float, shape: tuple[int, int]) -> Floats:
    v = np.linspace(10, TEXTURE_PX - 11, shape[1])[None] * np.ones((shape[0], 1))
    return np.stack([np.full(shape, u), v], axis=-1)
