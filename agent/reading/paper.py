"""Which part of a flat scan is paper: the rectangle that differs from the scanner's lid, white or dark."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.shrink import within
from agent.reading.values import Pixels

_LONG_SIDE_PX = 500
_DIFFERENT_BY = 22
_LEAST_SHARE = 0.02
_WHOLE_SHARE = 0.97
_DARK = 150.0
_LARGEST_ON_WHITE = 0.6  # on a white ground a larger frame is printed on the paper, as on diplomas
_REST = 0.15
_SOLID = 0.9  # a rectangle of paper fills its frame; rows of print on a white lid do not

_A4_ASPECT = 297.0 / 210.0
_A4_TOLERANCE = 0.03

Corners = NDArray[np.float32]
"""Four corners in pixels, clockwise from the top left, shape (4, 2)."""


def paper_corners(pixels: Pixels) -> Corners | None:
    """Return the corners of the paper, or None where the whole picture is paper (or can't be told from the lid)."""
    small = within(pixels, _LONG_SIDE_PX)
    lid, unlike = _unlike_lid(small)
    outline = _largest_outline(unlike)
    most = _WHOLE_SHARE if lid < _DARK else _LARGEST_ON_WHITE
    if outline is None or not _is_sheet(outline, unlike, most):
        return None
    corners = cv2.boxPoints(cv2.minAreaRect(outline)).astype(np.float32)
    return _clockwise(corners) * np.float32(max(pixels.shape[:2]) / max(small.shape[:2]))


def has_a4_shape(pixels: Pixels) -> bool:
    """Return whether a picture is as long for its width as A4, upright or not."""
    short, long = sorted(pixels.shape[:2])
    return abs(long / short / _A4_ASPECT - 1) < _A4_TOLERANCE


def cut_out(pixels: Pixels, corners: Corners) -> Pixels:
    """Return the paper alone, straightened, at the picture's own scale."""
    width = round(float(np.linalg.norm(corners[1] - corners[0])))
    height = round(float(np.linalg.norm(corners[3] - corners[0])))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(pixels, turn, (width, height), flags=cv2.INTER_LINEAR).astype(np.uint8)


def _unlike_lid(small: NDArray[np.uint8]) -> tuple[float, NDArray[np.uint8]]:
    """Return how bright the lid is and where the picture differs from it."""
    smooth = cv2.medianBlur(small, 5)
    frame = np.concatenate([smooth[:2].reshape(-1, 3), smooth[-2:].reshape(-1, 3), smooth[:, :2].reshape(-1, 3)])
    lid = np.median(frame, axis=0)
    red, green, blue = cv2.split(cv2.absdiff(smooth, np.full_like(smooth, np.rint(lid))))
    unlike = (cv2.max(cv2.max(red, green), blue) > _DIFFERENT_BY).astype(np.uint8)
    opened = cv2.morphologyEx(unlike, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return float(lid.mean()), opened.astype(np.uint8)


def _largest_outline(mask: NDArray[np.uint8]) -> NDArray[np.int32] | None:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    return np.asarray(max(outlines, key=cv2.contourArea), dtype=np.int32)


def _is_sheet(outline: NDArray[np.int32], unlike: NDArray[np.uint8], most: float) -> bool:
    """Return whether the outline is a solid rectangle and the only thing on the glass (two cards stay one picture)."""
    width, height = cv2.minAreaRect(outline)[1]
    frame, area = width * height, cv2.contourArea(outline)
    alone = unlike.sum() < (1 + _REST) * area
    return bool(_LEAST_SHARE < frame / unlike.size < most and area > _SOLID * frame and alone)


def _clockwise(corners: NDArray[np.float32]) -> Corners:
    sums, differences = corners.sum(axis=1), np.diff(corners, axis=1)[:, 0]
    order = [int(sums.argmin()), int(differences.argmin()), int(sums.argmax()), int(differences.argmax())]
    return np.ascontiguousarray(corners[order], dtype=np.float32)
