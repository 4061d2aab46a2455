"""Frames on the wire: kind, session, number and body under a CRC, stuffed so that a zero byte ends each."""

import binascii
import struct
from dataclasses import dataclass

from firmware_bridge.protocol import FrameKind

BODY_MAX = 81
"""The longest body: a message's code and 80 bytes, as the firmware's buffers allow."""

_HEAD = struct.Struct("<BHB")
_CRC = struct.Struct("<H")
_STUFFED_MAX = _HEAD.size + BODY_MAX + _CRC.size + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame; `session` and `seq` are numbers of 16 and 8 bits."""

    kind: FrameKind
    session: int
    seq: int = 0
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """Return the frame as it goes over the line, with its closing zero."""
    plain = _HEAD.pack(frame.kind, frame.session, frame.seq) + frame.body
    return stuff(plain + _CRC.pack(crc(plain))) + b"\0"


class FrameReader:
    """Finds the whole frames in what comes over the line; all else is noise and forgotten."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that `data` completes."""
        *whole, rest = (bytes(self._partial) + data).split(b"\0")
        self._partial = bytearray(rest[: _STUFFED_MAX + 1])
        return [frame for stuffed in whole if (frame := decode(stuffed))]


def decode(stuffed: bytes) -> Frame | None:
    """Return the frame between two zeros; None where it is damaged."""
    plain = unstuff(stuffed) if len(stuffed) <= _STUFFED_MAX else b""
    if len(plain) < _HEAD.size + _CRC.size or _CRC.unpack(plain[-2:])[0] != crc(plain[:-2]):
        return None
    kind, session, seq = _HEAD.unpack_from(plain)
    try:
        return Frame(kind=FrameKind(kind), session=session, seq=seq, body=plain[_HEAD.size : -2])
    except ValueError:
        return None


def crc(data: bytes) -> int:
    """Return CRC-16/CCITT-FALSE."""
    return binascii.crc_hqx(data, 0xFFFF)


def stuff(plain: bytes) -> bytes:
    """Return consistent overhead byte stuffing (Cheshire & Baker 1999) of fewer than 254 bytes."""
    return b"".join(bytes([len(run) + 1]) + run for run in plain.split(b"\0"))


def unstuff(stuffed: bytes) -> bytes:
    """Undo `stuff`; return nothing where the bytes are none of its."""
    runs, at = [], 0
    while at < len(stuffed):
        end = at + stuffed[at]
        if end == at or end > len(stuffed):
            return b""
        runs.append(stuffed[at + 1 : end])
        at = end
    return b"\0".join(runs)
