"""When a line may be called sure: coverage at a promised precision, and the temperature that makes confidences true."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["SURE_PRECISION", "Coverage", "Judged", "coverage_at", "log_loss", "precision_above"]

SURE_PRECISION = 0.995
"""Share of the lines called sure that must be exactly right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A line as it was read."""

    said: str
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Above ``threshold`` lie ``share`` of the lines, of which ``precision`` are exactly right."""

    threshold: float
    share: float
    precision: float

    def __str__(self) -> str:
        return f"{self.share:.1%} of the lines above {self.threshold:.3f}, {self.precision:.2%} of them exact"


def coverage_at(lines: Sequence[Judged], precision: float = SURE_PRECISION) -> Coverage:
    """The lowest threshold above which at least ``precision`` of the lines are right; none: share 0 above 1."""
    ranked = sorted(lines, key=lambda line: -line.confidence)
    right = np.cumsum([line.right for line in ranked]) / np.arange(1, len(ranked) + 1)
    enough = np.flatnonzero(right >= precision)
    if not enough.size:
        return Coverage(threshold=1.0, share=0.0, precision=1.0)
    last = int(enough[-1])
    share, threshold = (last + 1) / len(ranked), ranked[last].confidence
    return Coverage(threshold=threshold, share=share, precision=float(right[last]))


def precision_above(lines: Sequence[Judged], threshold: float) -> Coverage:
    """What a threshold chosen elsewhere does on these lines."""
    sure = [line.right for line in lines if line.confidence >= threshold]
    precision = sum(sure) / len(sure) if sure else 1.0
    return Coverage(threshold=threshold, share=len(sure) / max(1, len(lines)), precision=precision)


def log_loss(lines: Sequence[Judged]) -> float:
    """Mean surprise of confidences at what happened; least when they are true probabilities."""
    confidence = np.clip([line.confidence for line in lines], 1e-6, 1 - 1e-6)
    right = np.array([line.right for line in lines])
    return float(-np.log(np.where(right, confidence, 1 - confidence)).mean())
