import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import assume, given
from hypothesis import strategies as st

from contract import seal, seal_faults, vds
from contract.seal_profile import SealSigner

KEY = ec.derive_private_key(0x7472616D, ec.SECP256R1())
SIGNER = SealSigner(signer_id="VNTR", cert_ref="5B", sign=vds.signing_with(KEY))
BASE_URL = "https://xacthuc.thudo.gov.vn/v"
DRAFT = b"draft"
COPY = seal.CopySeal(
    copy_id="01KAN7Q3X8ZJ5M2R9T4V6W8Y0B",
    agency_code="H26.1.23",
    cert_no=1234,
    book_no=5,
    year=2026,
    book_code="SCT/BS",
    kind="QUYET_DINH",
    issued_at=datetime(2026, 11, 22, 2, 4, 5, tzinfo=UTC),
    pages=2,
    draft_sha256_128=hashlib.sha256(DRAFT).digest()[:16],
    draft_bytes=len(DRAFT),
    requester_initials="N.V.A",
    log_index=70_123,
)
RAW = seal.encode(COPY, SIGNER)
PAPER_WHITE, INK_BLACK = 244, 38
PRINT_DPI, SCAN_DPI, MODULE_MM = 1200, 200, 0.5


def resealed(messages, **header):
    """A seal signed with the right key over other content: a hub that errs, not a forger."""
    outer = vds.decode(RAW)
    fields = {name: getattr(outer.header, name) for name in vds.Header.__dataclass_fields__}
    return vds.encode(vds.Header(**{**fields, **header}), messages, SIGNER.sign)


def with_value(tag, value):
    return [m if m.tag != tag else vds.Message(tag=tag, value=value) for m in vds.decode(RAW).messages]


def test_a_seal_says_what_was_sealed_and_verifies():
    copy, outer = seal.decode(RAW)
    assert copy == COPY
    assert vds.verify(outer, KEY.public_key()) is None
    assert (outer.header.issuing_country, outer.header.signer_id, outer.header.cert_ref) == ("VNM", "VNTR", "5B")


def test_a_usual_seal_keeps_to_190_bytes():
    usual = replace(COPY, cert_no=20_417, draft_bytes=300_000, book_code="SCTDT/BS", kind="XAC_NHAN_HON_NHAN")
    assert len(seal.encode(usual, SIGNER)) <= 190


def test_the_worked_example_of_the_table_is_what_the_code_writes():
    page = (Path(seal.__file__).parent / "SEAL.md").read_text()
    sealed, address = ("".join(block.split()) for block in re.findall(r"```\n(.*?)```", page, re.DOTALL))
    assert sealed == RAW.hex()
    assert address == seal.to_qr_text("https://verify.example.vn/v", RAW)
    point = KEY.public_key().public_numbers()
    assert f"{point.x:064x}" in page
    assert f"{point.y:064x}" in page


def test_the_header_bears_the_vietnamese_day_of_issue():
    late_evening_utc = replace(COPY, issued_at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    _, outer = seal.decode(seal.encode(late_evening_utc, SIGNER))
    assert outer.header.issue_date == date(2027, 1, 1)


def test_the_register_entry_reads_as_it_is_printed():
    assert replace(COPY, cert_no=7).register_label == "07, quyển số 05/2026-SCT/BS"


INITIALS = st.sampled_from(["A", "N.V.A", "Đ.T.Ú", "Ư.Ơ"])
TIMES = st.integers(1_430_000_000, 2**32 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(
    st.builds(
        seal.CopySeal,
        copy_id=st.from_regex(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", fullmatch=True),
        agency_code=st.sampled_from(["H26", "H26.1.23", "G15.02.03", "000.00.25.H55"]),
        cert_no=st.integers(1, 2**32 - 1),
        book_no=st.integers(1, 2**16 - 1),
        year=st.integers(2015, 9999),
        book_code=st.sampled_from(["SCT/BS", "SCTDT/BS", "SCT"]),
        kind=st.from_regex(r"[A-Z0-9]{1,8}(_[A-Z0-9]{1,6}){0,2}", fullmatch=True),
        issued_at=TIMES,
        pages=st.integers(1, 2**16 - 1),
        draft_sha256_128=st.binary(min_size=16, max_size=16),
        draft_bytes=st.integers(1, 2**32 - 1),
        requester_initials=INITIALS,
        log_index=st.integers(0, 2**48 - 1),
    )
)
def test_every_copy_in_range_is_read_back(copy):
    assert seal.decode(seal.encode(copy, SIGNER))[0] == copy


@pytest.mark.parametrize(
    "change",
    [
        {"copy_id": "01kan7q3x8zj5m2r9t4v6w8y0b"},
        {"copy_id": ""},
        {"agency_code": "H26 1"},
        {"agency_code": "H26..1"},
        {"agency_code": ""},
        {"cert_no": 0},
        {"cert_no": 2**32},
        {"book_no": 0},
        {"year": 26},
        {"book_code": "SCTĐT/BS"},
        {"kind": "quyet_dinh"},
        {"kind": "A__B"},
        {"kind": "A" * 25},
        {"kind": "QUYET_DINH\n"},
        {"issued_at": datetime(2026, 11, 22, 2, 4, 5)},  # noqa: DTZ001
        {"issued_at": COPY.issued_at + timedelta(microseconds=1)},
        {"issued_at": datetime(1969, 12, 31, tzinfo=UTC)},
        {"issued_at": datetime(2107, 1, 1, tzinfo=UTC)},
        {"pages": 0},
        {"draft_sha256_128": bytes(32)},
        {"draft_bytes": 0},
        {"requester_initials": ""},
        {"requester_initials": "N.V.A\n"},
        {"requester_initials": "U\u031b"},
        {"requester_initials": "Đ" * 17},
        {"log_index": -1},
    ],
)
def test_a_value_outside_the_profile_is_not_sealed(change):
    with pytest.raises(seal_faults.FieldInvalid, match=next(iter(change))):
        replace(COPY, **change)


@pytest.mark.parametrize("tag", range(1, 14))
def test_a_seal_that_lacks_a_field_is_refused(tag):
    messages = [m for m in vds.decode(RAW).messages if m.tag != tag]
    with pytest.raises(seal_faults.FieldMissing):
        seal.decode(resealed(messages))


def test_a_seal_that_says_something_twice_is_refused():
    messages = vds.decode(RAW).messages
    with pytest.raises(seal_faults.FieldRepeated):
        seal.decode(resealed([*messages, messages[2]]))


@pytest.mark.parametrize(
    ("tag", "value", "fault"),
    [
        (1, bytes(15), seal_faults.FieldInvalid),
        (2, b"\x00\x00", seal_faults.BadText),
        (2, b"\x13", seal_faults.Truncated),
        (3, b"\x00\x07", seal_faults.FieldInvalid),
        (3, b"", seal_faults.FieldInvalid),
        (3, b"\x01" + bytes(200), seal_faults.FieldInvalid),
        (8, b"\xff" * 8, seal_faults.FieldInvalid),
        (9, b"\x00", seal_faults.FieldInvalid),
        (10, bytes(17), seal_faults.FieldInvalid),
        (12, b"\xff\xfe", seal_faults.BadText),
        (12, b"\x1b[2J", seal_faults.FieldInvalid),
    ],
)
def test_a_signed_but_malformed_field_is_refused_with_its_cause(tag, value, fault):
    with pytest.raises(fault):
        seal.decode(resealed(with_value(tag, value)))


def test_a_header_of_another_day_than_the_issue_is_a_contradiction():
    with pytest.raises(seal_faults.Contradiction):
        seal.decode(resealed(vds.decode(RAW).messages, issue_date=date(2026, 11, 21)))


@pytest.mark.parametrize("header", [{"feature_ref": b"\xfb\x06"}, {"issuing_country": "UTO"}])
def test_a_seal_of_another_document_is_not_read_as_a_copy(header):
    with pytest.raises(seal_faults.NotACopySeal):
        seal.decode(resealed(vds.decode(RAW).messages, **header))


def test_a_message_of_a_later_edition_is_passed_over():
    later = vds.Message(tag=200, value=b"later")
    assert seal.decode(resealed([later, *reversed(vds.decode(RAW).messages)]))[0] == COPY


@given(st.integers(0, len(RAW) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_seal_is_never_taken_for_genuine(position, patch):
    damaged = RAW[:position] + patch + RAW[position + len(patch) :]
    assume(damaged != RAW)
    with pytest.raises(seal_faults.SealError):
        vds.verify(seal.decode(damaged)[1], KEY.public_key())


@pytest.mark.parametrize(
    "spelling", [str, str.lower, lambda text: text + "/", lambda text: f" {text}\n", lambda text: text + "?utm=x"]
)
def test_the_seal_comes_back_from_any_spelling_of_its_address(spelling):
    assert seal.from_qr_text(spelling(seal.to_qr_text(BASE_URL + "/", RAW))) == RAW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://",
        "https://[::1/V/3QB5",
        "38010010A000000727",
        "WIFI:T:WPA;S:x;P:y;;",
        "ftp://h/3QB56E67",
        "https://example.vn/",
        "https://example.vn/tra-cuu?id=1",
        "https://example.vn/V/3QB56E6",
        "https://example.vn/V/MFRGG",
        "https://example.vn/V/Đ",
        "012345678901||NGUYỄN VĂN A|01011990|Nam|Hà Nội|01012022",
    ],
)
def test_a_foreign_qr_is_named_as_such(text):
    with pytest.raises(seal_faults.SealError) as caught:
        seal.decode(seal.from_qr_text(text))
    assert isinstance(caught.value, (seal_faults.NotOurQr, seal_faults.Truncated))


@given(st.text(max_size=80))
def test_any_qr_text_ends_in_bytes_or_a_named_foreign_qr(text):
    for candidate in (text, f"https://example.vn/v/{text}"):
        try:
            assert seal.from_qr_text(candidate)[0] == vds.MAGIC
        except seal_faults.NotOurQr as fault:
            assert str(fault)


@pytest.mark.parametrize(
    "base_url", ["https://x.vn/v?seal=", "https://x.vn/a_b", "https://tỉnh.vn/v", "x.vn/v", "https://x.vn/a b"]
)
def test_an_address_that_alphanumeric_mode_cannot_hold_is_refused(base_url):
    with pytest.raises(seal_faults.NotAlphanumeric):
        seal.to_qr_text(base_url, RAW)


def test_the_qr_is_alphanumeric_and_at_most_version_11_at_error_correction_m():
    qr = segno.make_qr(seal.to_qr_text(BASE_URL, RAW), error="m", boost_error=False)
    assert (qr.mode, qr.error) == ("alphanumeric", "M")
    assert qr.version <= 11


def printed(text):
    """Ink on paper at 1200 dpi, modules of 0.5 mm, on a margin of white paper."""
    modules = np.array([list(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix_iter(border=4)])
    side = round(len(modules) * MODULE_MM / 25.4 * PRINT_DPI)
    ink = cv2.resize(modules.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    sheet = np.where(ink == 1, INK_BLACK, PAPER_WHITE).astype(np.uint8)
    return cv2.copyMakeBorder(sheet, *[PRINT_DPI // 4] * 4, cv2.BORDER_CONSTANT, value=PAPER_WHITE)


def scanned(sheet, *, degrees, offset_dots):
    """The sheet under a grey 200 dpi scanner: moved, turned, averaged per dot, JPEG quality 60."""
    turn = cv2.getRotationMatrix2D((sheet.shape[1] / 2, sheet.shape[0] / 2), degrees, 1)
    turn[:, 2] += offset_dots
    turned = cv2.warpAffine(sheet, turn, sheet.shape[::-1], flags=cv2.INTER_AREA, borderValue=PAPER_WHITE)
    grey = cv2.resize(turned, None, fx=SCAN_DPI / PRINT_DPI, fy=SCAN_DPI / PRINT_DPI, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)


@pytest.mark.parametrize("offset_dots", [0, 1.5, 3])
@pytest.mark.parametrize("degrees", [2, -2, 178])
def test_a_printed_and_badly_scanned_qr_is_verified_offline_by_another_decoder(degrees, offset_dots):
    scan = scanned(printed(seal.to_qr_text(BASE_URL, RAW)), degrees=degrees, offset_dots=offset_dots)
    (found,) = zxingcpp.read_barcodes(scan)
    copy, outer = seal.decode(seal.from_qr_text(found.text))
    vds.verify(outer, KEY.public_key())
    assert copy == COPY


def test_a_moment_in_vietnamese_time_is_the_same_moment():
    hanoi = timezone(timedelta(hours=7))
    assert seal.encode(replace(COPY, issued_at=COPY.issued_at.astimezone(hanoi)), SIGNER) == RAW
