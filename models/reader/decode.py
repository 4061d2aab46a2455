"""From the net's logits to text and to a confidence that says what it means; needs NumPy only."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.reader.charset import BLANK, CHARS

__all__ = ["Decoded", "agreed", "decode", "softmax"]

Floats = npt.NDArray[np.float32]

_STAMPED_NUMBER = re.compile(r"Số ?: ?\d+ ?/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a line says: per character and for the whole line the probability that it is right."""

    text: str
    character_confidences: tuple[float, ...]
    confidence: float


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities over the last axis of logits divided by a temperature."""
    raised: Floats = np.exp((logits - logits.max(axis=-1, keepdims=True)) / np.float32(temperature))
    return np.divide(raised, raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def decode(logits: Floats, temperature: float = 1.0) -> Decoded:
    """Best-path CTC reading of one line's logits [T, C]; white space at the ends is dropped.

    A character's confidence is its peak probability. The line's is the least of these and of the probability, at any
    step, that the step belongs to the reading at all: a character that was nearly read instead, or besides, lowers it.
    """
    probabilities = softmax(logits, temperature)
    path = probabilities.argmax(axis=1)
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    labels = path[starts]
    peaks = np.maximum.reduceat(probabilities[np.arange(len(path)), path], starts)[labels != BLANK]
    text = "".join(CHARS[label - 1] for label in labels if label != BLANK)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    confidences = tuple(peaks[first:last].tolist())
    confidence = min((*confidences, _least_agreement(probabilities, path)))
    return Decoded(text=text.strip(), character_confidences=confidences, confidence=confidence)


def agreed(first: Decoded, second: Decoded) -> float:
    """Confidence after a second look (`views.loosened`): that of the less certain look, 0 if they differ.

    It is 0 too where a document's number was stamped into the gap of "Số:     /QĐ": no one can tell the spaces there.
    """
    if first.text != second.text or _STAMPED_NUMBER.match(first.text):
        return 0.0
    return min(first.confidence, second.confidence)


def _least_agreement(probabilities: Floats, path: npt.NDArray[np.intp]) -> float:
    """Of all steps the least probability of blank, the step's own character and the characters before and after it."""
    starts = (path != BLANK) & (np.diff(path, prepend=BLANK) != 0)
    run = np.cumsum(starts)
    labels = np.concatenate([[BLANK], path[starts], [BLANK]])
    allowed = np.stack([np.zeros_like(run), labels[run], labels[np.maximum(run - 1, 0)], labels[run + 1]], axis=1)
    allowed.sort(axis=1)
    anew = np.diff(allowed, axis=1, prepend=-1) != 0
    agreement = (np.take_along_axis(probabilities, allowed, axis=1) * anew).sum(axis=1)
    return float(np.minimum(agreement, 1).min(initial=1.0))
