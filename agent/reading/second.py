"""A second opinion on lines that matter: Tesseract's Vietnamese model reads them too; what both read alike is sure.

One call per page: the crops stand below each other in one picture, so that the model is loaded once.
"""

import csv
import io
import subprocess
import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.lines import Crop

_HEIGHT_PX = 44
_GAP_PX = 40
_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


class SecondOpinion:
    """Tesseract as a child process with a time limit; what it does not answer in time it does not confirm."""

    def __init__(self, *, timeout_s: float = 5.0) -> None:
        self._timeout_s = timeout_s

    def confirms(self, crops: Sequence[Crop], texts: Sequence[str]) -> list[bool]:
        """Return for each crop whether Tesseract reads the same text."""
        if not crops:
            return []
        picture, tops = _stacked([_at_height(crop) for crop in crops])
        said = _by_row(self._ask(picture), tops)
        return [_plain(said[row]) == _plain(text) != "" for row, text in enumerate(texts)]

    def _ask(self, picture: NDArray[np.uint8]) -> str:
        encoded = cv2.imencode(".pgm", picture)[1].tobytes()
        command = ["tesseract", "-", "-", "-l", "vie", "--psm", "6", "--dpi", "300", "tsv"]
        try:
            answer = subprocess.run(
                command, input=encoded, capture_output=True, timeout=self._timeout_s, check=True, env=_ONE_THREAD
            )
        except (FileNotFoundError, subprocess.SubprocessError):
            return ""
        return answer.stdout.decode("utf-8", "replace")


_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin:/usr/local/bin"}


def _at_height(crop: Crop) -> Crop:
    width = max(8, round(crop.shape[1] * _HEIGHT_PX / crop.shape[0]))
    return cv2.resize(crop, (width, _HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _stacked(crops: Sequence[Crop]) -> tuple[NDArray[np.uint8], list[int]]:
    """Return one picture of all crops and the y at which each one's room begins."""
    step = _HEIGHT_PX + _GAP_PX
    picture = np.full((step * len(crops) + _GAP_PX, max(crop.shape[1] for crop in crops) + 2 * _GAP_PX), 255, np.uint8)
    for row, crop in enumerate(crops):
        top = _GAP_PX + row * step
        picture[top : top + _HEIGHT_PX, _GAP_PX : _GAP_PX + crop.shape[1]] = crop
    return picture, [_GAP_PX // 2 + row * step for row in range(len(crops))]


def _by_row(tsv: str, tops: Sequence[int]) -> list[str]:
    words: list[list[str]] = [[] for _ in tops]
    for record in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        if record.get("level") == "5" and record.get("text"):
            middle = int(record["top"]) + int(record["height"]) / 2
            row = int(np.searchsorted(tops, middle)) - 1
            words[max(0, row)].append(record["text"])
    return [" ".join(row) for row in words]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_FOLD).split())
