"""What the line reader can write, and how a line must look before it is read; needs NumPy only, so the kiosk shares it.

Class 0 of the net is the CTC blank; class ``i`` is ``CHARS[i - 1]``.
"""

import re
import unicodedata

import numpy as np
import numpy.typing as npt

__all__ = [
    "BLANK",
    "CHARS",
    "HEIGHT_PX",
    "MARKS",
    "STRIDE_PX",
    "VIETNAMESE",
    "encode",
    "fold",
    "legible",
    "normalise",
    "prepare",
]

HEIGHT_PX = 40
STRIDE_PX = 4
BLANK = 0
_SIDE_PX = 8

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def _accented_letters() -> str:
    toned = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in _TONES}
    return "".join(sorted(toned - set("aeiouyAEIOUY"))) + "đĐ"


VIETNAMESE = _accented_letters()
"""The 134 letters of Vietnamese that ASCII lacks, both cases."""

MARKS = "–—…“”‘’°§½²³№·•×"
"""Typographic marks of official papers."""

CHARS = "".join(map(chr, range(32, 127))) + VIETNAMESE + MARKS
"""Every character the reader writes, in the order of the net's classes."""

_CLASS_OF = {char: index + 1 for index, char in enumerate(CHARS)}
_LOOKALIKES = str.maketrans(
    {"\u00a0": " ", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2032": "'", "\u2033": '"', "Ð": "Đ", "\u00ad": None}
)


def fold(text: str) -> str:
    """Text in NFC with single spaces and with look-alike code points replaced by those of the charset."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).translate(_LOOKALIKES)).strip()


def legible(text: str) -> bool:
    """Whether every character of a folded text is in the charset."""
    return all(char in _CLASS_OF for char in text)


def encode(text: str) -> list[int]:
    """Classes of a legible text; KeyError names a character outside the charset."""
    return [_CLASS_OF[char] for char in text]


def normalise(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """One grey line [40, W] with zero mean, divided by its standard deviation plus 8 grey levels."""
    line = grey.astype(np.float32)
    centred: npt.NDArray[np.float32] = line - line.mean()
    return np.divide(centred, line.std() + np.float32(8), dtype=np.float32)


def prepare(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """One grey line [40, W] as the net takes it: [1, 1, 40, W + 16 or more], normalised, with paper at its sides."""
    line = normalise(grey)
    width = -(-(line.shape[1] + 2 * _SIDE_PX) // STRIDE_PX) * STRIDE_PX
    sides = (_SIDE_PX, width - line.shape[1] - _SIDE_PX)
    paper = float(np.median(line[:, [0, 1, -2, -1]]))
    return np.pad(line, ((0, 0), sides), constant_values=paper)[None, None]
