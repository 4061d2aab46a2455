"""Sheets before a camera: laid on the table with a thin shadow around them, bent, and a second one made up."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice
from .photograph_camera import Field, Points
from .values import DPI

Pixels = NDArray[np.uint8]

SIDE_POINTS = 33

_OTHER_DPI = 150
_OVERSAMPLED = 1.4
_BARE = (250, 250, 248, 0)


def px_per_mm(paper: Image.Image) -> float:
    """Return how fine a paper is drawn: as its `info` says, or at 300 dpi."""
    return float(paper.info.get("dpi", (DPI, DPI))[0]) / 25.4


def size_mm(paper: Image.Image) -> tuple[float, float]:
    """Return the true width and height of a drawn paper."""
    return paper.width / px_per_mm(paper), paper.height / px_per_mm(paper)


def corners_mm(size: tuple[float, float]) -> Points:
    """Return the corners of a paper from its middle, clockwise from its top left, shape (4, 2)."""
    return np.asarray(np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array(size) / 2)


def lay(picture: Pixels, paper: Image.Image, seen_px_per_mm: float, x: Field, y: Field, stream: Dice) -> None:
    """Draw a paper into the picture; `x`, `y` are mm from its middle at each pixel, seen at about that scale."""
    seen = _seen(paper, seen_px_per_mm, x, y)
    alpha = seen[:, :, 3]
    soft = cv2.GaussianBlur(alpha, (0, 0), max(1.0, 0.8 * seen_px_per_mm))
    drop = np.roll(soft, (stream.randint(-1, 2), stream.randint(-1, 2)), (0, 1)).astype(np.uint16)
    shade = (255 - stream.uniform(0.1, 0.45) * drop).astype(np.uint8)
    shaded = cv2.multiply(picture, cv2.merge([shade] * 3), scale=1 / 255)
    share = alpha.astype(np.float32) / 255
    picture[:] = cv2.blendLinear(np.ascontiguousarray(seen[:, :, :3]), shaded, share, 1.0001 - share)


def _seen(paper: Image.Image, seen_px_per_mm: float, x: Field, y: Field) -> Pixels:
    """Return the paper as seen from there (RGBA), shrunk first so that fine print does not flicker."""
    scale = min(1.0, _OVERSAMPLED * seen_px_per_mm / px_per_mm(paper))
    size = (round(paper.width * scale), round(paper.height * scale))
    small = cv2.resize(np.asarray(paper.convert("RGBA")), size, interpolation=cv2.INTER_AREA)
    per_mm = np.float32(scale * px_per_mm(paper))
    at = (x * per_mm + np.float32(size[0] / 2 - 0.5), y * per_mm + np.float32(size[1] / 2 - 0.5))
    return cv2.remap(small, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_BARE).astype(np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulge:
    """How high a paper of so many mm stands: `curl` mm along its middle, and a corner lifted by `lift` mm."""

    size: tuple[float, float]
    curl: float
    lift: float
    along_x: bool
    corner: tuple[int, int]

    def __call__(self, x: Field, y: Field) -> Field:
        """Return the height in mm at x, y in mm from the paper's middle."""
        width, height = self.size
        part = np.clip(x / width if self.along_x else y / height, -0.5, 0.5)
        away = np.abs(self.corner[0] * width / 2 - x) + np.abs(self.corner[1] * height / 2 - y)
        near = np.clip(1 - away / min(width, height) / 0.4, 0, 1)
        return np.asarray(self.curl * np.cos(np.pi * part) + self.lift * near**2, dtype=np.float32)


def bulging(size: tuple[float, float], curl: float, lift: float, stream: Dice) -> Bulge:
    """Return a bulge along either way that lifts any corner."""
    along_x, corner = stream.random() < 0.5, (stream.choice((-1, 1)), stream.choice((-1, 1)))
    return Bulge(size=size, curl=curl, lift=lift, along_x=along_x, corner=corner)


def sides_mm(size: tuple[float, float], bulge: Bulge | None) -> Points:
    """Return points along the four sides, clockwise from the top left, shape (4, SIDE_POINTS, 3).

    A lifted corner counts as pressed down: nothing but the flat outline says where it belongs.
    """
    corners, along = corners_mm(size), np.linspace(0, 1, SIDE_POINTS)[:, None]
    flat = np.stack([corners[at] * (1 - along) + corners[(at + 1) % 4] * along for at in range(4)])
    pressed = None if bulge is None else replace(bulge, lift=0.0)
    away = np.zeros(flat.shape[:2]) if pressed is None else -pressed(flat[..., 0], flat[..., 1]).astype(np.float64)
    return np.asarray(np.concatenate([flat, away[..., None]], axis=2))


def some_paper(size: tuple[float, float], stream: Dice) -> Image.Image:
    """Return a sheet with rows that look like print, of 40–100 % of the size in mm."""
    share = stream.uniform(0.4, 1.0)
    width, height = (round(side * share * _OTHER_DPI / 25.4) for side in size)
    tint = stream.uniform(225, 252)
    sheet = np.full((height, width, 3), (tint, tint - stream.uniform(0, 4), tint - stream.uniform(0, 14)), np.uint8)
    step = max(6, round(stream.uniform(0.02, 0.035) * height))
    for top in range(2 * step, height - 2 * step, step):
        row = sheet[top : top + step // 3, width // 10 : width - width // 10]
        words = np.array([stream.random() < 0.8 for _ in range(row.shape[1] // max(1, step // 5) + 1)])
        row[:, np.repeat(words, max(1, step // 5))[: row.shape[1]]] = 60
    paper = Image.fromarray(sheet)
    paper.info["dpi"] = (_OTHER_DPI, _OTHER_DPI)
    return paper
