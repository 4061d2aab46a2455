"""Papers of several pages: what is lost or in the wrong order is asked about, what is whole is left in peace."""

import pytest

from agent.reading.understand import understand
from agent.reading.values import ReadPage
from contract.grounds import Ground
from contract.messages import Severity
from tests.reading.read_pages import page_of, specimen_read


def _said(pages: list[ReadPage]) -> list[str]:
    numbered = [
        ReadPage(
            number=number, lines=page.lines, quality=page.quality, width_mm=page.width_mm, height_mm=page.height_mm
        )
        for number, page in enumerate(pages, 1)
    ]
    findings = understand(numbered, [()] * len(numbered)).findings
    return [finding.text for finding in findings if finding.ground == Ground.INCOMPLETE]


@pytest.mark.parametrize("kind", ["HO_CHIEU", "GCN_QSDD", "HOC_BA"])
def test_whole_booklet_in_order_has_nothing_missing(kind: str) -> None:
    assert _said(list(specimen_read(kind)[1])) == []


@pytest.mark.parametrize(
    ("kind", "page", "text"),
    [
        ("GCN_QSDD", 2, "Chưa thấy trang sơ đồ thửa đất."),
        ("GCN_QSDD", 3, "Chưa thấy trang những thay đổi."),
        ("HOC_BA", 0, "Chưa thấy trang bìa có họ tên, ngày sinh."),
        ("HOC_BA", 2, "Chưa thấy trang của lớp 11."),
        ("HOC_BA", 3, "Chưa thấy trang của lớp 12."),
        ("HO_CHIEU", 0, "Chưa thấy trang bìa của hộ chiếu."),
    ],
)
def test_lost_page_is_named(kind: str, page: int, text: str) -> None:
    pages = list(specimen_read(kind)[1])
    del pages[page]
    assert text in _said(pages)


@pytest.mark.parametrize("kind", ["GCN_QSDD", "HOC_BA"])
def test_pages_in_another_order_are_noticed(kind: str) -> None:
    first, second, third, fourth = list(specimen_read(kind)[1])
    assert _said([first, third, second, fourth]) != []


def test_order_is_noticed_without_printed_page_numbers() -> None:
    pages = [
        page_of("QUYỀN SỬ DỤNG ĐẤT", "Người sử dụng đất, chủ sở hữu nhà ở", "Thửa đất số: 12"),
        page_of("Những thay đổi sau khi cấp Giấy chứng nhận"),
        page_of("Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất"),
    ]
    assert "Các trang được quét chưa đúng thứ tự của bản chính." in _said(pages)


def test_land_certificate_on_one_sheet_is_whole() -> None:
    front = page_of(
        "QUYỀN SỬ DỤNG ĐẤT", "1. Người sử dụng đất, chủ sở hữu tài sản", "Thửa đất số: 12", "Tờ bản đồ số: 3"
    )
    back = page_of("Sơ đồ thửa đất, tài sản gắn liền với đất", "Những thay đổi sau khi cấp Giấy chứng nhận")
    assert _said([front, back]) == []


@pytest.mark.parametrize(("years", "lost"), [((6, 7, 9), "lớp 8"), ((1, 2, 3, 4), "lớp 5")])
def test_years_of_every_level_of_school_are_counted(years: tuple[int, ...], lost: str) -> None:
    pages = [page_of("HỌC BẠ"), *(page_of(f"Lớp: {year}A", "Xếp loại học lực: Khá") for year in years)]
    assert [text for text in _said(pages) if lost in text] != []


def test_page_number_with_the_word_counts_at_the_foot_too() -> None:
    text = "Điều khoản của các bên"
    whole = [page_of("HỢP ĐỒNG", text), page_of(text, foot="Trang 2/3"), page_of(text, foot="Trang 3/3")]
    gap = [page_of("HỢP ĐỒNG", text), page_of(text, foot="Trang 2"), page_of(text, foot="Trang 4")]
    assert _said(whole) == []
    assert _said(gap) == ["Trang quét thứ 3 ghi số trang 4."]


def test_last_page_that_the_numbering_announces_is_missed() -> None:
    pages = [page_of("HỢP ĐỒNG", foot="Trang 1/3"), page_of("BÊN A: Lê Mẫu", foot="Trang 2/3")]
    assert _said(pages) == ["Số trang in trên giấy cho biết có 3 trang nhưng chỉ quét 2 trang."]


def test_passport_cover_of_one_dark_colour_is_not_called_blurred() -> None:
    cover, data = list(specimen_read("HO_CHIEU")[1])
    dark = ReadPage(
        number=1,
        lines=cover.lines,
        quality=type(cover.quality)(sharpness=0.0, contrast=0.03, source_dpi=300, ink_share=0.09, cut_edges=()),
        width_mm=88.0,
        height_mm=126.0,
    )
    findings = understand([dark, data], [(), ()]).findings
    assert [finding for finding in findings if finding.severity is not Severity.ADVISE] == []
