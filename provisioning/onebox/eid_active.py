"""How the stand-in card signs a challenge for active authentication (ICAO Doc 9303-11, 6.1)."""

import hashlib
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ActiveKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def new_key(kind: str) -> ActiveKey | None:
    """Return a key, "rsa" or "ecdsa"; None for ""."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else None


def signed(key: ActiveKey, challenge: bytes) -> bytes:
    """Return the signature with SHA-256: ISO/IEC 9796-2 scheme 1, or r and s."""
    return _rsa_signed(key, challenge) if isinstance(key, rsa.RSAPrivateKey) else _ecdsa_signed(key, challenge)


def _rsa_signed(key: rsa.RSAPrivateKey, challenge: bytes) -> bytes:
    numbers, size = key.private_numbers(), key.key_size // 8
    nonce = secrets.token_bytes(size - 1 - 32 - 2)
    held = b"\x6a" + nonce + hashlib.sha256(nonce + challenge).digest() + b"\x34\xcc"
    return pow(int.from_bytes(held, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


def _ecdsa_signed(key: ec.EllipticCurvePrivateKey, challenge: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(challenge, ec.ECDSA(hashes.SHA256())))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
