"""The kiosk's decoder with the charset of this reader."""

from agent.reading import ctc
from agent.reading.ctc import Decoded
from models.reader.charset import CHARS

__all__ = ["decode"]


def decode(logits: ctc.Floats, temperature: float = 1.0) -> Decoded:
    """Best-path CTC reading of one line's logits [T, C]."""
    return ctc.decode(logits, CHARS, temperature)
