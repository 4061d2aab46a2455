"""Active authentication: the chip signs a challenge with the key behind DG15 (ICAO Doc 9303-11, 6.1)."""

import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from agent.apdu import EXTENDED_ANSWER, SHORT_ANSWER, Command
from agent.identity.chip import tlv
from agent.identity.chip.channel import Channel
from agent.identity.chip.ciphers import same
from agent.identity.chip.security_infos import ACTIVE_AUTHENTICATION, SecurityInfo

Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

_CHALLENGE_BYTES = 8
_SHORT_SIGNATURE = 220
_PARTIAL_RECOVERY, _SHA1_TRAILER, _NAMED_TRAILER = 0x6A, 0xBC, 0xCC
_TRAILERS = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""Hash identifiers of ISO/IEC 10118-3 as ISO/IEC 9796-2 names them before CC."""

_PLAIN_ECDSA = bytes.fromhex("04007f000701010401")
_ECDSA_HASHES: dict[int, hashes.HashAlgorithm] = {
    1: hashes.SHA1(),  # noqa: S303 - a fresh challenge is signed: nobody gains by a collision
    2: hashes.SHA224(),
    3: hashes.SHA256(),
    4: hashes.SHA384(),
    5: hashes.SHA512(),
}


def offered(group: bytes) -> Key | None:
    """Return the key in DG15, None where it is of a kind that this reader does not know; raise ChipAnswerBroken."""
    try:
        key = load_der_public_key(tlv.first(group, 0x6F))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else None


async def proves(channel: Channel, key: Key, infos: Sequence[SecurityInfo]) -> bool:
    """Return whether the chip signs a fresh challenge; `infos` (DG14) name the hash of an ECDSA key.

    Raise a ChipError where the talk breaks.
    """
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    wanted = SHORT_ANSWER if key.key_size <= 8 * _SHORT_SIGNATURE else EXTENDED_ANSWER
    answer = await channel.ask(Command(ins=0x88, data=challenge, answer=wanted))
    if not answer.ok:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return _rsa_proves(key, challenge, answer.data)
    return _ecdsa_proves(key, challenge, answer.data, infos)


def recovers(representative: bytes, challenge: bytes) -> bool:
    """Return whether an opened RSA signature holds the challenge (ISO/IEC 9796-2 scheme 1, partial recovery)."""
    if len(representative) < 4 or representative[0] != _PARTIAL_RECOVERY:
        return False
    if representative[-1] == _SHA1_TRAILER:
        name, end = "sha1", len(representative) - 1
    elif representative[-1] == _NAMED_TRAILER and representative[-2] in _TRAILERS:
        name, end = _TRAILERS[representative[-2]], len(representative) - 2
    else:
        return False
    begin = end - hashlib.new(name).digest_size
    if begin < 1:
        return False
    return same(representative[begin:end], hashlib.new(name, representative[1:begin] + challenge).digest())


def _rsa_proves(key: rsa.RSAPublicKey, challenge: bytes, signature: bytes) -> bool:
    numbers, size = key.public_numbers(), (key.key_size + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= numbers.n:
        return False
    opened = pow(value, numbers.e, numbers.n)
    # the signer may have sent the smaller of s and n - s (ISO/IEC 9796-2, A.4)
    return any(recovers(one.to_bytes(size, "big"), challenge) for one in (opened, numbers.n - opened))


def _ecdsa_proves(
    key: ec.EllipticCurvePublicKey, challenge: bytes, signature: bytes, infos: Sequence[SecurityInfo]
) -> bool:
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    try:
        key.verify(encode_dss_signature(r, s), challenge, ec.ECDSA(_hash(infos)))
    except InvalidSignature:
        return False
    return True


def _hash(infos: Sequence[SecurityInfo]) -> hashes.HashAlgorithm:
    """Return the hash that DG14 names; SHA-256 where it names none, though it should (9303-11, 9.2.5)."""
    named = next((info.parameters[1][1] for info in infos if _names_hash(info)), b"")
    return _ECDSA_HASHES.get(named[-1], hashes.SHA256()) if named[:-1] == _PLAIN_ECDSA else hashes.SHA256()


def _names_hash(info: SecurityInfo) -> bool:
    return info.oid == ACTIVE_AUTHENTICATION and len(info.parameters) > 1 and bool(info.parameters[1][1])
