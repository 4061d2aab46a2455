"""What a chip says it can do: the SecurityInfos of EF.CardAccess and DG14 (ICAO Doc 9303-11, 9.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.identity.chip import tlv
from agent.identity.chip.ciphers import Cipher
from agent.identity.errors import ChipAnswerBroken

_SET, _SEQUENCE, _OID, _INTEGER = 0x31, 0x30, 0x06, 0x02
_BSI = bytes.fromhex("04007f0007")
PACE, CHIP_AUTHENTICATION, CHIP_KEY = _BSI + b"\2\2\4", _BSI + b"\2\2\3", _BSI + b"\2\2\1"
ACTIVE_AUTHENTICATION = bytes.fromhex("678108010105")
_CIPHERS = {1: Cipher.DES3, 2: Cipher.AES128, 3: Cipher.AES192, 4: Cipher.AES256}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityInfo:
    """One protocol: its object identifier (DER value) and its parameters, each as tag and value."""

    oid: bytes
    parameters: tuple[tuple[int, bytes], ...]

    def number(self, at: int) -> int | None:
        """Return the parameter at a place if it is there and an integer that fits four bytes."""
        if at >= len(self.parameters):
            return None
        tag, value = self.parameters[at]
        return int.from_bytes(value, "big") if tag == _INTEGER and len(value) <= 4 else None

    @property
    def cipher(self) -> Cipher | None:
        """The cipher that PACE's and chip authentication's identifiers end with."""
        return _CIPHERS.get(self.oid[-1])


def parse(data: bytes) -> tuple[SecurityInfo, ...]:
    """Return the infos of a SET; raise ChipAnswerBroken."""
    return tuple(_infos(tlv.first(data, _SET)))


def _infos(body: bytes) -> Iterator[SecurityInfo]:
    for tag, value in tlv.objects(body):
        parts = list(tlv.objects(value)) if tag == _SEQUENCE else []
        if not parts or parts[0][0] != _OID or not parts[0][1]:
            raise ChipAnswerBroken("a security info is not an identifier with its parameters")
        yield SecurityInfo(oid=parts[0][1], parameters=tuple(parts[1:]))
