"""Tag, length, value as chips write them (ISO/IEC 8825-1 with definite lengths; tags of one or two bytes)."""

from collections.abc import Iterator

from agent.identity.errors import ChipAnswerBroken

_LONGEST_LENGTH = 4
_MORE_TAG, _HIGH = 0x1F, 0x80


def encoded(tag: int, value: bytes) -> bytes:
    """Return the object."""
    count = len(value)
    size = b"" if count < _HIGH else count.to_bytes((count.bit_length() + 7) // 8, "big")
    length = bytes((_HIGH | len(size),)) + size if size else bytes((count,))
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + length + value


def header(data: bytes) -> tuple[int, int, int]:
    """Return an object's tag, where its value begins and how long it is; the value itself may be missing.

    Raise ChipAnswerBroken where these bytes begin no object.
    """
    at = 2 if data and data[0] & _MORE_TAG == _MORE_TAG else 1
    if len(data) <= at:
        raise ChipAnswerBroken("an object ends within its tag")
    tag, first = int.from_bytes(data[:at], "big"), data[at]
    if at == 2 and data[1] & _HIGH:
        raise ChipAnswerBroken("a tag of more than two bytes")
    if first < _HIGH:
        return tag, at + 1, first
    size = first & ~_HIGH
    if not 0 < size <= _LONGEST_LENGTH or len(data) <= at + size:
        raise ChipAnswerBroken("an object's length is open, cut off or too long")
    return tag, at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size], "big")


def objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of one object after the other; raise ChipAnswerBroken where one is cut off."""
    while data:
        tag, begin, length = header(data)
        if len(data) < begin + length:
            raise ChipAnswerBroken("an object is longer than what holds it")
        yield tag, data[begin : begin + length]
        data = data[begin + length :]


def first(data: bytes, *path: int) -> bytes:
    """Return the value that lies behind these tags, the first of each; raise ChipAnswerBroken where one is missing."""
    for tag in path:
        found = next((value for at, value in objects(data) if at == tag), None)
        if found is None:
            raise ChipAnswerBroken(f"the object {tag:X} is missing")
        data = found
    return data
