"""The signs of a line one by one: the pieces of ink among its letters, and which of them is which digit of its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.strip import Strip

_SPECK = 0.003  # of the strip's height, squared
_LETTER_SPECKS = 6
_OVERLAP = 0.5
_MISREAD = 2  # signs of a number that ink and text may differ by
_FEWEST_DIGITS, _MOSTLY = 3, 0.6
_AS_TALL = 0.1
_DIGITS = frozenset("0123456789")
_HIGH_MARKS = dict.fromkeys(map(ord, "\"'“”‘’°ºª*"))

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The pieces of ink that stand among a line's letters, left to right: a label image, each piece's label and box."""

    labels: Ints
    numbers: Ints
    boxes: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Digit:
    """One digit: the word of the text it is in, its piece of the row, the mean colour of its strokes' middle (RGB)."""

    word: int
    piece: int
    tone: Floats


def row_of(strip: Strip) -> Row:
    """Return the pieces between the top of small letters and a little below the baseline: no accents, no other line."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strip.ink, connectivity=8)
    x, y, width, height, area = stats.T
    bottom, speck = y + height, _SPECK * strip.ink.shape[0] ** 2
    letters = (area >= _LETTER_SPECKS * speck) & (np.arange(len(stats)) > 0)
    kept = np.empty(0, np.intp)
    if letters.any():
        tall = float(np.median(height[letters]))
        baseline = _commonest(bottom[letters], 0.2 * tall)
        inside = (bottom > baseline - 0.72 * tall) & (y < baseline + 0.05 * tall) & (bottom < baseline + 0.7 * tall)
        kept = np.flatnonzero(inside & (area >= speck) & (np.arange(len(stats)) > 0))
        kept = kept[np.argsort(x[kept], kind="stable")]
    boxes = np.stack([x, y, x + width, bottom], axis=1)[kept]
    return Row(labels=labels.astype(np.int32), numbers=kept.astype(np.int32), boxes=boxes.astype(np.int32))


def digits_of(strip: Strip, row: Row, text: str) -> list[Digit]:
    """Return the digits of those words of a line whose pieces of ink are as many as their characters, or nearly."""
    words = text.translate(_HIGH_MARKS).split()
    if _DIGITS.isdisjoint(text):
        return []
    matched = list(_matched(_in_words(_columns(row), row, len(words)), words, row))
    if not matched:
        return []
    depth = cv2.distanceTransform(strip.ink, cv2.DIST_L2, 3).astype(np.float32)
    return [_digit(strip, row, depth, *match) for match in matched]


def _commonest(values: NDArray[np.int32], reach: float) -> float:
    """Return the value from which on most values lie within a reach."""
    ordered = np.sort(values)
    counts = np.searchsorted(ordered, ordered + reach) - np.arange(len(ordered))
    return float(ordered[np.argmax(counts)])


def _columns(row: Row) -> list[tuple[int, ...]]:
    """Return the pieces, those above each other together (`i`, `:`, broken letters)."""
    columns: list[tuple[int, ...]] = []
    left = right = 0
    for piece, (x0, _, x1, _) in enumerate(row.boxes.tolist()):
        if columns and min(right, x1) - max(left, x0) > _OVERLAP * max(1, min(right - left, x1 - x0)):
            columns[-1] = (*columns[-1], piece)
            left, right = min(left, x0), max(right, x1)
        else:
            columns.append((piece,))
            left, right = x0, x1
    return columns


def _in_words(columns: Sequence[tuple[int, ...]], row: Row, count: int) -> list[Sequence[tuple[int, ...]]]:
    """Return the columns cut at the widest gaps into so many words; none where there are too few."""
    if len(columns) < count:
        return []
    left = np.array([row.boxes[list(column), 0].min() for column in columns])
    right = np.array([row.boxes[list(column), 2].max() for column in columns])
    cuts = sorted(np.argsort(right[:-1] - left[1:], kind="stable")[: count - 1] + 1)
    return [columns[start:end] for start, end in zip([0, *cuts], [*cuts, len(columns)], strict=True)]


def _matched(groups: Sequence[Sequence[tuple[int, ...]]], words: Sequence[str], row: Row) -> Iterator[tuple[int, int]]:
    """Yield piece and number of the word of every digit: sign by sign, or, of a number misread, all pieces as tall."""
    for number, (columns, word) in enumerate(zip(groups, words, strict=False)):
        if len(columns) == len(word):
            for pieces, sign in zip(columns, word, strict=True):
                if sign in _DIGITS and len(pieces) == 1:
                    yield pieces[0], number
        elif _is_number(word) and abs(len(columns) - len(word)) <= _MISREAD:
            for piece in _as_tall([pieces[0] for pieces in columns if len(pieces) == 1], row):
                yield piece, number


def _is_number(word: str) -> bool:
    digits = sum(sign in _DIGITS for sign in word)
    return digits >= _FEWEST_DIGITS and digits >= _MOSTLY * len(word)


def _as_tall(pieces: Sequence[int], row: Row) -> list[int]:
    """Return the pieces as tall as most of them and narrower than tall: no points, no dashes."""
    if len(pieces) < _FEWEST_DIGITS:
        return []
    boxes = row.boxes[list(pieces)]
    heights, widths = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    alike = np.abs(heights / np.median(heights) - 1) < _AS_TALL
    return [piece for piece, tall, wide in zip(pieces, alike, widths < heights, strict=True) if tall and wide]


def _digit(strip: Strip, row: Row, depth: Floats, piece: int, word: int) -> Digit:
    x0, y0, x1, y1 = row.boxes[piece].tolist()
    view = np.s_[y0:y1, x0:x1]
    own = depth[view] * (row.labels[view] == row.numbers[piece])
    core = own >= max(1.4, 0.6 * float(own.max()))
    middle = core if core.any() else own > 0
    return Digit(word=word, piece=piece, tone=strip.colour[view][middle].mean(axis=0).astype(np.float32))
