"""The six digits that the page /genuine shows, and whether digits were shown there in the last minutes.

They are worked out from the hub's key and the minute, so that nothing is kept and any hub of this agency knows them.
All who open the page in the same minute get the same digits; nobody outside the hub knows those of the next one.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contract.genuine import DIGITS
from hub.rooms import Hub

GOOD_FOR_MIN = 5


def shown(hub: Hub) -> str:
    """Return the digits of this minute, good for GOOD_FOR_MIN minutes at least."""
    return _digits(_key(hub.evidence_key), _minute(hub))


def was_shown(hub: Hub, digits: str) -> bool:
    """Return whether the page showed these digits in this minute or the GOOD_FOR_MIN before."""
    key, now = _key(hub.evidence_key), _minute(hub)
    return digits in {_digits(key, now - ago) for ago in range(GOOD_FOR_MIN + 1)}


def _minute(hub: Hub) -> int:
    return int(hub.clock.now().timestamp()) // 60


def _digits(key: bytes, minute: int) -> str:
    number = int.from_bytes(hmac.digest(key, minute.to_bytes(8, "big"), hashlib.sha256), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _key(secret: X25519PrivateKey) -> bytes:
    """Return a key of this purpose alone, derived (RFC 5869) from the one that all hubs over this folder have."""
    raw = secret.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"tram genuine challenge").derive(raw)
