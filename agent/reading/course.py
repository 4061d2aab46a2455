"""The course of one side of a paper, straight or slightly bowed, that most of what was seen along it speaks for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reading.side_net import Ends
from models.pagefinder.strips import ACROSS, STATIONS, STATIONS_AT

_DOUBT = 0.1  # of what a station says is taken to be said at random
_BEYOND = 0.3  # what a station beyond the corners counts
_GRID_STEP = 2
_CLOSE_ROWS = (5.0, 4.0, 3.0, 3.0)
_LEAST_VARIANCE = 0.3
_ALIKE = 8.0  # stations so near to each other err together
_USUAL_BOW = 0.008  # of the side: lens and curl
_BOWS = (0, -1, 1, -2, 2, -4, 4)  # of these, the bows that a course is looked for with

_WITHIN = (STATIONS_AT >= 0) & (STATIONS_AT <= 1)
_COUNTS = np.where(_WITHIN, 1.0, _BEYOND)
_DESIGN = np.stack([1 - STATIONS_AT, STATIONS_AT, 4 * STATIONS_AT * (1 - STATIONS_AT)], axis=1)
_ROWS = np.arange(ACROSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The rows of a strip in which a side starts and ends, how many rows it bows outwards, its support (0…1)."""

    start: float
    end: float
    bow: float
    support: float


def course_of(ends: Ends, side_rows: float) -> Course:
    """Return the likeliest course through a strip; the side is as long as `side_rows` rows are wide."""
    usual_bow = _USUAL_BOW * side_rows
    course = _best_of_grid(np.log((1 - _DOUBT) * ends + _DOUBT / ACROSS), usual_bow)
    for close in _CLOSE_ROWS:
        course = _drawn_to(course, ends, close, usual_bow)
    mass, _, _ = _nearby(course, ends, _CLOSE_ROWS[-1])
    return Course(start=course[0], end=course[1], bow=course[2], support=float(mass[_WITHIN].mean()))


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return pairs of rows (n, 2) in which a straight side may start and end, and its row at each station."""
    rows = np.arange(0, ACROSS, _GRID_STEP) + (_GRID_STEP - 1) / 2
    pairs = np.stack(np.meshgrid(rows, rows, indexing="ij"), axis=-1).reshape(-1, 2)
    return pairs, pairs @ _DESIGN[:, :2].T


_PAIRS, _PAIR_ROWS = _grid()


def _best_of_grid(logs: NDArray[np.float64], usual_bow: float) -> NDArray[np.float64]:
    best, most = np.zeros(3), -np.inf
    for bow in _BOWS:
        at = np.clip(np.rint(_PAIR_ROWS + bow * usual_bow * _DESIGN[:, 2]), 0, ACROSS - 1).astype(np.int64)
        sums = logs[np.arange(STATIONS), at] @ _COUNTS - _ALIKE * bow * bow / 2
        if sums.max() > most:
            best, most = np.append(_PAIRS[int(sums.argmax())], bow * usual_bow), float(sums.max())
    return best


def _drawn_to(course: NDArray[np.float64], ends: Ends, close: float, usual_bow: float) -> NDArray[np.float64]:
    """Return the course through the middles of what is seen close to the last one; it bows as little as it can."""
    mass, middle, variance = _nearby(course, ends, close)
    weights = _COUNTS * mass / (variance + _LEAST_VARIANCE) / _ALIKE
    normal = _DESIGN.T @ (weights[:, None] * _DESIGN) + np.diag([1e-6, 1e-6, 1 / usual_bow**2])
    wanted = _DESIGN.T @ (weights * middle) + 1e-6 * np.append(course[:2], 0.0)
    return np.asarray(np.linalg.solve(normal, wanted))


def _nearby(
    course: NDArray[np.float64], ends: Ends, close: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return at each station how much is seen close to a course, the mean row of that, and its variance."""
    at = _DESIGN @ course
    seen = np.where(np.abs(_ROWS - at[:, None]) <= close, ends, 0.0)
    mass = seen.sum(axis=1)
    middle = np.where(mass > 1e-6, (seen * _ROWS).sum(axis=1) / np.maximum(mass, 1e-6), at)
    variance = (seen * (_ROWS - middle[:, None]) ** 2).sum(axis=1) / np.maximum(mass, 1e-6)
    return mass, middle, variance
