"""How the values of a seal become the bytes of its messages and are read again; each value has exactly one form."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contract import c40
from contract.ids import MalformedUlid, ulid_from_bytes, ulid_to_bytes
from contract.seal_faults import BadText, FieldInvalid, FieldMissing, FieldRepeated
from contract.vds import Message

LATEST_TIME_S = (1 << 32) - 1
"""The last second that fits four bytes: 2106-02-07T06:28:15Z."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The tag under which an attribute travels, and its two directions; `read` raises SealError."""

    tag: int
    name: str
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


def write(profile: object, fields: Sequence[Field]) -> list[Message]:
    """Return the messages that carry the profile's attributes, in the order of `fields`."""
    return [Message(tag=each.tag, value=each.write(getattr(profile, each.name))) for each in fields]


def read(messages: Sequence[Message], fields: Sequence[Field]) -> dict[str, Any]:
    """Return the attributes by name; raise FieldRepeated, FieldMissing, or what a value's own form raises.

    Messages with tags unknown here are passed over: the signature covers them, a later edition may add some.
    """
    repeated = [tag for tag, count in Counter(message.tag for message in messages).items() if count > 1]
    if repeated:
        raise FieldRepeated(f"The tag {repeated[0]} stands more than once in the seal")
    values = {message.tag: message.value for message in messages}
    missing = [each.name for each in fields if each.tag not in values]
    if missing:
        raise FieldMissing(f"The seal lacks {', '.join(missing)}")
    return {each.name: each.read(values[each.tag]) for each in fields}


def ulid(tag: int, name: str) -> Field:
    """A ULID as its 16 bytes."""
    return Field(tag=tag, name=name, write=ulid_to_bytes, read=_read_ulid)


def uint(tag: int, name: str) -> Field:
    """A whole number ≥ 0, big-endian, in as few bytes as it needs (zero takes one)."""
    return Field(tag=tag, name=name, write=_write_uint, read=_read_uint)


def utc_second(tag: int, name: str) -> Field:
    """A moment as the seconds since 1970-01-01T00:00:00Z, written as a `uint`."""
    return Field(tag=tag, name=name, write=lambda moment: _write_uint(int(moment.timestamp())), read=_read_time)


def code(tag: int, name: str, separator: str) -> Field:
    """A code in C40, whose alphabet lacks `separator`: a space stands for it, as it does for `<` of a passport."""

    def write(text: str) -> bytes:
        return c40.encode(text.replace(separator, " "))

    def read(raw: bytes) -> str:
        return c40.decode(raw).replace(" ", separator)

    return Field(tag=tag, name=name, write=write, read=read)


def utf8(tag: int, name: str) -> Field:
    """A text in UTF-8."""
    return Field(tag=tag, name=name, write=str.encode, read=_read_utf8)


def octets(tag: int, name: str) -> Field:
    """Bytes as they are."""
    return Field(tag=tag, name=name, write=bytes, read=bytes)


def _read_ulid(raw: bytes) -> str:
    try:
        return ulid_from_bytes(raw)
    except MalformedUlid as fault:
        raise FieldInvalid(f"The id has {len(raw)} bytes instead of 16") from fault


def _write_uint(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _read_uint(raw: bytes) -> int:
    number = int.from_bytes(raw, "big")
    if _write_uint(number) != raw:
        raise FieldInvalid(f"The number {raw[:16].hex()} of the seal is not in its shortest form")
    return number


def _read_time(raw: bytes) -> datetime:
    seconds = _read_uint(raw)
    if seconds > LATEST_TIME_S:
        raise FieldInvalid("The time of issue lies after the year 2106")
    return datetime.fromtimestamp(seconds, UTC)


def _read_utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as fault:
        raise BadText(f"The text {raw[:32].hex()} of the seal is not UTF-8") from fault
