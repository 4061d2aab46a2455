"""A kiosk's word about itself: what is signed is read back, and nothing else passes for it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from contract import genuine, seal, vds, voucher
from contract.genuine import Statement
from contract.ids import new_ulid
from contract.seal_faults import FieldInvalid, NotAStatement, NotAVoucher, SealError
from contract.seal_profile import SealSigner

NOW = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
SIGNER = SealSigner(signer_id=voucher.SIGNER_ID, cert_ref="7A3F09", sign=vds.signing_with(KEY))
SAID = Statement(kiosk="kiosk-mau-01", challenge="048291", version="1.2.0", contents=b"\x07" * 16, said_at=NOW)


@pytest.mark.parametrize("said", [SAID, replace(SAID, contents=b"")])
def test_a_statement_through_its_qr_is_the_same_and_signed(said: Statement) -> None:
    text = seal.to_qr_text("https://tram.example.vn/genuine", genuine.encode(said, SIGNER))
    read, outer = genuine.decode(seal.from_qr_text(text.lower()))
    vds.verify(outer, KEY.public_key())
    assert read == said and outer.header.cert_ref == "7A3F09"
    assert len(text) < 400


@given(st.integers(0, 2000), st.integers(1, 255))
def test_one_changed_byte_is_not_believed(at: int, by: int) -> None:
    raw = bytearray(genuine.encode(SAID, SIGNER))
    raw[at % len(raw)] ^= by
    with pytest.raises(SealError):
        _, outer = genuine.decode(bytes(raw))
        vds.verify(outer, KEY.public_key())


def test_a_voucher_is_no_statement_and_a_statement_no_voucher() -> None:
    owed = voucher.Voucher(voucher_id=new_ulid(NOW), kiosk=SAID.kiosk, amount_vnd=12_000, issued_at=NOW)
    with pytest.raises(NotAStatement):
        genuine.decode(voucher.encode(owed, SIGNER))
    with pytest.raises(NotAVoucher):
        voucher.decode(genuine.encode(SAID, SIGNER))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kiosk", "Ki ốt"),
        ("challenge", "12345"),
        ("challenge", "12345x"),
        ("challenge", "١٢٣٤٥٦"),
        ("version", ""),
        ("version", "1.2 <b>"),
        ("contents", b"\x07" * 15),
        ("said_at", NOW.replace(tzinfo=None)),
    ],
)
def test_impossible_values_make_no_statement(field: str, value: object) -> None:
    with pytest.raises(FieldInvalid, match=field):
        replace(SAID, **{field: value})


def test_the_digest_is_that_of_the_list_that_sha256sum_writes_whatever_the_order() -> None:
    files = [("b.py", "bb" * 32), ("a.py", "aa" * 32)]
    listed = f"{'aa' * 32}  a.py\n{'bb' * 32}  b.py\n".encode()
    assert genuine.contents_digest(files) == hashlib.sha256(listed).digest()[:16]
    assert genuine.contents_digest(files) == genuine.contents_digest(reversed(files))
