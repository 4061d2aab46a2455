"""The card's end of secure messaging, and the keys it counts with: written apart from the reader's, for it is a judge.

Source: ICAO Doc 9303-11, 9.7 and 9.8; both ends are held against its worked examples.
"""

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from provisioning.onebox.virtual_card import Heard

KEY_BITS = {1: 112, 2: 128, 3: 192, 4: 256}
"""By the last number of a protocol's identifier; 1 is 3DES."""


def tlv(tag: str, value: bytes) -> bytes:
    """Return a data object; the tag in hexadecimal."""
    if len(value) < 128:
        return bytes.fromhex(tag) + bytes([len(value)]) + value
    size = len(value).to_bytes(1 if len(value) < 256 else 2, "big")
    return bytes.fromhex(tag) + bytes([0x80 | len(size)]) + size + value


def split(data: bytes) -> dict[int, bytes]:
    """Return the objects of one-byte tags in these bytes, the last of each; raise ValueError or IndexError."""
    found = {}
    while data:
        begin, length = 2, data[1]
        if length > 127:
            begin, length = 2 + (length & 127), int.from_bytes(data[2 : 2 + (length & 127)], "big")
        if len(data) < begin + length:
            raise ValueError("cut off")
        found[data[0]] = data[begin : begin + length]
        data = data[begin + length :]
    return found


def derived(kind: int, secret: bytes, purpose: int) -> bytes:
    """Return the key for a purpose; kind 1 to 4."""
    hashed = (hashlib.sha1 if kind <= 2 else hashlib.sha256)(secret + bytes([0, 0, 0, purpose])).digest()
    if kind > 1:
        return hashed[: KEY_BITS[kind] // 8]
    return bytes(byte if bin(byte).count("1") % 2 else byte ^ 1 for byte in hashed[:16])


def crypt(kind: int, key: bytes, data: bytes, *, back: bool = False, iv: bytes = b"") -> bytes:
    """Return whole blocks encrypted, or decrypted, in CBC mode."""
    algorithm = TripleDES(key[:8] + key[8:] + key[:8]) if kind == 1 else algorithms.AES(key)
    cipher = Cipher(algorithm, modes.CBC(iv or bytes(8 if kind == 1 else 16)))
    run = cipher.decryptor() if back else cipher.encryptor()
    return run.update(data) + run.finalize()


def pad(data: bytes, block: int) -> bytes:
    """Return whole blocks."""
    data += b"\x80"
    while len(data) % block:
        data += b"\x00"
    return data


def mac(kind: int, key: bytes, data: bytes) -> bytes:
    """Return the eight-byte code; 3DES pads here, AES data come padded where they must be."""
    if kind > 1:
        code = cmac.CMAC(algorithms.AES(key))
        code.update(data)
        return code.finalize()[:8]
    block = bytes(8)
    data = pad(data, 8)
    for at in range(0, len(data), 8):
        block = _des(key[:8], bytes(x ^ y for x, y in zip(block, data[at : at + 8], strict=True)))
    return _des(key[:8], _des(key[8:], block, back=True))


def _des(key: bytes, block: bytes, *, back: bool = False) -> bytes:
    return crypt(1, key * 2, block, back=back)


class Refused(Exception):
    """The card ends the session: a code is wrong."""


@dataclass(slots=True, kw_only=True)
class CardSession:
    """Keys and counter; `skip_at` makes the card lose count before that answer (a fault to choose)."""

    kind: int
    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)
    counter: int = 0
    skip_at: int = 0
    answered: int = 0

    @property
    def block(self) -> int:
        """Length of a block."""
        return 8 if self.kind == 1 else 16

    def opened(self, command: Heard) -> Heard:
        """Return the command inside; raise Refused."""
        self.counter += 1
        try:
            parts = split(command.data)
            code = parts.pop(0x8E)
        except (KeyError, ValueError, IndexError):
            raise Refused from None
        head = bytes([command.cla, command.ins, command.p1, command.p2])
        body = command.data[: -len(tlv("8E", code))]
        covered = pad(head, self.block) + body if body else head
        if code != self._code(covered):
            raise Refused
        data = self._decrypted(parts[0x87]) if 0x87 in parts else b""
        length = parts.get(0x97, b"")
        wanted = (int.from_bytes(length, "big") or 256 ** len(length)) if length else 0
        return Heard(cla=command.cla & 0xF3, ins=command.ins, p1=command.p1, p2=command.p2, data=data, wanted=wanted)

    def closed(self, data: bytes, status: int) -> bytes:
        """Return the protected answer's data."""
        self.answered += 1
        self.counter += 2 if self.answered == self.skip_at else 1
        body = b""
        if data:
            sealed = crypt(self.kind, self.encryption, pad(data, self.block), iv=self._iv())
            body = tlv("87", b"\x01" + sealed)
        body += tlv("99", status.to_bytes(2, "big"))
        return body + tlv("8E", self._code(body))

    def _decrypted(self, value: bytes) -> bytes:
        if value[:1] != b"\x01" or len(value) % self.block != 1:
            raise Refused
        plain = crypt(self.kind, self.encryption, value[1:], back=True, iv=self._iv())
        return plain[: plain.rindex(b"\x80")]

    def _code(self, covered: bytes) -> bytes:
        said = self.counter.to_bytes(self.block, "big") + covered
        return mac(self.kind, self.authentication, said if self.kind == 1 else pad(said, 16))

    def _iv(self) -> bytes:
        if self.kind == 1:
            return b""
        return crypt(self.kind, self.encryption, self.counter.to_bytes(16, "big"))
