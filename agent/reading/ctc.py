"""Reading what a CTC net says: the best class of each step, repeats collapsed, blanks dropped."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def greedy(chances: NDArray[np.float32], charset: Sequence[str], *, blank: int = 0) -> tuple[str, float]:
    """Return the text and the lowest chance of any of its letters.

    `chances` are probabilities of shape (steps, classes); class n writes charset[n]. No text is as sure as its blanks.
    """
    best = chances.argmax(axis=1)
    peaks = chances[np.arange(len(best)), best]
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    heights = np.maximum.reduceat(peaks, starts)
    written = best[starts] != blank
    text = "".join(charset[label] for label in best[starts][written])
    return text, float((heights[written] if written.any() else heights).min())


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Return probabilities over the last axis; a temperature above 1 makes the net more modest."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
