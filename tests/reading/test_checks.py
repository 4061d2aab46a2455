"""Findings: what must be seen is seen, what must not be said is not said; every finding has its evidence."""

import pytest

from agent.reading.understand import understand
from agent.reading.values import Line, Quality, ReadPage, Seal, Understanding
from contract.grounds import DecidedBy, Ground
from contract.messages import Severity
from models.specimens import Flaw

SEAL = Seal(box=(100.0, 200.0, 136.0, 236.0), diameter_mm=36.0)
GOOD = Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=())
LETTER = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "QUYẾT ĐỊNH",
    "Điều 1. Tăng cường bảo mật thông tin và thu hồi giấy phép đã cấp",
)


def _page(
    *texts: str, number: int = 1, quality: Quality = GOOD, confidence: float = 0.95, top: float = 20.0
) -> ReadPage:
    lines = tuple(
        Line(
            text=text,
            box=(30.0, top + 8 * at, 30.0 + 2 * len(text), top + 5 + 8 * at),
            confidence=confidence,
            sure=False,
        )
        for at, text in enumerate(texts)
    )
    return ReadPage(number=number, lines=lines, quality=quality, width_mm=210.0, height_mm=297.0)


def _understood(*pages: ReadPage, declared: int | None = None) -> Understanding:
    return understand(pages, [(SEAL,)] * len(pages), declared_pages=declared)


def _grounds(understanding: Understanding) -> set[str]:
    return {finding.ground for finding in understanding.findings}


@pytest.mark.parametrize(
    "stamp",
    ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "[TỐI MẬT]", "KHÔNG ĐƯỢC SAO CHỤP", "THU HỒI", "TÀI LIỆU THU HỒI", "TOI MAT"],
)
def test_secrecy_mark_on_its_own_stops_and_points_at_the_stamp(stamp: str) -> None:
    page = _page(*LETTER, stamp)
    (finding,) = [f for f in _understood(page).findings if f.ground == Ground.A22_3_SECRET]
    assert finding.severity is Severity.STOP
    assert finding.box == page.lines[-1].box


@pytest.mark.parametrize(
    "text", ["bảo mật", "BẢO MẬT THÔNG TIN", "MẶT SAU", "MẤT", "Mật độ xây dựng", "Thu hồi đất", "MẬT ONG"]
)
def test_word_in_another_sense_is_no_secrecy_mark(text: str) -> None:
    assert Ground.A22_3_SECRET not in _grounds(_understood(_page(*LETTER, text)))


@pytest.mark.parametrize(
    "text",
    [
        "BẢN SAO",
        "(BẢN SAO)",
        "SAO Y",
        "SAO Y BẢN CHÍNH",
        "TRÍCH LỤC KHAI SINH",
        "TRÍCH LỤC KHAI TỬ (BẢN SAO)",
        "SAO Y; VĂN PHÒNG, ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG; 20/02/2025; 10:47:25 +07:00",
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        "Số chứng thực: 24, quyển số 02/2025-SCT/BS",
    ],
)
def test_words_of_a_copy_are_noticed(text: str) -> None:
    assert Ground.NOT_ORIGINAL in _grounds(_understood(_page(*LETTER, text)))


@pytest.mark.parametrize(
    "text", ["Nộp 02 bản sao giấy khai sinh", "bản sao", "Sao y theo quy định", "CHỨNG THỰC CHỮ KÝ"]
)
def test_copies_that_are_only_mentioned_are_no_finding(text: str) -> None:
    assert Ground.NOT_ORIGINAL not in _grounds(_understood(_page(*LETTER, text)))


def test_scanned_pages_are_held_against_declared_ones() -> None:
    assert Ground.INCOMPLETE in _grounds(_understood(_page("Phụ lục"), declared=3))
    assert Ground.INCOMPLETE not in _grounds(_understood(_page("Phụ lục"), declared=1))


def test_gap_in_printed_page_numbers_is_noticed() -> None:
    def numbered(printed: str, number: int) -> ReadPage:
        return _with_number(_page("Nội dung", number=number, top=40), printed)

    assert Ground.INCOMPLETE in _grounds(_understood(_page("Đầu"), numbered("2", 2), numbered("4", 3)))
    assert Ground.INCOMPLETE not in _grounds(_understood(_page("Đầu"), numbered("2", 2), numbered("3", 3)))


def _with_number(page: ReadPage, printed: str) -> ReadPage:
    line = Line(text=printed, box=(103.0, 12.0, 107.0, 16.0), confidence=0.95, sure=False)
    return ReadPage(
        number=page.number, lines=(line, *page.lines), quality=page.quality, width_mm=210.0, height_mm=297.0
    )


@pytest.mark.parametrize(
    ("quality", "ground"),
    [
        (Quality(sharpness=0.2, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=()), Ground.QUALITY_BLUR),
        (Quality(sharpness=0.7, contrast=0.9, source_dpi=100, ink_share=0.06, cut_edges=()), Ground.QUALITY_LOW_DPI),
        (
            Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=("left",)),
            Ground.QUALITY_CUT_EDGE,
        ),
    ],
)
def test_poor_images_are_reported(quality: Quality, ground: Ground) -> None:
    assert ground in _grounds(_understood(_page(*LETTER, quality=quality)))
    assert ground not in _grounds(_understood(_page(*LETTER)))


def test_blank_page_is_reported_as_blank_and_as_nothing_else() -> None:
    blank = Quality(sharpness=0.0, contrast=0.0, source_dpi=300, ink_share=0.0, cut_edges=())
    assert _grounds(understand([_page(quality=blank)], [()])) == {Ground.QUALITY_BLANK}


def test_page_that_mostly_cannot_be_read_is_reported_as_damaged() -> None:
    faded = _page(*["Dòng chữ không đọc được"] * 8, confidence=0.1)
    assert Ground.A22_2_DAMAGED in _grounds(_understood(faded))


def test_foreign_paper_is_asked_about_and_a_vietnamese_one_is_not() -> None:
    english = _page("BIRTH CERTIFICATE", *["This is to certify that the person named below was born on this day"] * 3)
    assert Ground.A22_5_NOT_LEGALISED in _grounds(_understood(english))
    assert Ground.A22_5_NOT_LEGALISED not in _grounds(
        _understood(_page("GIẤY BIÊN NHẬN", *["Tôi đã nhận đủ số tiền"] * 6))
    )


def test_private_paper_without_a_seal_is_asked_about() -> None:
    paper = _page("GIẤY BIÊN NHẬN", "Tôi đã nhận đủ số tiền")
    assert Ground.A22_6_PRIVATE in _grounds(understand([paper], [()]))
    assert Ground.A22_6_PRIVATE not in _grounds(understand([paper], [(SEAL,)]))


def test_cv_is_sent_to_the_certification_of_signatures() -> None:
    assert Ground.WRONG_PROCEDURE_SIGNATURE in _grounds(_understood(_page("SƠ YẾU LÝ LỊCH", "Họ và tên: Lê Văn Mẫu")))


@pytest.mark.parametrize(
    ("flaw", "ground"),
    [
        (Flaw.SECRET, Ground.A22_3_SECRET),
        (Flaw.NO_COPYING, Ground.A22_3_SECRET),
        (Flaw.EARLIER_ATTESTATION, Ground.NOT_ORIGINAL),
        (Flaw.BAN_SAO, Ground.NOT_ORIGINAL),
        (Flaw.GREY_SEAL, Ground.NOT_ORIGINAL),
        (Flaw.BLURRED, Ground.QUALITY_BLUR),
        (Flaw.CUT_EDGE, Ground.QUALITY_CUT_EDGE),
        (Flaw.FOREIGN, Ground.A22_5_NOT_LEGALISED),
    ],
    ids=lambda value: str(value),
)
def test_flaw_of_a_scanned_decision_is_found(flaw: Flaw, ground: Ground, paper) -> None:
    _, understanding = paper("QUYET_DINH", 1, flaw)
    assert ground in _grounds(understanding)


def test_faultless_scanned_papers_have_no_finding_but_advice(paper) -> None:
    for kind in ("QUYET_DINH", "CONG_VAN", "KHAI_SINH", "CCCD_CHIP", "CAN_CUOC_2024"):
        _, understanding = paper(kind)
        loud = [finding for finding in understanding.findings if finding.severity is not Severity.ADVISE]
        assert loud == [], kind


def test_no_machine_raises_what_only_an_officer_may() -> None:
    findings = _understood(_page(*LETTER, "MẬT", "BẢN SAO"), declared=2).findings
    assert all(Ground(finding.ground).decided_by is not DecidedBy.OFFICER_ALONE for finding in findings)
