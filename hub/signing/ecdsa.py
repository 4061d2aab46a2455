"""ECDSA signatures as tokens and services give them, and whether one is of the key that it should be of."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


def der(raw: bytes) -> bytes:
    """Return r and s, one behind the other, as DER."""
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def is_of(certificate: x509.Certificate, signature: bytes, message: bytes) -> bool:
    """Return whether the certificate's key made this signature (DER) over the SHA-256 of `message`."""
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
