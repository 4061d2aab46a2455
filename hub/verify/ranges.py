"""The plain geometry of signatures in a PDF's bytes, checked before any cryptography.

A signature's /ByteRange must begin at the first byte and leave out its own /Contents and nothing else (ISO 32000-2,
12.8.1). The bytes of the last signature value itself are signed by nothing, so they must be written in the one plain
form: lower- or upper-case hex of one DER value, then zeros.
"""

import re
from dataclasses import dataclass

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s*\]")
_ANY_RANGE = re.compile(rb"/ByteRange\b")
_EOF = re.compile(rb"%%EOF\r?\n?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """The two covered spans of one signature: [0, gap_start) and [gap_end, end)."""

    start: int
    gap_start: int
    gap_end: int
    end: int


def find(pdf: bytes) -> list[ByteRange]:
    """Return the byte ranges written in the file, in order of where they end."""
    found = [[int(number) for number in match.groups()] for match in _RANGE.finditer(pdf)]
    ranges = [ByteRange(start=a, gap_start=a + b, gap_end=c, end=c + d) for a, b, c, d in found]
    return sorted(ranges, key=lambda each: each.end)


def faults(pdf: bytes) -> list[str]:
    """Return what is wrong with the signatures' byte ranges; an empty list where all is plain."""
    ranges = find(pdf)
    if len(ranges) != len(_ANY_RANGE.findall(pdf)):
        return ["a signature's byte range is not four plain numbers"]
    wrong = [fault for each in ranges if (fault := _shape_fault(pdf, each))]
    return wrong or [fault for fault in [_ending_fault(pdf, ranges)] if fault]


def _shape_fault(pdf: bytes, span: ByteRange) -> str:
    if span.start != 0 or not 0 < span.gap_start < span.gap_end < span.end <= len(pdf):
        return "a signature does not cover the file from its first byte on"
    value = pdf[span.gap_start : span.gap_end]
    if value[:1] != b"<" or value[-1:] != b">":
        return "a signature leaves out more than its own value"
    return "" if _is_plain_hex(value[1:-1]) else "the bytes of a signature's value are not in plain form"


def _is_plain_hex(value: bytes) -> bool:
    """Hex of one case holding one DER value followed by zeros only."""
    if re.fullmatch(rb"[0-9a-f]+|[0-9A-F]+", value) is None or len(value) % 2:
        return False
    der = bytes.fromhex(value.decode())
    return not any(der[_der_length(der) :])


def _der_length(der: bytes) -> int:
    if len(der) < 2 or der[1] < 0x80:
        return 2 + (der[1] if len(der) > 1 else 0)
    size = der[1] & 0x7F
    if not size:
        return len(der)  # BER of indefinite length, which others may write: its end is not known here
    return 2 + size + int.from_bytes(der[2 : 2 + size], "big")


def _ending_fault(pdf: bytes, ranges: list[ByteRange]) -> str:
    if not ranges or _EOF.search(pdf[-8:]):
        return ""
    return "something stands behind the end of the file"
