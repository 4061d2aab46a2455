"""What the line reader can write; how a line must look before it is read is the kiosk's to say.

Class 0 of the net is the CTC blank; class ``i`` is ``CHARS[i - 1]``.
"""

import re
import unicodedata

from agent.reading.alphabet import VIETNAMESE
from agent.reading.ctc import BLANK
from agent.reading.line_view import HEIGHT_PX, STRIDE_PX, normalise, prepare

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
