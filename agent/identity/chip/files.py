"""Files of an eMRTD and how they are read: elementary files by READ BINARY (ICAO Doc 9303-10, 3.6 and 4.7)."""

from enum import Enum

from agent.apdu import Command
from agent.identity.chip import tlv
from agent.identity.chip.channel import Channel
from agent.identity.errors import ChipAnswerBroken, ChipRefused

APPLICATION = bytes.fromhex("a0000002471001")
"""LDS1 eMRTD application (9303-10, 4.1)."""

_CHUNK = 223
"""What comes back in a short answer under secure messaging with AES: 223 + padding in 14 blocks, 19 bytes of frame."""

_HEAD = 4
_MOST_BYTES = 0x7FFF
"""READ BINARY with an even instruction reaches no further; larger files are not read."""

_NO_FILE = (0x6A82, 0x6A88, 0x6982, 0x6985)
"""Not found, not referenced, not allowed, not now."""


class File(Enum):
    """Elementary files: identifier and the tag they begin with. The first two lie in the master file."""

    CARD_ACCESS = (0x011C, 0x31)
    CARD_SECURITY = (0x011D, 0x30)
    SECURITY_OBJECT = (0x011D, 0x77)
    DG1 = (0x0101, 0x61)
    DG2 = (0x0102, 0x75)
    DG13 = (0x010D, 0x6D)
    DG14 = (0x010E, 0x6E)
    DG15 = (0x010F, 0x6F)


GROUPS = {1: File.DG1, 2: File.DG2, 13: File.DG13, 14: File.DG14, 15: File.DG15}
"""The data groups that are read; fingerprints and irises (DG3, DG4) never are."""


async def select_application(channel: Channel) -> None:
    """Select the eMRTD application; raise ChipRefused."""
    command = Command(ins=0xA4, p1=0x04, p2=0x0C, data=APPLICATION)
    await channel.need(command, "the application of identity documents")


async def is_there(channel: Channel, file: File) -> bool:
    """Select a file; return False where the chip has none or keeps it shut; raise a ChipError."""
    answer = await channel.ask(Command(ins=0xA4, p1=0x02, p2=0x0C, data=file.value[0].to_bytes(2, "big")))
    if answer.status in _NO_FILE:
        return False
    if not answer.ok:
        raise ChipRefused(f"the chip refuses {file.name} (status {answer.status:04X})")
    return True


async def read_if_there(channel: Channel, file: File) -> bytes | None:
    """Return a file, None where the chip has none or keeps it shut; raise a ChipError."""
    return await content(channel, file) if await is_there(channel, file) else None


async def read(channel: Channel, file: File) -> bytes:
    """Return a file; raise ChipRefused where the chip has none, or another ChipError."""
    found = await read_if_there(channel, file)
    if found is None:
        raise ChipRefused(f"the chip has no {file.name}")
    return found


async def content(channel: Channel, file: File) -> bytes:
    """Return the selected file; raise ChipAnswerBroken where it is another, or another ChipError."""
    found = await _part(channel, file, 0, _HEAD)
    tag, begin, length = tlv.header(found)
    if tag != file.value[1]:
        raise ChipAnswerBroken(f"{file.name} begins with {tag:X}")
    size = begin + length
    if size > _MOST_BYTES:
        raise ChipAnswerBroken(f"{file.name} claims {size} bytes")
    while len(found) < size:
        found += await _part(channel, file, len(found), min(_CHUNK, size - len(found)))
    return found[:size]


async def _part(channel: Channel, file: File, offset: int, count: int) -> bytes:
    command = Command(ins=0xB0, p1=offset >> 8, p2=offset & 0xFF, answer=count)
    data = await channel.need(command, f"{file.name} at {offset}")
    if not 0 < len(data) <= count:
        raise ChipAnswerBroken(f"{file.name}: {len(data)} bytes came for {count} at {offset}")
    return data
