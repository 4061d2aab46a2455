"""Places in a line that look changed: ink, print or paper unlike what stands beside them (NĐ 23/2015 Art. 22(1))."""

from collections.abc import Iterator, Sequence

import numpy as np

from agent.reading.evidence.differences import LEAST_ODDNESS, SEEN, Printed, differences, oddness
from agent.reading.evidence.glyphs import digits_of, row_of
from agent.reading.evidence.ground import ground_of
from agent.reading.evidence.hue import hue_of
from agent.reading.evidence.slip import slip_edges
from agent.reading.evidence.strip import strip_of
from agent.reading.values import Cue, Evidence, Line, Pixels, Seal
from contract.messages import Box

LEAST_HUE = 11.0

MOST = 3
_FEWEST_DIGITS = 2
_LEAST_CONFIDENCE = 0.2  # an ornament reads as nonsense
_EDGE = "viền mờ quanh số, như mép giấy dán"
_ANOTHER_HUE = "nét chữ có màu mực khác phần còn lại của từ"


def changed_places(
    pixels: Pixels, lines: Sequence[Line], seals: Sequence[Seal], *, most: int = MOST
) -> Iterator[Evidence]:
    """Yield at most so many places that stand out most, one a line, among lines with digits that no seal touches."""
    found: list[Evidence] = []
    for line in lines:
        numbers = sum(sign.isdigit() for sign in line.text) >= _FEWEST_DIGITS
        if numbers and line.confidence > _LEAST_CONFIDENCE and not any(_meets(line.box, seal.box) for seal in seals):
            found += sorted(_in_line(pixels, line), key=lambda evidence: -evidence.score)[:1]
    yield from sorted(found, key=lambda evidence: -evidence.score)[:most]


def _in_line(pixels: Pixels, line: Line) -> Iterator[Evidence]:
    strip = strip_of(pixels, line)
    if strip is None:
        return
    row = row_of(strip)
    digits = digits_of(strip, row, line.text)
    printed = Printed(strip=strip, row=row, digits=digits, ground=ground_of(strip, row) if digits else np.empty(0))
    yield from _of_digits(printed)
    for box, depth in slip_edges(pixels, strip, row, digits):
        yield Evidence(what=Cue.CHANGED, box=strip.box_mm(*box), score=min(0.95, 0.7 + depth / 100), words=_EDGE)
    hues = hue_of(strip, row, {digit.piece for digit in digits})
    if len(hues) and hues.max() > LEAST_HUE:
        yield _at(printed, int(hues.argmax()), float(hues.max()) / LEAST_HUE, _ANOTHER_HUE)


def _of_digits(line: Printed) -> Iterator[Evidence]:
    for digit, values in differences(line):
        odd = oddness(values)
        if odd.sum() > LEAST_ODDNESS:
            yield _at(line, digit.piece, float(odd.sum()) / LEAST_ODDNESS, SEEN[int(odd.argmax())])


def _at(line: Printed, piece: int, strength: float, words: str) -> Evidence:
    x0, y0, x1, y1 = line.row.boxes[piece].tolist()
    box = line.strip.box_mm(x0 - 4, y0 - 6, x1 + 4, y1 + 6)
    return Evidence(what=Cue.CHANGED, box=box, score=1 - 2**-strength, words=words)


def _meets(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
