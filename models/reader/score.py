"""How well lines were read: character error rate and exact lines, typographic quotes and dashes folded."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from agent.reading.line_view import fit_height
from models.reader.charset import fold
from models.reader.render import Sample

__all__ = ["Score", "distance", "folded", "load_lines", "score"]

_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Character error rate and exact lines of a set, both in per cent."""

    lines: int
    cer_percent: float
    exact_percent: float

    def __str__(self) -> str:
        return f"CER {self.cer_percent:.3f} % exact {self.exact_percent:.1f} % of {self.lines}"


def folded(text: str) -> str:
    """Text as it is compared."""
    return fold(text.translate(_FOLD))


def distance(said: str, true: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(true) + 1))
    for i, char in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(true, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (char != other))
    return row[-1]


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """The score of (said, true) pairs."""
    compared = [(folded(said), folded(true)) for said, true in pairs]
    chars = sum(len(true) for _, true in compared)
    wrong = sum(distance(said, true) for said, true in compared if said != true)
    exact = sum(said == true for said, true in compared)
    return Score(lines=len(compared), cer_percent=100 * wrong / chars, exact_percent=100 * exact / len(compared))


def load_lines(folder: Path) -> dict[str, Sequence[Sample]]:
    """The development lines of a folder (``lines.tsv`` and ``lines/``) by set, scaled to the reader's height."""
    sets: dict[str, list[Sample]] = {}
    with (folder / "lines.tsv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            encoded = np.fromfile(folder / "lines" / row["file"], np.uint8)
            grey = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE).astype(np.uint8)
            sets.setdefault(row["set"], []).append(Sample(grey=fit_height(grey), text=row["text"]))
    return dict(sets)
