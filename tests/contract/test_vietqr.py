"""VietQR transfer codes: published samples, round trips, and codes that must not be believed."""

import io
import json
from pathlib import Path

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from contract import vietqr
from contract.vietqr import ForeignAccount, Transfer, VietQrError, WrongChecksum

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "vietqr" / "vietqr_vectors.json"
PAID = Transfer(bank_bin="970436", account="0011001234567", amount_vnd=4000, reference="CT2026112100017")


def samples() -> list[dict[str, object]]:
    if not SAMPLES.exists():
        pytest.skip("the published samples are not here")
    return list(json.loads(SAMPLES.read_text())["cases"])


def test_checksums_of_the_published_samples_are_judged_as_published() -> None:
    for case in samples():
        text = str(case["payload"])
        if case["crcOk"]:
            with_checksum = vietqr._crc(text[:-4])
            assert f"{with_checksum:04X}" == text[-4:]
        else:
            with pytest.raises(WrongChecksum):
                vietqr.parse(text)


def test_a_published_sample_names_account_amount_and_reference() -> None:
    text = next(str(case["payload"]) for case in samples() if "Test Payment" in str(case["payload"]))
    expected = Transfer(bank_bin="970422", account="0123456789020", amount_vnd=50000, reference="Test Payment")
    assert vietqr.parse(text) == expected


def test_our_code_is_the_spelling_that_others_write() -> None:
    text = vietqr.payload(PAID)
    head = "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA53037045404400058"
    assert text.startswith(head)
    assert vietqr.parse(text) == PAID


def test_a_phone_reads_the_printed_code() -> None:
    png = io.BytesIO()
    segno.make(vietqr.payload(PAID), error="m").save(png, kind="png", scale=6, border=4)
    (code,) = zxingcpp.read_barcodes(Image.open(png).convert("L"))
    assert vietqr.parse(code.text) == PAID


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9A-Z]{1,19}", fullmatch=True),
    st.integers(1, 10**12),
    st.from_regex(r"[0-9A-Za-z][0-9A-Za-z ]{0,24}", fullmatch=True),
)
def test_what_is_written_is_read(bank_bin: str, account: str, amount_vnd: int, reference: str) -> None:
    transfer = Transfer(bank_bin=bank_bin, account=account, amount_vnd=amount_vnd, reference=reference)
    assert vietqr.parse(vietqr.payload(transfer)) == transfer


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_one_changed_character_is_never_believed(at: int, sign: str) -> None:
    text = vietqr.payload(PAID)
    at %= len(text)
    changed = text[:at] + sign + text[at + 1 :]
    if changed.upper() != text.upper():
        with pytest.raises(VietQrError):
            vietqr.parse(changed)


@given(st.text(max_size=300))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(VietQrError, match=r"\w+"):
        vietqr.parse(text)


def test_a_code_for_another_network_is_no_transfer() -> None:
    text = vietqr.payload(PAID).replace("A000000727", "A000000999")[:-4]
    with pytest.raises(ForeignAccount):
        vietqr.parse(f"{text}{vietqr._crc(text):04X}")


@pytest.mark.parametrize(
    ("field", "value"),
    [("bank_bin", "97043"), ("account", "số 1"), ("amount_vnd", 0), ("reference", "Phí chứng thực"), ("reference", "")],
)
def test_what_banks_refuse_is_refused_before_it_is_shown(field: str, value: object) -> None:
    given = {"bank_bin": "970436", "account": "1", "amount_vnd": 1, "reference": "A", field: value}
    with pytest.raises(VietQrError, match=field):
        Transfer(**given)  # type: ignore[arg-type]
