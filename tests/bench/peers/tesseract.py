"""Tesseract with its Vietnamese model, one thread, a child process for each call."""

import os
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.values import Pixels

Grey = NDArray[np.uint8]


class TesseractReader:
    """The `vie` model of the system, or of the folder `tessdata` (fast, best, best_int)."""

    def __init__(self, tessdata: Path | None = None) -> None:
        self._options = ["-l", "vie", *(["--tessdata-dir", str(tessdata)] if tessdata else [])]

    def read(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Return the text of each grey crop, with 1.0: the model is loaded once for all of them."""
        if not crops:
            return []
        with tempfile.TemporaryDirectory() as folder:
            names = [Path(folder) / f"{number:05}.png" for number in range(len(crops))]
            for name, crop in zip(names, crops, strict=True):
                cv2.imwrite(str(name), crop)
            listed = Path(folder) / "lines.txt"
            listed.write_text("\n".join(map(str, names)), encoding="utf-8")
            said = self._run(listed, "--psm", "7").split("\f")
        return [(_plain(text), 1.0) for text in said[: len(crops)]]

    def read_page(self, page: Pixels) -> list[str]:
        """Return the lines of a whole page (RGB), found and read by Tesseract."""
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "page.png"
            cv2.imwrite(str(picture), page[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
            said = self._run(picture, "--dpi", "300")
        return [_plain(line) for line in said.splitlines() if line.strip()]

    def _run(self, source: Path, *how: str) -> str:
        command = ["tesseract", str(source), "-", *self._options, *how]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        return subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode("utf-8")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
