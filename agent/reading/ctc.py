"""Reading what a CTC net says: from its logits to text and to a confidence that says what it means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 0

_STAMPED_NUMBER = re.compile(r"Số ?: ?\d+ ?/")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a line says: per character and for the whole line the probability that it is right."""

    text: str
    character_confidences: tuple[float, ...]
    confidence: float


def decode(logits: Floats, charset: Sequence[str], temperature: float = 1.0) -> Decoded:
    """Return the best path of one line's logits [steps, classes]; class n writes charset[n − 1], class 0 nothing.

    A temperature above 1 makes the net more modest. A character's confidence is its peak probability. The line's is
    the least of these and of the probability, at any step, that the step belongs to the reading at all: a character
    that was nearly read instead, or besides, lowers it. White space at the ends is dropped.
    """
    path = logits.argmax(axis=1)
    odds = logits - logits[np.arange(len(path)), path, None]
    odds *= np.float32(1 / temperature)
    np.exp(odds, out=odds)
    sums = odds.sum(axis=1)
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    labels = path[starts]
    peaks = np.maximum.reduceat(1 / sums, starts)[labels != BLANK]
    text = "".join(charset[label - 1] for label in labels if label != BLANK)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    confidences = tuple(peaks[first:last].tolist())
    confidence = min((*confidences, _least_agreement(odds, path, sums)))
    return Decoded(text=text.strip(), character_confidences=confidences, confidence=confidence)


def agreed(first: Decoded, second: Decoded) -> float:
    """Return the confidence after a second look (`line_view.loosened`): the less certain look's, 0 if they differ.

    It is 0 too where a document's number was stamped into the gap of "Số:     /QĐ": no one can tell the spaces there.
    """
    if first.text != second.text or _STAMPED_NUMBER.match(first.text):
        return 0.0
    return min(first.confidence, second.confidence)


def _least_agreement(odds: Floats, path: NDArray[np.intp], sums: Floats) -> float:
    """Return, of all steps, the least probability of blank, the step's own character and those before and after it."""
    starts = (path != BLANK) & (np.diff(path, prepend=BLANK) != 0)
    run = np.cumsum(starts)
    labels = np.concatenate([[BLANK], path[starts], [BLANK]])
    allowed = np.stack([np.zeros_like(run), labels[run], labels[np.maximum(run - 1, 0)], labels[run + 1]], axis=1)
    allowed.sort(axis=1)
    anew = np.diff(allowed, axis=1, prepend=-1) != 0
    agreement = (np.take_along_axis(odds, allowed, axis=1) * anew).sum(axis=1) / sums
    return float(agreement.min(initial=1.0))
