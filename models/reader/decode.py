"""From the net's logits to text and to a confidence that says what it means; needs NumPy only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.reader.charset import BLANK, CHARS

__all__ = ["Decoded", "decode", "log_softmax"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a line says: per character and for the whole line the probability that it is right."""

    text: str
    character_confidences: tuple[float, ...]
    confidence: float


def log_softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Log-probabilities over the last axis of logits divided by a temperature."""
    scaled: Floats = logits / np.float32(temperature)
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    return np.subtract(scaled, np.log(np.exp(scaled).sum(axis=-1, keepdims=True)), dtype=np.float32)


def decode(logits: Floats, temperature: float = 1.0) -> Decoded:
    """Best-path CTC reading of one line's logits [T, C]; white space at the ends is dropped.

    A character's confidence is its peak probability; the line's is that of its least certain character.
    """
    probabilities = np.exp(log_softmax(logits, temperature))
    path = probabilities.argmax(axis=1)
    best = probabilities[np.arange(len(path)), path]
    starts = np.flatnonzero(np.diff(path, prepend=BLANK))
    ends = np.append(starts, len(path))[1:]
    runs = [(start, stop) for start, stop in zip(starts, ends, strict=True) if path[start] != BLANK]
    chars = [(CHARS[path[start] - 1], float(best[start:stop].max())) for start, stop in runs]
    text = "".join(char for char, _ in chars)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    peaks = tuple(peak for _, peak in chars[first:last])
    return Decoded(text=text.strip(), character_confidences=peaks, confidence=min(peaks, default=1.0))
