"""Evidence opens for its hub and its case, and for nobody else."""

from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from contract.identity_evidence import (
    Cue,
    CueScore,
    FaceScore,
    IdentityEvidence,
    SealingKey,
    Unsealable,
    key_id,
    seal,
    sealed_to,
    unseal,
)
from contract.messages import CardSource, IdentityResult

KEY = X25519PrivateKey.generate()
TO_KEY = SealingKey(public=KEY.public_key(), is_named=True)
EVIDENCE = IdentityEvidence(
    taken_at=datetime(2026, 11, 23, 2, tzinfo=UTC), card=CardSource.CHIP, card_verified=True, card_reason="GENUINE",
    name="NGUYỄN VĂN MẪU", number="001090000000", born=date(1990, 1, 1), portrait=b"portrait", frame=b"frame",
    face=FaceScore(result=IdentityResult.MATCH, score=0.8, threshold=0.5),
    cues=(CueScore(cue=Cue.LIGHT, score=0.9, passed=True),), challenge="c1", frames_sha256="0" * 64,
)  # fmt: skip


def test_evidence_opens_for_its_hub_and_case() -> None:
    sealed = seal(EVIDENCE, TO_KEY, kiosk="kiosk-01", case="A")
    assert b"portrait" not in sealed and b"001090000000" not in sealed
    assert unseal(sealed, [KEY], kiosk="kiosk-01", case="A") == EVIDENCE


def test_evidence_sealed_before_the_rotation_opens_with_the_old_key_among_newer_ones() -> None:
    newer = X25519PrivateKey.generate()
    for is_named in (True, False):  # a kiosk that knows its key from kiosk.toml alone names none
        sealed = seal(EVIDENCE, SealingKey(public=KEY.public_key(), is_named=is_named), kiosk="kiosk-01", case="A")
        assert sealed_to(sealed) == (key_id(KEY.public_key()) if is_named else "")
        assert unseal(sealed, [newer, KEY], kiosk="kiosk-01", case="A") == EVIDENCE


def test_a_hub_of_before_key_names_opens_what_a_kiosk_seals_without_a_name() -> None:
    sealed = seal(EVIDENCE, SealingKey(public=KEY.public_key(), is_named=False), kiosk="kiosk-01", case="A")
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    assert b"portrait" in suite.decrypt(sealed, KEY, info=b"tram identity evidence 1\nkiosk-01\nA")


def test_a_key_that_is_gone_is_named() -> None:
    sealed = seal(EVIDENCE, TO_KEY, kiosk="kiosk-01", case="A")
    with pytest.raises(Unsealable, match=f"the key {key_id(KEY.public_key())} is not here"):
        unseal(sealed, [X25519PrivateKey.generate()], kiosk="kiosk-01", case="A")


@pytest.mark.parametrize(("kiosk", "case"), [("kiosk-02", "A"), ("kiosk-01", "B")])
def test_evidence_of_another_kiosk_or_case_does_not_open(kiosk: str, case: str) -> None:
    sealed = seal(EVIDENCE, TO_KEY, kiosk="kiosk-01", case="A")
    with pytest.raises(Unsealable):
        unseal(sealed, [KEY], kiosk=kiosk, case=case)


def test_evidence_for_another_hub_or_damaged_or_cut_off_does_not_open() -> None:
    sealed = seal(EVIDENCE, TO_KEY, kiosk="kiosk-01", case="A")
    with pytest.raises(Unsealable):
        unseal(sealed, [X25519PrivateKey.generate()], kiosk="kiosk-01", case="A")
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:40], b"", bytes(200)):
        with pytest.raises(Unsealable):
            unseal(broken, [KEY], kiosk="kiosk-01", case="A")


def test_sealed_bytes_that_are_no_evidence_are_refused() -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    sealed = suite.encrypt(b"\x01", KEY.public_key(), info=b"tram identity evidence 1\nkiosk-01\nA")
    with pytest.raises(Unsealable):
        unseal(sealed, [KEY], kiosk="kiosk-01", case="A")


def test_two_seals_of_the_same_evidence_differ() -> None:
    assert seal(EVIDENCE, TO_KEY, kiosk="k", case="A") != seal(EVIDENCE, TO_KEY, kiosk="k", case="A")
