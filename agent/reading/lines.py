"""From runs of text to lines: fragments joined, boxes drawn tight around a line's own ink, in reading order.

The detector's boxes are loose, and a reader is led astray by the ink of the line above or below. So every piece of ink
is given to the line it belongs to; a line's box holds its own pieces, and its crop shows no other's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reading.detector import Detector, Run
from agent.reading.ink import Pieces, pieces_of
from agent.reading.page import grey_of
from agent.reading.rooms import rooms_of
from agent.reading.values import Found, Pixels

Crop = NDArray[np.uint8]
"""A grey line of print, shape (height, width)."""

_JOIN_GAP = 1.1  # of a line's height: words stand closer, columns wider apart
_SAME_ROW = 0.55
_MARGIN = 0.12
_REACH = 0.4  # accents and descenders that the detector left out, of a line's height
_TALLEST = 1.9
_FARTHEST = 0.9  # of the letters' height
_FAINT = 0.4  # guilloche and watermarks, beside the line's own ink
_RULE_LENGTH = 2.5
_RULE_THICKNESS = 0.22
_HOLLOW = 0.2
_FRAME_HEIGHT = 1.35
_NOBODY = -1
_FURNITURE = -2


class PaddleFinder:
    """PP-OCRv4's detector with its pieces joined to lines; our own finder is measured against it."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def find(self, page: Pixels) -> list[Found]:
        """Return the lines of a flat, upright page (RGB, 300 dpi) in reading order."""
        grey = grey_of(page)
        pieces = pieces_of(grey)
        rooms = rooms_of(pieces, grey.shape[1], grey.shape[0])
        runs = [
            run.moved(x, y) for x, y, right, bottom in rooms for run in self._detector.runs(page[y:bottom, x:right])
        ]
        return find_lines(runs, grey, pieces)


def find_lines(runs: Sequence[Run], grey: NDArray[np.uint8], pieces: Pieces) -> list[Found]:
    """Return the lines in reading order: rows from top to bottom, within a row from left to right."""
    joined = in_reading_order(join_fragments(runs))
    if not joined:
        return []
    owner = _owners(joined, pieces)
    boxes = [_tight_box(run, pieces, owner == number) for number, run in enumerate(joined)]
    return [
        Found(box=box, crop=_crop(grey, pieces, owner, number, box))
        for number, box in enumerate(boxes)
        if box is not None
    ]


def join_fragments(runs: Sequence[Run]) -> list[Run]:
    """Return the runs with neighbours of one line joined; a gap wider than a line is high stays."""
    joined: list[Run] = []
    for run in sorted(runs, key=lambda run: run.x0):
        left = next((at for at, other in enumerate(joined) if _continues(other, run)), None)
        if left is None:
            joined.append(run)
        else:
            joined[left] = _union(joined[left], run)
    return joined


def in_reading_order(runs: Sequence[Run]) -> list[Run]:
    """Return the runs row by row; runs side by side, as in the two columns of a letter's head, form one row."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.middle):
        if rows and _share(rows[-1][-1], run) > _SAME_ROW:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [run for row in rows for run in sorted(row, key=lambda run: run.x0)]


def _share(one: Run, other: Run) -> float:
    """Return how much of the lower one's height both have in common."""
    common = min(one.y1, other.y1) - max(one.y0, other.y0)
    return common / min(one.height, other.height)


def _continues(left: Run, right: Run) -> bool:
    height = min(left.height, right.height)
    alike = max(left.height, right.height) < 1.8 * height
    return alike and _share(left, right) > _SAME_ROW and right.x0 - left.x1 < _JOIN_GAP * height


def _union(one: Run, other: Run) -> Run:
    return Run(
        x0=min(one.x0, other.x0),
        y0=min(one.y0, other.y0),
        x1=max(one.x1, other.x1),
        y1=max(one.y1, other.y1),
        score=min(one.score, other.score),
    )


def _owners(runs: Sequence[Run], pieces: Pieces) -> NDArray[np.int64]:
    """Return for each piece of ink the number of the line that it belongs to, −1 for nobody's, −2 for furniture."""
    x0, y0, x1, y1 = (pieces.boxes[:, side] for side in range(4))
    across, down = (x0 + x1) / 2, (y0 + y1) / 2
    furniture = _furniture(pieces, float(np.median([run.height for run in runs])))
    letters = ~furniture & (pieces.areas > 0)
    distances = np.full((len(runs), len(across)), np.inf)
    for number, run in enumerate(runs):
        reach = _REACH * run.height
        near = (across > run.x0 - reach) & (across < run.x1 + reach) & (down > run.y0 - reach) & (down < run.y1 + reach)
        mine = np.flatnonzero(near & letters & (y1 - y0 < _TALLEST * run.height))
        body = _body(run, pieces, mine)
        away = _distance(down[mine], body)
        belongs = (away < _FARTHEST * (body.baseline - body.top)) & (pieces.strengths[mine] > _FAINT * body.strength)
        distances[number, mine[belongs]] = away[belongs]
    nearest = distances.argmin(axis=0)
    owner = np.where(np.isfinite(distances.min(axis=0)), nearest, _NOBODY)
    return np.where(furniture, _FURNITURE, owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The letters of a line without accents and descenders: y of their top and baseline, strength of their ink."""

    top: float
    baseline: float
    strength: float


def _body(run: Run, pieces: Pieces, mine: NDArray[np.int64]) -> _Body:
    tops, bottoms = pieces.boxes[mine, 1], pieces.boxes[mine, 3]
    middles = (tops + bottoms) / 2
    letters = (bottoms - tops > 0.3 * run.height) & (np.abs(middles - run.middle) < 0.3 * run.height)
    if letters.sum() < 3:
        return _Body(top=run.y0 + 0.3 * run.height, baseline=run.y1 - 0.25 * run.height, strength=0.0)
    return _Body(
        top=float(np.median(tops[letters])),
        baseline=float(np.median(bottoms[letters])),
        strength=float(np.median(pieces.strengths[mine][letters])),
    )


def _distance(down: NDArray[np.float64], body: _Body) -> NDArray[np.float64]:
    """Return how far pieces stand off a line's letters; accents pile up above, but only a dot hangs closely below."""
    above, below = np.maximum(body.top - down, 0), np.maximum(down - body.baseline, 0)
    return np.asarray(above + 2 * below, dtype=np.float64)


def _furniture(pieces: Pieces, line_height: float) -> NDArray[np.bool_]:
    """Return which pieces are rules, or frames round a stamp: never letters, and never to be seen in a crop."""
    width, height = pieces.boxes[:, 2] - pieces.boxes[:, 0], pieces.boxes[:, 3] - pieces.boxes[:, 1]
    # underlined words that touch their line are hollow too, but no higher than a line
    hollow = (pieces.areas < _HOLLOW * width * height) & (height > _FRAME_HEIGHT * line_height)
    thin = height < _RULE_THICKNESS * line_height
    return np.asarray((width > _RULE_LENGTH * line_height) & (thin | hollow))


def _tight_box(run: Run, pieces: Pieces, mine: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    if not mine.any():
        return None
    boxes = pieces.boxes[mine]
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    # letters that touch a drawing (a seal, a signature) belong to it, so the run's own sides count too
    inner = 0.25 * run.height
    return (
        int(min(left, run.x0 + inner)),
        int(min(top, run.y0 + inner)),
        int(max(right, run.x1 - inner)),
        int(max(bottom, run.y1 - inner)),
    )


def _crop(
    grey: NDArray[np.uint8], pieces: Pieces, owner: NDArray[np.int64], number: int, box: tuple[int, int, int, int]
) -> Crop:
    margin = max(2, round(_MARGIN * (box[3] - box[1])))
    rows = slice(max(0, box[1] - margin), box[3] + margin)
    columns = slice(max(0, box[0] - margin), box[2] + margin)
    crop = grey[rows, columns].copy()
    owners = owner[pieces.labels[rows, columns]]
    foreign = (owners != number) & (owners != _NOBODY)
    if foreign.any():
        crop[_spread(foreign) & (owners != number)] = np.percentile(crop[::2, ::4], 80)
    return crop


def _spread(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the mask with a rim of two pixels, for the grey edge around ink."""
    wide = mask.copy()
    for shift in (1, 2):
        wide[shift:] |= mask[:-shift]
        wide[:-shift] |= mask[shift:]
        wide[:, shift:] |= mask[:, :-shift]
        wide[:, :-shift] |= mask[:, shift:]
    return wide
