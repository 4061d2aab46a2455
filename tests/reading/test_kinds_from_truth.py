"""Understanding alone: every field of a specimen is found in its true lines; kinds without one are read from texts."""

import unicodedata

import pytest

from agent.reading.understand import understand
from agent.reading.values import Seal, Understanding
from contract.grounds import Ground
from models.specimens import KINDS
from tests.reading.read_pages import page_of, specimen_read

SEAL = Seal(box=(100.0, 200.0, 136.0, 236.0), diameter_mm=36.0)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _understood(*texts: str) -> Understanding:
    return understand([page_of(*texts)], [(SEAL,)])


def _values(understanding: Understanding) -> dict[str, str]:
    return {fact.name: fact.value for fact in understanding.facts}


@pytest.mark.parametrize("kind", KINDS)
def test_every_printed_field_of_a_specimen_is_understood(kind: str) -> None:
    fields, pages = specimen_read(kind)
    understanding = understand(pages, [()] * len(pages))
    read = {name: _plain(value) for name, value in _values(understanding).items()}
    printed = {name: _plain(value) for name, value in fields.items() if name != "qr"}
    assert understanding.kind == kind
    assert {name: read.get(name) for name in printed} == printed


def test_death_extract_is_read_and_is_no_copy_of_itself() -> None:
    understanding = _understood(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TRÍCH LỤC KHAI TỬ",
        "Số: 12/2026",
        "Họ, chữ đệm, tên: LÊ VĂN MẪU",
        "Ngày, tháng, năm sinh: 01/02/1940",
        "Giới tính: Nam Dân tộc: Kinh Quốc tịch: Việt Nam",
        "Đã chết vào lúc: 05 giờ 30 phút, ngày 03 tháng 4 năm 2026",
        "Nơi chết: Tại nhà riêng",
        "Nguyên nhân chết: Tuổi già",
        "Đăng ký khai tử tại: Ủy ban nhân dân xã Mẫu",
    )
    values = _values(understanding)
    assert understanding.kind == "KHAI_TU"
    assert (values["number"], values["full_name"], values["died_on"]) == ("12/2026", "LÊ VĂN MẪU", "03/04/2026")
    assert (values["sex"], values["ethnicity"], values["cause_of_death"]) == ("Nam", "Kinh", "Tuổi già")
    assert Ground.NOT_ORIGINAL not in {finding.ground for finding in understanding.findings}


def test_transcript_is_read() -> None:
    understanding = _understood(
        "TRƯỜNG ĐẠI HỌC MẪU",
        "BẢNG ĐIỂM TOÀN KHÓA",
        "Họ và tên: LÊ VĂN MẪU",
        "Mã sinh viên: B20DCCN001",
        "Ngành: Công nghệ thông tin",
        "Điểm trung bình chung tích lũy: 3,21",
        "Xếp loại: Giỏi",
    )
    values = _values(understanding)
    assert understanding.kind == "BANG_DIEM"
    assert (values["student_number"], values["mean"], values["grade"]) == ("B20DCCN001", "3,21", "Giỏi")


def test_course_certificate_is_read() -> None:
    understanding = _understood(
        "CHỨNG CHỈ ỨNG DỤNG CÔNG NGHỆ THÔNG TIN",
        "Cấp cho: LÊ VĂN MẪU",
        "Ngày sinh: 01/02/2000",
        "Xếp loại: Khá",
        "Số hiệu: 012345",
        "Số vào sổ gốc cấp chứng chỉ: 12/2026",
    )
    values = _values(understanding)
    assert understanding.kind == "CHUNG_CHI"
    assert (values["full_name"], values["serial"], values["register_number"]) == ("LÊ VĂN MẪU", "012345", "12/2026")
    assert understanding.title == "CHỨNG CHỈ ỨNG DỤNG CÔNG NGHỆ THÔNG TIN – LÊ VĂN MẪU"


def test_social_insurance_book_is_read() -> None:
    understanding = _understood(
        "SỔ BẢO HIỂM XÃ HỘI", "Mã số BHXH: 0123456789", "Họ và tên: LÊ VĂN MẪU", "Ngày, tháng, năm sinh: 01/02/1990"
    )
    assert understanding.kind == "BHXH"
    assert _values(understanding)["insurance_code"] == "0123456789"


@pytest.mark.parametrize(("printed", "digits"), [("Số 012 345 678", "012345678"), ("SỐ: 001099012345", "001099012345")])
def test_old_identity_card_is_read_with_nine_or_twelve_digits(printed: str, digits: str) -> None:
    understanding = _understood(
        "GIẤY CHỨNG MINH NHÂN DÂN",
        printed,
        "Họ tên: LÊ VĂN MẪU",
        "Sinh ngày: 01-02-1990",
        "Nguyên quán: Xã Mẫu, Hà Nội",
        "Nơi ĐKHK thường trú: Phường Mẫu, Hà Nội",
    )
    values = _values(understanding)
    assert understanding.kind == "CMND"
    assert (values["number"], values["date_of_birth"], values["place_of_origin"]) == (
        digits,
        "01/02/1990",
        "Xã Mẫu, Hà Nội",
    )


def test_card_with_barcode_is_told_from_the_one_with_chip() -> None:
    understanding = _understood(
        "CĂN CƯỚC CÔNG DÂN",
        "Số: 001099012345",
        "Họ và tên: LÊ VĂN MẪU",
        "Ngày, tháng, năm sinh: 15/02/1999",
        "Giới tính: Nam Quốc tịch: Việt Nam",
    )
    assert understanding.kind == "CCCD_BARCODE"
    assert _values(understanding)["personal_number"] == "001099012345"


def test_private_contract_without_a_seal_is_asked_about_and_a_sealed_one_is_not() -> None:
    contract = page_of(
        "HỢP ĐỒNG THUÊ NHÀ", "Số: 01/HĐ", "Hôm nay, ngày 03 tháng 4 năm 2026, chúng tôi gồm:", "BÊN A: Lê Mẫu"
    )
    bare, sealed = understand([contract], [()]), understand([contract], [(SEAL,)])
    assert bare.kind == "HOP_DONG"
    assert _values(bare)["issued_on"] == "03/04/2026"
    assert Ground.A22_6_PRIVATE in {finding.ground for finding in bare.findings}
    assert Ground.A22_6_PRIVATE not in {finding.ground for finding in sealed.findings}
