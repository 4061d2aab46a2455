"""Messages as bytes, and bytes as messages."""

import msgspec
from msgspec import Struct

from contract.messages.values import VERSION, M, MalformedMessage, Message


def encode(message: Message) -> bytes:
    """Return the message as JSON bytes, fields in declared order."""
    return msgspec.json.encode(message)


def decode(kind: type[M], payload: bytes) -> M:
    """Return the message in `payload`; raise MalformedMessage naming the place and the fault."""
    try:
        message = msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise MalformedMessage(str(fault)) from fault
    version = getattr(message, "v", VERSION)
    if version != VERSION:
        raise MalformedMessage(f"version {version} is not spoken here, only {VERSION}")
    return message


def id_of(payload: bytes) -> str:
    """Return the id of a message that may otherwise be malformed, or an empty string."""
    try:
        return msgspec.json.decode(payload, type=_Identified).id[:26]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


class _Identified(Struct):
    id: str = ""
