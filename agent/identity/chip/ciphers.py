"""The block ciphers of chips: encryption, message authentication and key derivation (ICAO 9303-11, 9.7 and 9.8).

3DES is two-key DES with the retail MAC; it is kept since BAC knows nothing else.
"""

import hashlib
import hmac
from enum import StrEnum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from agent.identity.errors import ChannelBroken

MAC_BYTES = 8
FOR_ENCRYPTION, FOR_MAC, FOR_PASSWORD = 1, 2, 3
"""Counters of the key derivation (9.7.1)."""


class Cipher(StrEnum):
    """A cipher and its key length in bits."""

    DES3 = "3DES"
    AES128 = "AES-128"
    AES192 = "AES-192"
    AES256 = "AES-256"

    @property
    def block_bytes(self) -> int:
        """Length of a block, and of the send sequence counter."""
        return 8 if self is Cipher.DES3 else 16

    @property
    def key_bytes(self) -> int:
        """Length of a key; of 3DES, two DES keys."""
        return {Cipher.DES3: 16, Cipher.AES128: 16, Cipher.AES192: 24, Cipher.AES256: 32}[self]

    def derived(self, secret: bytes, counter: int) -> bytes:
        """Return the key for a purpose (9.7.1): SHA-1 for 3DES and AES-128, else SHA-256; 3DES with odd parity."""
        weak = self in (Cipher.DES3, Cipher.AES128)
        source = secret + counter.to_bytes(4, "big")
        digest = hashlib.sha1(source, usedforsecurity=False) if weak else hashlib.sha256(source)
        key = digest.digest()[: self.key_bytes]
        return bytes(map(_odd, key)) if self is Cipher.DES3 else key

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """Return whole blocks encrypted in CBC mode; without `iv` it is zero."""
        context = self._cbc(key, iv).encryptor()
        return context.update(data) + context.finalize()

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """Return whole blocks decrypted in CBC mode; without `iv` it is zero."""
        context = self._cbc(key, iv).decryptor()
        return context.update(data) + context.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Return eight bytes over whole blocks: retail MAC (ISO/IEC 9797-1 algorithm 3) or CMAC, truncated."""
        return self._retail_mac(key, data) if self is Cipher.DES3 else self.cmac(key, data)

    def cmac(self, key: bytes, data: bytes) -> bytes:
        """Return eight bytes of AES-CMAC over any data (NIST SP 800-38B)."""
        context = CMAC(algorithms.AES(key))
        context.update(data)
        return context.finalize()[:MAC_BYTES]

    def token(self, key: bytes, data: bytes) -> bytes:
        """Return PACE's authentication token over any data (4.4.3.4): 3DES pads it, CMAC does so itself."""
        return self.mac(key, padded(data, self.block_bytes)) if self is Cipher.DES3 else self.cmac(key, data)

    def _cbc(self, key: bytes, iv: bytes | None) -> "BlockCipher[modes.CBC]":
        algorithm = TripleDES(key + key[:8]) if self is Cipher.DES3 else algorithms.AES(key)
        return BlockCipher(algorithm, modes.CBC(iv or bytes(self.block_bytes)))

    def _retail_mac(self, key: bytes, data: bytes) -> bytes:
        chained = self.encrypt(key[:8] * 2, data[:-8])[-8:] if len(data) > 8 else bytes(8)
        return self.encrypt(key, data[-8:], chained)


def padded(data: bytes, block_bytes: int) -> bytes:
    """Return whole blocks: 80, then zeros (ISO/IEC 9797-1 method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block_bytes)


def unpadded(data: bytes) -> bytes:
    """Return what `padded` was given; raise ChannelBroken where this is not padded."""
    bare = data.rstrip(b"\x00")
    if not bare.endswith(b"\x80"):
        raise ChannelBroken("decrypted data lack their padding")
    return bare[:-1]


def same(one: bytes, other: bytes) -> bool:
    """Return whether two codes are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def _odd(byte: int) -> int:
    return byte & 0xFE | (byte >> 1).bit_count() % 2 ^ 1
