"""Every kind is recognised from a scanned specimen and its fields are what the paper says."""

import unicodedata

import pytest

from agent.reading import kinds, registry
from agent.reading.kind import Kind
from agent.reading.registry import all_kinds, kind_of
from agent.reading.understand import understand
from agent.reading.values import Line, Quality, ReadPage, Understanding
from contract.grounds import Ground
from models.specimens import KINDS

PROVED = ("QUYET_DINH", "CONG_VAN", "KHAI_SINH", "BANG_TOT_NGHIEP", "CCCD_CHIP", "CAN_CUOC_2024", "GPLX")
MOST_MISSED = 0.15
VITAL = {
    "QUYET_DINH": ("number", "issued_on", "agency", "subject", "signer_name"),
    "CONG_VAN": ("number", "issued_on", "agency"),
    "KHAI_SINH": ("number", "full_name", "date_of_birth", "sex", "personal_number", "mother_name", "father_name"),
    "BANG_TOT_NGHIEP": ("full_name", "date_of_birth", "year", "title"),
    "CCCD_CHIP": ("personal_number", "date_of_birth", "sex", "mrz"),
    "CAN_CUOC_2024": ("personal_number", "date_of_birth", "sex", "issued_on", "mrz"),
    "GPLX": ("number", "full_name", "date_of_birth", "class"),
}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@pytest.mark.parametrize("kind", PROVED)
def test_kind_and_vital_fields_are_read_from_an_office_scan(kind: str, paper) -> None:
    specimen, understanding = paper(kind)
    assert understanding.kind == kind
    read = {fact.name: _plain(fact.value) for fact in understanding.facts}
    wrong = [name for name in VITAL[kind] if read.get(name) != _plain(specimen.fields[name])]
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(PROVED)))
def test_other_kinds_are_known_from_an_office_scan_and_hardly_a_field_is_missed(kind: str, paper) -> None:
    specimen, understanding = paper(kind)
    read = {fact.name: _plain(fact.value) for fact in understanding.facts}
    printed = {name: _plain(value) for name, value in specimen.fields.items() if name != "qr"}
    wrong = [name for name, value in printed.items() if read.get(name) != value]
    assert understanding.kind == kind
    assert Ground.A22_3_SECRET not in {finding.ground for finding in understanding.findings}, "red print is no stamp"
    assert len(wrong) <= MOST_MISSED * len(printed), wrong


@pytest.mark.parametrize("kind", PROVED)
def test_every_fact_points_at_its_place_on_the_page(kind: str, paper) -> None:
    specimen, understanding = paper(kind)
    for fact in understanding.facts:
        x0, y0, x1, y1 = fact.box
        assert 0 <= x0 < x1 <= 212
        assert 0 <= y0 < y1 <= 299
        assert 1 <= fact.page <= len(specimen.pages)
        assert 0 <= fact.confidence <= 1


def test_card_facts_that_its_zone_repeats_are_sure(paper) -> None:
    _, understanding = paper("CCCD_CHIP")
    sure = {fact.name for fact in understanding.facts if fact.sure}
    assert {"personal_number", "date_of_birth", "sex", "mrz"} <= sure


def test_every_file_in_kinds_is_a_kind_and_codes_are_unique() -> None:
    files = [path for path in kinds.__path__]
    assert files
    codes = [kind.code for kind in all_kinds()]
    assert len(set(codes)) == len(codes)
    assert {*PROVED, registry.UNKNOWN} <= set(codes)
    assert all(isinstance(kind, Kind) for kind in all_kinds())


def page_of(*texts: str, number: int = 1, confidence: float = 0.95) -> ReadPage:
    """A page with one line per text, below each other."""
    lines = tuple(
        Line(
            text=text,
            box=(30.0, 20.0 + 8 * at, 30.0 + 2.2 * len(text), 25.0 + 8 * at),
            confidence=confidence,
            sure=False,
        )
        for at, text in enumerate(texts)
    )
    quality = Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=())
    return ReadPage(number=number, lines=lines, quality=quality, width_mm=210.0, height_mm=297.0)


def _understood(*texts: str) -> Understanding:
    return understand([page_of(*texts)], [()])


def test_title_with_a_misread_letter_is_recognised() -> None:
    assert kind_of([page_of("GIẤY KHAl SINH", "Nơi đăng ký khai sinh: UBND xã Mẫu")]).code == "KHAI_SINH"


def test_paper_that_only_mentions_another_is_not_that_other() -> None:
    assert kind_of([page_of("Đơn xin cấp lại giấy khai sinh cho con tôi", "Kính gửi ông Mẫu")]).code == "UNKNOWN"


@pytest.mark.parametrize("texts", [(), ("",), ("���",), ("<" * 30,) * 3, ("a" * 5000,)])
def test_nonsense_is_understood_as_unknown_without_failing(texts: tuple[str, ...]) -> None:
    assert _understood(*texts).kind == "UNKNOWN"


def test_number_that_contradicts_the_birth_is_in_doubt() -> None:
    facts = _understood(
        "GIẤY KHAI SINH",
        "Họ, chữ đệm, tên: NGUYỄN VĂN MẪU",
        "Ngày, tháng, năm sinh: 15/02/1998",
        "Giới tính: Nam",
        "Số định danh cá nhân: 001099012345",
    ).facts
    doubtful = {fact.name for fact in facts if fact.confidence < 0.5}
    assert doubtful == {"personal_number", "date_of_birth", "sex"}


def test_pen_stroke_before_the_day_leaves_the_date_unread_rather_than_wrong() -> None:
    page = page_of(
        "QUYẾT ĐỊNH", "Điều 1. Công bố", "                                 Điện Biên, ngày /9 tháng 02 năm 2025"
    )
    dates = [fact for fact in understand([page], [()]).facts if fact.name == "issued_on"]
    assert all(fact.confidence < 0.5 for fact in dates)


def test_values_that_run_over_two_lines_are_joined_and_stop_at_the_next_label() -> None:
    facts = {
        fact.name: fact.value
        for fact in _understood(
            "GIẤY KHAI SINH",
            "Họ, chữ đệm, tên: TRẦN THỊ MẪU",
            "Nơi sinh: Bệnh viện Phụ sản, Phường Từ Sơn,",
            "tỉnh Bắc Ninh",
            "Quê quán: Xã Hòa Vang, thành phố Đà Nẵng",
        ).facts
    }
    assert facts["place_of_birth"] == "Bệnh viện Phụ sản, Phường Từ Sơn, tỉnh Bắc Ninh"
    assert facts["place_of_origin"] == "Xã Hòa Vang, thành phố Đà Nẵng"
