"""What a line reader is, whoever made its net."""

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from agent.reading.errors import ReaderUnfit
from agent.reading.lines import Crop

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def _accented_letters() -> str:
    toned = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in _TONES}
    return "".join(sorted(toned - set("aeiouyAEIOUY"))) + "đĐ"


VIETNAMESE = _accented_letters()
"""The 134 letters of Vietnamese that ASCII lacks, both cases."""


class LineReader(Protocol):
    """Reads lines of print."""

    @property
    def charset(self) -> str:
        """Every character that it can write."""

    def read(self, crops: Sequence[Crop]) -> list[tuple[str, float]]:
        """Return NFC text and confidence (0..1) of each grey crop (height, width), in the same order."""


def require_vietnamese(charset: str) -> None:
    """Return if a reader with this character set can write every Vietnamese letter; raise ReaderUnfit naming the missing."""
    missing = sorted(set(VIETNAMESE) - set(charset))
    if missing:
        raise ReaderUnfit(f"{len(missing)} letters are missing: {''.join(missing[:20])}")
