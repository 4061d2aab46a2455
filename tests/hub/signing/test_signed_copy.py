"""A certified copy before judges that are not ours: poppler, qpdf, pyHanko, OpenSSL's view of its parts, zxing."""

import asyncio
import io
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation, simulate_future_ades_lta_validation
from signing_doubles import AGENCY, NOON, OFFICER, Certifier, attestation, draft, run, specification

from contract import seal, vds
from contract.clock import SimulatedClock, SystemClock
from contract.layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, UNSIGNED_TEXT
from contract.layout import attestation as statement_band
from hub.signing import fitness, level, profiles
from hub.signing.certify import initials
from hub.signing.faults import (
    CertificateExpired,
    CertificateIssuer,
    CertificateNotYetValid,
    CertificatePurpose,
    CertificateRevoked,
    LevelNotReached,
    PkiOfAnotherAgency,
    TextUnprintable,
    UnknownCertifier,
)
from hub.signing.pki import Officer, Pki, ensure


def _words(pdf: Path) -> str:
    return " ".join(run("pdftotext", pdf, "-").stdout.split())


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pki, bytes]:
    """A copy made by the machine's own clock, which pyHanko's validator looks at."""
    clock = SystemClock()
    folder = tmp_path_factory.mktemp("today") / "pki"
    pki = ensure(folder, clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title="Phó Chủ tịch")])
    tail = Certifier(pki, clock).certify(draft(), attestation(issued_at=clock.now())).tail
    return pki, draft() + tail


def test_pdfsig_calls_both_signatures_valid(certified: Path) -> None:
    said = run("pdfsig", "-nocert", certified).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert f"Common Name: {OFFICER} (MẪU/TEST)" in said
    assert f"Common Name: {AGENCY} (MẪU/TEST)" in said
    assert said.count("Total document signed") == 1  # the document timestamp, last of the three


def test_qpdf_finds_the_copy_clean_and_the_page_count_kept(certified: Path) -> None:
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", certified).stdout
    assert run("qpdf", "--show-npages", certified).stdout.strip() == "2"


@pytest.mark.parametrize("signature", [0, 1])
def test_pyhanko_passes_each_signature_as_lta(today: tuple[Pki, bytes], signature: int) -> None:
    pki, copy = today
    embedded = PdfFileReader(io.BytesIO(copy)).embedded_regular_signatures[signature]
    result = asyncio.run(ades_lta_validation(embedded, specification(pki)))
    assert result.ades_subindic == AdESPassed.OK
    assert result.oldest_evidence_record_timestamp is None or result.best_signature_time
    assert embedded.summarise_integrity_info()["docmdp_ok"]


def test_pyhanko_still_passes_the_copy_ten_months_later_with_nothing_fetched(today: tuple[Pki, bytes]) -> None:
    pki, copy = today
    embedded = PdfFileReader(io.BytesIO(copy)).embedded_regular_signatures[0]
    later = embedded.self_reported_timestamp + timedelta(days=300)
    result = asyncio.run(simulate_future_ades_lta_validation(embedded, specification(pki), later))
    assert result.ades_subindic == AdESPassed.OK


def test_only_bytes_behind_the_draft_are_new(certifier: Certifier) -> None:
    signed = certifier.certify(draft(3), attestation())
    assert (signed.level, signed.copy_pages) == ("PAdES B-LTA", 3)
    assert PdfFileReader(io.BytesIO(draft(3) + signed.tail)).total_revisions == 4
    assert len(signed.tail) <= 45_000


def test_unsigned_mark_is_gone_from_every_page_and_the_paper_stays(certified: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.pdf").write_bytes(draft())
    assert _words(tmp_path / "draft.pdf").count(UNSIGNED_TEXT) == 2
    words = _words(certified)
    assert UNSIGNED_TEXT not in words
    assert "QUYẾT ĐỊNH (MẪU), trang 1" in words and "QUYẾT ĐỊNH (MẪU), trang 2" in words


def test_statement_stands_on_the_last_page_in_the_words_of_the_law(certified: Path) -> None:
    last = " ".join(run("pdftotext", "-f", "2", certified, "-").stdout.split())
    for wording in (
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        "Số chứng thực 07, quyển số 01/2026-SCTĐT/BS",
        "Ngày 23 tháng 11 năm 2026",
        "NGƯỜI THỰC HIỆN CHỨNG THỰC",
        "Đã ký số 12:00:07 23/11/2026 +07:00",
        f"BẢN SAO ĐIỆN TỬ – chuyển từ bản giấy lúc 12:00:07 23/11/2026 +07:00 bởi {AGENCY}",
        attestation().legal_note,
        attestation().copy_id,
    ):
        assert wording in last


def test_form_of_copy_stands_top_right_of_the_first_page_alone(certified: Path) -> None:
    first = " ".join(run("pdftotext", "-l", "1", certified, "-").stdout.split())
    assert f"BẢN SAO CHỨNG THỰC ĐIỆN TỬ {AGENCY} 2026-11-23T12:00:07+07:00" in first
    assert "Trang 1/2" in first
    assert "BẢN SAO CHỨNG THỰC ĐIỆN TỬ" not in run("pdftotext", "-f", "2", certified, "-").stdout


def test_qr_of_a_skewed_grey_jpeg_at_200_dpi_verifies_with_the_seal_certificate(
    keys: Path, certified: Path, tmp_path: Path, noon: SimulatedClock
) -> None:
    run("pdftoppm", "-r", "200", "-gray", "-f", "2", "-png", certified, tmp_path / "sheet")
    sheet = Image.open(next(tmp_path.glob("sheet*.png"))).rotate(2, Image.Resampling.BICUBIC, fillcolor=255)
    photocopy = io.BytesIO()
    sheet.save(photocopy, "JPEG", quality=60)
    (code,) = zxingcpp.read_barcodes(np.array(Image.open(photocopy)))
    said, outer = seal.decode(seal.from_qr_text(code.text))
    vds.verify(outer, Pki(keys, noon).seal.certificate.public_key())
    assert (said.copy_id, said.cert_no, said.book_code) == (attestation().copy_id, 7, "SCTDT/BS")
    assert (said.pages, said.draft_bytes, said.issued_at) == (2, len(draft()), NOON)


@pytest.mark.parametrize("seed", range(6))
def test_one_changed_byte_anywhere_is_noticed(today: tuple[Pki, bytes], seed: int) -> None:
    _, copy = today
    spoilt = bytearray(copy)
    spoilt[random.Random(seed).randrange(len(copy))] ^= 0x04
    with pytest.raises(LevelNotReached):
        level.reached(bytes(spoilt), draft())


def test_copy_without_its_last_revision_is_not_called_lta(certified: Path) -> None:
    copy = certified.read_bytes()
    end_of_second = [match.end() for match in re.finditer(rb"%%EOF\s*", copy)][-2]
    assert level.reached(copy[:end_of_second], draft()) == "PAdES B-T"
    with pytest.raises(LevelNotReached, match="B-T only"):
        level.require_lta(copy[:end_of_second], draft())


def test_what_was_added_keeps_to_pdfa_2b(certified: Path) -> None:
    with pikepdf.open(certified) as copy, pikepdf.open(io.BytesIO(draft())) as before:
        assert copy.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        for page in copy.pages:
            for font in (page.Resources.Font[name] for name in ("/TramSerif", "/TramSerifBold")):
                descendant = font.DescendantFonts[0]
                assert descendant.FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
                assert descendant.CIDToGIDMap == "/Identity"
        for widget in copy.pages[-1].Annots:
            assert int(widget.F) & 0b100111 == 0b100  # printed; not hidden, invisible or NoView
            left, lower, right, upper = map(float, widget.Rect)
            assert (right - left) * (upper - lower) == 0 or widget.AP.N.read_bytes() == b""


@pytest.mark.parametrize("repeat", [1, 6])
def test_long_names_stay_inside_the_sheet(noon: SimulatedClock, tmp_path: Path, repeat: int) -> None:
    name = "Công Tằng Tôn Nữ " * repeat + "Mẫu"
    agency = "Trung tâm Phục vụ hành chính công " * repeat + "thành phố Mẫu"
    pki = ensure(tmp_path / "pki", noon, agency=agency, certifiers=[Officer(name=name, title="Chủ tịch")])
    particulars = attestation(
        certifier_name=name, agency_name=agency, certifier_title="KT. CHỦ TỊCH, PHÓ CHỦ TỊCH " * repeat
    )
    (tmp_path / "copy.pdf").write_bytes(draft() + Certifier(pki, noon).certify(draft(), particulars).tail)
    boxes = run("pdftotext", "-bbox", tmp_path / "copy.pdf", "-").stdout
    band, point = statement_band(), 25.4 / 72
    edges = [tuple(map(float, each)) for each in re.findall(r'xMin="(.*?)" .*?xMax="(.*?)" yMax="(.*?)"', boxes)]
    assert min(left for left, _, _ in edges) * point >= band.x - 0.1
    assert max(right for _, right, _ in edges) * point <= PAGE_WIDTH_MM - band.x + 0.1
    assert max(lower for _, _, lower in edges) * point <= PAGE_HEIGHT_MM - 3


def test_title_in_decomposed_letters_is_printed_as_whole_letters(certifier: Certifier, tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Phó Chủ tịch thường trực")
    tail = certifier.certify(draft(), attestation(certifier_title=decomposed)).tail
    (tmp_path / "copy.pdf").write_bytes(draft() + tail)
    assert "Phó Chủ tịch thường trực" in _words(tmp_path / "copy.pdf")


def test_name_in_a_foreign_script_is_refused_by_its_letter(own_pki: Pki, noon: SimulatedClock) -> None:
    own_pki.enrol(Officer(name="Nguyễn 美", title="Chủ tịch"))
    with pytest.raises(TextUnprintable, match="美"):
        Certifier(own_pki, noon).certify(draft(), attestation(certifier_name="Nguyễn 美"))


def test_nobody_signs_for_a_person_without_certificate(certifier: Certifier) -> None:
    with pytest.raises(UnknownCertifier, match="Ai Đó"):
        certifier.certify(draft(), attestation(certifier_name="Ai Đó"))


@pytest.mark.parametrize(("days", "fault"), [(1200, CertificateExpired), (-2, CertificateNotYetValid)])
def test_certificate_outside_its_days_is_named_with_its_owner(
    keys: Path, noon: SimulatedClock, days: int, fault: type[Exception]
) -> None:
    certifier = Certifier(Pki(keys, noon), noon)
    noon.advance(days * 86_400)
    with pytest.raises(fault, match=f"the certifier {OFFICER}"):
        certifier.certify(draft(), attestation())


@pytest.mark.parametrize(
    ("key", "whose"),
    [("agency_credential", f"the agency {AGENCY}"), ("seal", "the seal")],
)
def test_revocation_stops_the_very_next_copy(own_pki: Pki, noon: SimulatedClock, key: str, whose: str) -> None:
    certifier = Certifier(own_pki, noon)
    certifier.certify(draft(), attestation())
    own_pki.revoke(getattr(own_pki, key).certificate.serial_number)
    with pytest.raises(CertificateRevoked, match=f"of {whose} was revoked.*approve again"):
        certifier.certify(draft(), attestation())


def test_keys_of_one_agency_do_not_sign_for_another(certifier: Certifier) -> None:
    with pytest.raises(PkiOfAnotherAgency, match="phường Khác"):
        certifier.certify(draft(), attestation(agency_name="Ủy ban nhân dân phường Khác"))


@pytest.mark.parametrize("profile", [profiles.timestamp_authority, profiles.broker_client, profiles.seal_signer])
def test_certificate_for_another_purpose_does_not_sign_documents(
    own_pki: Pki, profile: Callable[[], list[profiles.Extension]]
) -> None:
    root = profiles.root(profiles.machine("Gốc khác"), NOON)
    other = profiles.Authority(credential=root, now=NOON).issue(profiles.machine("x"), profile())
    with pytest.raises(CertificatePurpose, match="of whoever was not issued for signing documents"):
        fitness.check(other.certificate, whose="whoever", issuer=own_pki.issuing, revoked=False, now=NOON)


def test_certificate_of_an_unknown_authority_does_not_sign(own_pki: Pki) -> None:
    root = profiles.root(own_pki.issuing.subject, NOON)
    other = profiles.Authority(credential=root, now=NOON).issue(profiles.machine("x"), profiles.document_signer())
    with pytest.raises(CertificateIssuer, match="authority of this hub"):
        fitness.check(other.certificate, whose="whoever", issuer=own_pki.issuing, revoked=False, now=NOON)


@pytest.mark.parametrize(
    ("name", "letters"), [("Trần Văn Thử", "T.V.T"), ("đỗ", "Đ"), ("123", "-"), ("a " * 9, "A.A.A.A.A.A")]
)
def test_initials_hide_the_name_in_the_seal(name: str, letters: str) -> None:
    assert initials(name) == letters
