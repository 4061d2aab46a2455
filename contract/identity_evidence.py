"""What an officer may see of a check of identity, sealed so that the hub alone can open it, and only for its case.

HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; kiosk and case are its `info`, so
that evidence of one case opens for no other. The plaintext is MessagePack. A hub that changes its key tells old from
new by the id before the sealed bytes; kiosks that know such a hub by kiosk.toml alone write none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Meta

from contract.ids import sha256_hex
from contract.messages import CardSource, IdentityResult, Message, Moment, Name

MOST_BYTES = 2 * 1024 * 1024
"""A sealed piece of evidence is no longer."""
_MOST_JPEG = 900 * 1024
_NAMED = b"TRAM-EV2"
_ID_BYTES = 8
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

Jpeg = Annotated[bytes, Meta(max_length=_MOST_JPEG)]
Score = Annotated[float, Meta(ge=-1, le=1)]


class Unsealable(Exception):
    """The evidence is not sealed for this hub and this case, or is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """A hub's public key; it `is_named` before what is sealed to it where the hub is known to look for that."""

    public: X25519PublicKey
    is_named: bool


class Cue(StrEnum):
    """What speaks for a live person before the camera."""

    LIGHT = "LIGHT"
    MOTION = "MOTION"
    PASSIVE = "PASSIVE"


class CueScore(Message, frozen=True, kw_only=True):
    """One cue alone: its score, and whether it speaks for a live person."""

    cue: Cue
    score: Score
    passed: bool


class FaceScore(Message, frozen=True, kw_only=True):
    """How like the live face is to the portrait (cosine), and from which score on that is the same person."""

    result: IdentityResult
    score: Score
    threshold: Score


class IdentityEvidence(Message, frozen=True, kw_only=True):
    """Portrait beside live frame, what the card says, what was measured. `frame` is empty where nobody was seen.

    `portrait` and `frame` are JPEG; a camera's frames are hashed one onto the other into `frames_sha256`, from the
    challenge's id on. `face` is None and `cues` empty where no face was compared (IdentityMethod.STILL).
    """

    taken_at: Moment
    card: CardSource
    card_verified: bool
    card_reason: Name
    name: Name
    number: Name
    born: date | None
    portrait: Jpeg
    frame: Jpeg
    face: FaceScore | None = None
    cues: Annotated[tuple[CueScore, ...], Meta(max_length=8)] = ()
    challenge: Name = ""
    frames_sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


def key_id(key: X25519PublicKey) -> str:
    """Return the first 64 bits of the key's SHA-256, in hex."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256_hex(raw)[: 2 * _ID_BYTES]


def sealed_to(sealed: bytes) -> str:
    """Return the id of the key that opens it, empty where it names none."""
    return sealed[len(_NAMED) :][:_ID_BYTES].hex() if sealed.startswith(_NAMED) else ""


def seal(evidence: IdentityEvidence, key: SealingKey, *, kiosk: str, case: str) -> bytes:
    """Return the evidence as only the holder of the private key can open it, for this kiosk and case alone."""
    head = _NAMED + bytes.fromhex(key_id(key.public)) if key.is_named else b""
    return head + _SUITE.encrypt(msgspec.msgpack.encode(evidence), key.public, info=_info(kiosk, case))


def unseal(sealed: bytes, keys: Sequence[X25519PrivateKey], *, kiosk: str, case: str) -> IdentityEvidence:
    """Return what was sealed to one of the keys, each tried where it names none; raise Unsealable."""
    if named := sealed_to(sealed):
        sealed = sealed[len(_NAMED) + _ID_BYTES :]
        keys = [key for key in keys if key_id(key.public_key()) == named]
        if not keys:
            raise Unsealable(f"the evidence does not open: the key {named} is not here")
    for key in keys:
        try:
            plain = _SUITE.decrypt(sealed, key, info=_info(kiosk, case))
        except (InvalidTag, ValueError):
            continue
        try:
            return msgspec.msgpack.decode(plain, type=IdentityEvidence)
        except ValueError as fault:
            raise Unsealable(f"what was sealed is no evidence: {fault}") from fault
    raise Unsealable("the evidence does not open: it is of another hub, kiosk or case, or damaged")


def _info(kiosk: str, case: str) -> bytes:
    return f"tram identity evidence 1\n{kiosk}\n{case}".encode()
