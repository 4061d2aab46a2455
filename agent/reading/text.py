"""What a line reader is, whoever made its net."""

from collections.abc import Sequence
from typing import Protocol

from agent.reading.alphabet import VIETNAMESE
from agent.reading.errors import ReaderUnfit
from agent.reading.lines import Crop


class LineReader(Protocol):
    """Reads lines of print."""

    @property
    def charset(self) -> str:
        """Every character that it can write."""

    def read(self, crops: Sequence[Crop]) -> list[tuple[str, float]]:
        """Return NFC text and confidence (0..1) of each grey crop (height, width), in the same order."""


def require_vietnamese(charset: str) -> None:
    """Return if this character set has every Vietnamese letter; raise ReaderUnfit naming the missing ones."""
    missing = sorted(set(VIETNAMESE) - set(charset))
    if missing:
        raise ReaderUnfit(f"{len(missing)} letters are missing: {''.join(missing[:20])}")
