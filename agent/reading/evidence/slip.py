"""The edge of a slip glued over a number: a faint straight shadow below it that ends where the number does."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.glyphs import Digit, Row
from agent.reading.evidence.strip import Strip
from agent.reading.values import Pixels

_FEWEST_DIGITS = 3
_SAME_WORD = 0.3  # gaps within a word, of a digit's height
_NEAREST_PX, _FARTHEST = 3, 0.5
"""How far below the digits a shadow may lie: from some pixels to so much of their height."""

_OVER, _SHORT = 0.6, 1.0
"""How far beyond the number a shadow may end, or before it (a forger's digits may run over the slip)."""

_APART_PX = 4
_LEAST, _MOST = 3.0, 75.0
"""Grey levels by which a shadow is darker than the paper on both sides; a printed rule is darker."""

_ALONG_PX = 9
_NEARLY_ALL = 0.8
_GOES_ON = 0.6
_BEYOND = 1.6  # as far as paper is looked at beside the number

Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]


def slip_edges(pixels: Pixels, strip: Strip, row: Row, digits: Sequence[Digit]) -> Iterator[tuple[Box, float]]:
    """Yield the box (px of the strip) of each number that has such a shadow, and how deep it is (grey levels)."""
    for number in {digit.word for digit in digits}:
        own = [digit.piece for digit in digits if digit.word == number]
        if len(own) >= _FEWEST_DIGITS:
            x0, y0, x1, y1 = _word(row, own)
            if depth := _shadow(pixels, (x0 + strip.left, y0 + strip.top, x1 + strip.left, y1 + strip.top)):
                yield (x0, y0, x1, y1), depth


def _word(row: Row, digits: Sequence[int]) -> Box:
    """Return the box of some digits and of what stands close beside them."""
    x0, y0 = (int(side) for side in row.boxes[digits, :2].min(axis=0))
    x1, y1 = (int(side) for side in row.boxes[digits, 2:].max(axis=0))
    near = round(_SAME_WORD * (y1 - y0))
    for left, _, right, _ in row.boxes[row.boxes[:, 0].argsort()].tolist():
        x1 = right if x0 <= left < x1 + near and right > x1 else x1
    for left, _, right, _ in row.boxes[row.boxes[:, 2].argsort()[::-1]].tolist():
        x0 = left if x0 - near < right <= x1 and left < x0 else x0
    return x0, y0, x1, y1


def _shadow(pixels: Pixels, word: Box) -> float:
    """Return how deep the shadow below a word is; 0 where there is none, or one that goes on as rules do."""
    x0, _, x1, y1 = word
    tall = word[3] - word[1]
    reach, beside = round(_FARTHEST * tall), round(_BEYOND * tall)
    left = max(0, x0 - beside)
    part = pixels[y1 : y1 + reach + 2 * _APART_PX, left : x1 + beside]
    if part.shape[0] < 3 * _APART_PX or x1 - x0 < 2 * tall:
        return 0.0
    depths = _valleys(part)
    own = depths[:, x0 - left : max(x0 - left + tall, x1 - left - round(_SHORT * tall))]
    mean = own.mean(axis=1)
    foot = int(mean.argmax())
    depth = float(mean[foot])
    if not (_LEAST < depth < _MOST) or (own[foot] > depth / 3).mean() < _NEARLY_ALL:
        return 0.0
    return depth if _ends(depths[foot] > depth / 2, x0 - left, x1 - left, tall) else 0.0


def _valleys(part: Pixels) -> Floats:
    """Return how much darker each pixel, with its neighbours in the row, is than the paper above and below it."""
    smooth = cv2.blur(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32), (_ALONG_PX, 1))
    inner = ((smooth[:-1] + smooth[1:]) / 2)[_NEAREST_PX:-_APART_PX]
    above = smooth[: len(inner)]
    below = smooth[_NEAREST_PX + _APART_PX + 1 :][: len(inner)]
    return np.asarray(np.minimum(above[: len(below)], below) - inner[: len(below)])


def _ends(dark: NDArray[np.bool_], x0: int, x1: int, tall: int) -> bool:
    """Return whether a shadow has ended a little way left and right of a word."""
    over = round(_OVER * tall)
    beyond = (dark[: max(0, x0 - over)], dark[x1 + over :])
    return all(len(side) > over / 2 and side.mean() < _GOES_ON for side in beyond)
