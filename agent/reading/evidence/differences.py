"""The digits of a line held against their mates: place, ink and paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.glyphs import Digit, Row
from agent.reading.evidence.strip import Strip

Floats = NDArray[np.float64]

SEEN = (
    "chân số lệch so với các số bên cạnh",
    "mực đậm nhạt khác các số bên cạnh",
    "mực khác màu các số bên cạnh",
    "nền giấy quanh chữ số nhám hoặc lồi lõm khác thường",
    "nền giấy quanh chữ số khác màu",
    "nền giấy quanh chữ số khác màu",
    "nền giấy quanh chữ số phẳng hoặc nhám khác thường",
)
"""What a person sees, for each column of `differences`."""

_IN_TEN = np.array([0.03, 6.5, 0.93, 1.26, 0.84, 0.68, 1.1])
_IN_A_HUNDRED = np.array([0.05, 17.2, 2.4, 2.1, 1.6, 1.35, 2.0])
_NEVER = np.array([0.12, 80.0, 8.0, 5.5, 5.5, 2.6, 3.6])
"""What one digit in ten, one in a hundred and none of unchanged papers reached, per column (seeds below 1,000)."""

_BASE, _MOST = 0.3, 2.0
LEAST_ODDNESS = 4.8
"""Set so that of a hundred unchanged pages about two have evidence (`tests.bench.alterations`)."""

_FEWEST_MATES = 2
_SAME_HEIGHT = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The digits of one line with what is measured of its paper (`ground`, one row a piece)."""

    strip: Strip
    row: Row
    digits: Sequence[Digit]
    ground: Floats


def differences(line: Printed) -> Iterator[tuple[Digit, Floats]]:
    """Yield each digit of a line with how it differs from its mates, 0 where there is nothing to compare with.

    A digit's mates are the other digits of its word, or those of its line that are as tall. The columns: foot (of the
    height), darkness and hue of the ink (grey levels), then the ground's.
    """
    for digit in line.digits:
        mates = _mates(line, digit)
        if len(mates) >= _FEWEST_MATES:
            yield digit, np.abs(np.concatenate([_print(line, digit, mates), np.nan_to_num(line.ground[digit.piece])]))


def oddness(values: Floats) -> Floats:
    """Return how odd each difference is, from 0; their sum tells how odd a digit is (LEAST_ODDNESS: worth a look)."""
    shares = (values - _IN_TEN) / (_IN_A_HUNDRED - _IN_TEN)
    return np.asarray(np.where(values > _NEVER, LEAST_ODDNESS, 0.0) + np.clip(shares + _BASE, 0, _MOST))


def _mates(line: Printed, digit: Digit) -> list[Digit]:
    others = [other for other in line.digits if other is not digit]
    same_word = [other for other in others if other.word == digit.word]
    if len(same_word) >= _FEWEST_MATES:
        return same_word
    tall = _height(line, digit)
    return [other for other in others if abs(_height(line, other) / tall - 1) < _SAME_HEIGHT]


def _print(line: Printed, digit: Digit, mates: Sequence[Digit]) -> Floats:
    own, others = _looks(line, digit), np.array([_looks(line, mate) for mate in mates])
    usual = np.median(others, axis=0)
    spread = np.median(np.abs(others - usual), axis=0)
    foot, darkness, *hue = np.maximum(
        np.abs(own - usual) - spread, 0
    )  # mates that disagree among themselves say little
    return np.array([foot / _height(line, digit), darkness, max(hue)])


def _looks(line: Printed, digit: Digit) -> Floats:
    """Return foot (px), darkness and the hue's three parts of a digit."""
    grey = float(digit.tone.mean())
    return np.array([line.row.boxes[digit.piece, 3], grey, *(digit.tone - grey)])


def _height(line: Printed, digit: Digit) -> int:
    return int(line.row.boxes[digit.piece, 3] - line.row.boxes[digit.piece, 1])
