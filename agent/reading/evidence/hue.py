"""Ink of another colour within a word: a sign written over by pen, a digit typed in with another ribbon.

A form filled by pen is no alteration: there whole words are written in another ink than what is printed beside them.
"""

from collections.abc import Collection

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.glyphs import Row
from agent.reading.evidence.strip import Strip

Floats = NDArray[np.float64]

_COLOURED = 30
_CORE_PX = 1.4
_LEAST_DARK = 60
_COLOURED_PRINT = 15  # percent; thin strokes of a coloured print vary in hue
_TIGHT = 0.22  # gaps within a word, of a letter's height
_LONGEST_RUN = 2
_FEWEST_TIGHT = 2


def hue_of(strip: Strip, row: Row, digits: Collection[int]) -> Floats:
    """Return for each piece how far its ink's hue lies from its neighbours' in the word, in percent of its darkness.

    It is 0 but for one or two pieces in a row of another hue than the rest of a word, and then only where a piece
    beside them is a digit (`digits` are the pieces known as such), or where there are others on both sides.
    """
    hues = _hues(strip, row)
    found = np.zeros(len(row.boxes))
    if hues is None:
        return found
    for first, last in _words(row):
        own = hues[first:last]
        if last - first <= _FEWEST_TIGHT:
            continue
        usual = np.median(own, axis=0)
        away = np.abs(own - usual).max(axis=1) / (1 + np.abs(usual).max() / _COLOURED_PRINT)
        odd = np.flatnonzero(away > 0.5 * away.max())
        if 0 < len(odd) <= _LONGEST_RUN and _among_others(
            first + int(odd[0]), first + int(odd[-1]), first, last, digits
        ):
            found[first + odd] = away[odd] - np.delete(away, odd).max()
    return found


def _among_others(left: int, right: int, first: int, last: int, digits: Collection[int]) -> bool:
    """Return whether a run of pieces stands beside a digit of its word, or between others."""
    if right - left >= _LONGEST_RUN:
        return False
    beside = [piece for piece in (left - 1, right + 1) if first <= piece < last]
    return len(beside) == 2 or any(piece in digits for piece in beside)


def _hues(strip: Strip, row: Row) -> Floats | None:
    """Return yellow–blue and red–green of the middle of each piece's strokes; None for a line of black ink only."""
    inked = strip.colour[::2, ::2][strip.ink[::2, ::2] > 0].astype(np.int16)
    if not len(inked) or np.percentile(np.ptp(inked, axis=1), 99.7) < _COLOURED or not len(row.boxes):
        return None
    core = cv2.distanceTransform(strip.ink, cv2.DIST_L2, 3) >= _CORE_PX
    owners, colours = row.labels[core], strip.colour[core].astype(np.float64)
    most = int(max(row.labels.max(), row.numbers.max())) + 1
    counts = np.maximum(np.bincount(owners, minlength=most), 1)
    red, green, blue = (np.bincount(owners, colours[:, at], most) / counts for at in range(3))
    dark = np.maximum(_LEAST_DARK, 255 - (red + green + blue) / 3)
    hues: Floats = 100 * np.stack([(blue - (red + green) / 2) / dark, (red - green) / dark], axis=1)
    return hues[row.numbers]


def _words(row: Row) -> list[tuple[int, int]]:
    """Return first and last + 1 of the pieces that stand close together."""
    boxes = row.boxes
    tall = float(np.median(boxes[:, 3] - boxes[:, 1]))
    reach = np.maximum.accumulate(boxes[:, 2])
    cuts = np.flatnonzero(boxes[1:, 0] - reach[:-1] > _TIGHT * tall) + 1
    return list(zip([0, *cuts.tolist()], [*cuts.tolist(), len(boxes)], strict=True))
