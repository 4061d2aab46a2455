"""The picture of a record: what was seen, and its figures in rows below."""

from collections.abc import Iterable

import cv2
import numpy as np

from provisioning.calibration.figure import Figure
from provisioning.calibration.judge import Pixels

PICTURE_WIDTH = 1280
_ROW_PX = 30
_COLUMNS_PX = (20, 120, 480, 740)


def with_figures(shown: Pixels, figures: Iterable[Figure]) -> Pixels:
    """Return a picture PICTURE_WIDTH wide, blue first, with its figures below."""
    margin = np.full((_ROW_PX // 2, PICTURE_WIDTH, 3), 255, dtype=np.uint8)
    return np.vstack([shown, margin, *(_row(each) for each in figures), margin]).astype(np.uint8)


def _row(figure: Figure) -> Pixels:
    row = np.full((_ROW_PX, PICTURE_WIDTH, 3), 255, dtype=np.uint8)
    colour = (40, 120, 0) if figure.passes else (0, 0, 220)
    allowed = f"{figure.least:g} to {figure.most:g}"
    cells = ("pass" if figure.passes else "FAIL", figure.name, f"{figure.value:.2f} {figure.unit}", allowed)
    for text, x in zip(cells, _COLUMNS_PX, strict=True):
        cv2.putText(row, text.replace("°", "deg"), (x, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
    return row
