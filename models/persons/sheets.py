"""Draw a simulated attack's sheet: bent, lit or shining, with its grid, its frame and its holes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .attacks import SCREENS, Attack, Instrument
from .content import Content, flat_landmarks
from .head import OVAL
from .kiosk_light import Light, Room, shine
from .person import EYES
from .solid import Drawn, Field, Floats, draw, normals, project, sample, sheet

_CELLS = 11
_PAPER, _INK = 0.04, 0.8
"""What black ink sends back of the light, and what white paper does more."""
_GLASS = 0.015
"""What a screen's glass scatters back."""


def paint_instrument(picture: Field, item: Instrument, seconds: float, lights: list[Light], room: Room) -> Floats:
    """Draw the instrument into `picture` and return the landmarks of the face it shows, as a face mesh sees them."""
    content = item.show(seconds)
    height_px, width_px = content.picture.shape[:2]
    to_mm = item.width_mm / width_px
    pad = round(item.frame_mm / to_mm)
    x, y = np.meshgrid(np.linspace(-pad, width_px + pad, _CELLS), np.linspace(-pad, height_px + pad, _CELLS))
    middle = np.array([width_px, height_px]) / 2
    solid = sheet(_bent((np.stack([x, y], axis=-1) - middle) * to_mm, item), np.stack([x, y], axis=-1), item.gloss)
    pose = item.pose(seconds)
    placed = pose.place(solid.points)
    falling, mirrored = shine(placed, normals(solid) @ pose.turn().T, lights, room)
    drawn = draw(placed, solid.triangles, np.column_stack([solid.uv, falling, mirrored * item.gloss]), both_sides=True)
    keep = _cut(content, drawn) if item.kind is Attack.CUT_OUT else np.ones(len(drawn.rows), bool)
    picture[drawn.rows[keep], drawn.columns[keep]] = _light(item, content, drawn, to_mm, seconds)[keep]
    return flat_landmarks(content, project(pose.place(_bent((content.landmarks[:, :2] - middle) * to_mm, item))))


def _light(item: Instrument, content: Content, drawn: Drawn, to_mm: float, seconds: float) -> Field:
    """Return what comes from each pixel of the sheet: from its content, or from the frame around it."""
    height_px, width_px = content.picture.shape[:2]
    u, v = drawn.attributes[:, 0], drawn.attributes[:, 1]
    falling, gleam = drawn.attributes[:, 2:5], drawn.attributes[:, 5:8]
    inside = ((u >= 0) & (v >= 0) & (u < width_px) & (v < height_px))[:, None]
    shown = sample(content.picture, u, v) * _grid(item, u * to_mm, v * to_mm)[:, None]
    frame = item.frame_tone * falling
    if item.kind in SCREENS:
        band = 1 + item.band * np.sin(2 * np.pi * (drawn.rows / 90 + 1.7 * seconds))
        return np.asarray(np.where(inside, shown * item.peak * band[:, None] + _GLASS * falling, frame) + gleam)
    return np.asarray(np.where(inside, (_PAPER + _INK * shown) * falling, frame) + gleam)


def _bent(flat_mm: Floats, item: Instrument) -> Floats:
    """Return points of the sheet in mm about its own middle, bent about an upright axis if it is bent."""
    x, y = flat_mm[..., 0], flat_mm[..., 1]
    before = -102.0 if item.kind is Attack.CUT_OUT else 0.0
    if not item.bend_mm:
        return np.stack([x, y, np.full_like(x, before)], axis=-1)
    angle = x / item.bend_mm
    return np.stack([item.bend_mm * np.sin(angle), y, before + item.bend_mm * (1 - np.cos(angle))], axis=-1)


def _grid(item: Instrument, x_mm: Field, y_mm: Field) -> Field:
    """Return what the pixels or the halftone do to the light, sampled as the camera samples it."""
    if item.kind in SCREENS:
        waves = np.sin(2 * np.pi * x_mm / item.pitch_mm) + 0.6 * np.sin(2 * np.pi * y_mm / item.pitch_mm)
    else:
        along, across = (x_mm + y_mm) / 1.414, (x_mm - y_mm) / 1.414
        waves = np.sin(2 * np.pi * along / item.pitch_mm) + np.sin(2 * np.pi * across / item.pitch_mm)
    return np.asarray(1 + item.grid * waves, dtype=np.float32)


def _cut(content: Content, drawn: Drawn) -> NDArray[np.bool_]:
    """Return where paper is left: within the face's outline, not in the holes for the eyes."""
    paper = np.zeros(content.picture.shape[:2], np.float32)
    flat = np.round(content.landmarks[:, :2]).astype(np.int32)
    middle = flat.mean(axis=0)
    outline = middle + (flat[list(OVAL)] - middle) * 1.04
    cv2.fillPoly(paper, [np.round(outline).astype(np.int32)], (1,))
    for ring in EYES:
        cv2.fillPoly(paper, [flat[list(ring)]], (0,))
    return sample(paper, drawn.attributes[:, 0], drawn.attributes[:, 1], smooth=False) > 0
