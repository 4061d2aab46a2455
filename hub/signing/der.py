"""Writing DER (X.690), as little of it as a CMS signature needs."""

from collections.abc import Iterable
from datetime import UTC, datetime

INTEGER, OCTET_STRING, OBJECT_IDENTIFIER, GENERALIZED_TIME = 0x02, 0x04, 0x06, 0x18
SEQUENCE, SET = 0x30, 0x31


def tagged(tag: int, *parts: bytes) -> bytes:
    """Return one value with its tag and length in the shortest form."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return tagged(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF, whose members DER wants in ascending order."""
    return tagged(SET, *sorted(parts))


def context(number: int, *parts: bytes) -> bytes:
    """Return a constructed value with the context-specific tag `number`."""
    return tagged(0xA0 | number, *parts)


def retagged(number: int, encoded: bytes) -> bytes:
    """Return an encoded constructed value under an implicit context-specific tag."""
    return bytes((0xA0 | number,)) + encoded[1:]


def integer(number: int) -> bytes:
    """Return a non-negative INTEGER."""
    return tagged(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return tagged(OCTET_STRING, content)


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *others = map(int, dotted.split("."))
    return tagged(OBJECT_IDENTIFIER, *map(_base128, (40 * first + second, *others)))


def generalized_time(moment: datetime) -> bytes:
    """Return a GeneralizedTime in UTC to the second."""
    return tagged(GENERALIZED_TIME, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def _base128(number: int) -> bytes:
    digits = list(_digits(number))
    return bytes((*(digit | 0x80 for digit in reversed(digits[1:])), digits[0]))


def _digits(number: int) -> Iterable[int]:
    yield number & 0x7F
    while number := number >> 7:
        yield number & 0x7F
