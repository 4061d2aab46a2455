"""Vouchers: what is signed is read back, and nothing else passes for one."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from contract import seal, vds, voucher
from contract.ids import new_ulid
from contract.seal_faults import FieldInvalid, NotACopySeal, NotAVoucher, SealError, SignatureInvalid
from contract.seal_profile import SealSigner
from contract.voucher import Voucher

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
SIGNER = SealSigner(signer_id=voucher.SIGNER_ID, cert_ref="7A3F09", sign=vds.signing_with(KEY))
OWED = Voucher(voucher_id=new_ulid(NOW), kiosk="kiosk-mau-01", amount_vnd=12_000, issued_at=NOW)


def test_a_voucher_through_its_qr_is_the_same_and_signed() -> None:
    text = seal.to_qr_text("https://tram.example.vn/p", voucher.encode(OWED, SIGNER))
    read, outer = voucher.decode(seal.from_qr_text(text.lower()))
    vds.verify(outer, KEY.public_key())
    assert read == OWED
    assert outer.header.cert_ref == "7A3F09"
    assert len(text) < 300


@given(st.integers(0, 2000), st.integers(1, 255))
def test_one_changed_byte_is_not_paid(at: int, by: int) -> None:
    raw = bytearray(voucher.encode(OWED, SIGNER))
    raw[at % len(raw)] ^= by
    with pytest.raises(SealError):
        _, outer = voucher.decode(bytes(raw))
        vds.verify(outer, KEY.public_key())


def test_a_voucher_of_another_key_is_not_paid() -> None:
    _, outer = voucher.decode(voucher.encode(OWED, SIGNER))
    with pytest.raises(SignatureInvalid):
        vds.verify(outer, ec.generate_private_key(ec.SECP256R1()).public_key())


def test_the_seal_of_a_copy_is_no_voucher_and_a_voucher_no_copy() -> None:
    header = vds.Header(
        issuing_country="VNM",
        signer_id="VNTR",
        cert_ref="01",
        issue_date=NOW.date(),
        signature_date=NOW.date(),
        feature_ref=seal.FEATURE_REF,
    )
    with pytest.raises(NotAVoucher):
        voucher.decode(vds.encode(header, [], SIGNER.sign))
    with pytest.raises(NotACopySeal):
        seal.decode(voucher.encode(OWED, SIGNER))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("voucher_id", "no id"),
        ("kiosk", "Ki ốt"),
        ("amount_vnd", 0),
        ("amount_vnd", voucher.MOST_VND + 1),
        ("issued_at", NOW.replace(tzinfo=None)),
    ],
)
def test_impossible_values_make_no_voucher(field: str, value: object) -> None:
    given = {"voucher_id": OWED.voucher_id, "kiosk": OWED.kiosk, "amount_vnd": 1, "issued_at": NOW, field: value}
    with pytest.raises(FieldInvalid, match=field):
        Voucher(**given)  # type: ignore[arg-type]
