"""Values that have a form of their own: right ones are taken, wrong ones are in doubt, others are left alone."""

from dataclasses import replace
from datetime import date

import pytest

from agent.reading.dates import find_date
from agent.reading.tax_code import find_tax_code, is_tax_code
from agent.reading.understand import understand
from agent.reading.values import Line, ReadPage, Understanding
from tests.reading.read_pages import page_of, specimen_read


def _values(understanding: Understanding) -> dict[str, str]:
    return {fact.name: fact.value for fact in understanding.facts}


def _confidence(understanding: Understanding) -> dict[str, float]:
    return {fact.name: fact.confidence for fact in understanding.facts}


@pytest.mark.parametrize("code", ["0100109106", "0101248141", "0300588569", "0100109106-001"])
def test_published_business_numbers_are_right(code: str) -> None:
    assert find_tax_code(f"Mã số doanh nghiệp: {code}") == code
    assert is_tax_code(code)


@pytest.mark.parametrize("at", range(10))
def test_any_misread_digit_of_a_business_number_is_noticed(at: int) -> None:
    code = "0100109106"
    assert not is_tax_code(code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :])


@pytest.mark.parametrize("text", ["", "12345", "0100109106123", "010010910"])
def test_other_numbers_are_no_business_number(text: str) -> None:
    assert find_tax_code(text) == ""


def test_business_number_with_a_wrong_check_digit_is_in_doubt() -> None:
    def doubt(number: str) -> float:
        page = page_of("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", f"Mã số doanh nghiệp: {number}")
        return _confidence(understand([page], [()]))["business_number"]

    assert doubt("0100109106") > 0.9
    assert doubt("0100109107") < 0.5


@pytest.mark.parametrize("plate", ["29A-123.45", "59G5-379.28", "30E-1234", "29LD-123.45", "80A-001.02"])
def test_plates_of_all_series_are_read(plate: str) -> None:
    assert _vehicle(f"Biển số đăng ký / Number plate: {plate}")["plate"] == plate


def test_letters_that_no_chassis_number_has_are_read_as_digits() -> None:
    assert _vehicle("Số khung / Chassis No: RLHJA39O9Q1234567")["chassis_number"] == "RLHJA390901234567"


def test_engine_number_with_a_letter_like_a_digit_is_in_doubt() -> None:
    page = page_of("CHỨNG NHẬN ĐĂNG KÝ XE Ô TÔ", "Tên chủ xe: LÊ VĂN MẪU", "Số máy / Engine No: 90MOLS626024")
    assert _confidence(understand([page], [()]))["engine_number"] <= 0.5


def _vehicle(line: str) -> dict[str, str]:
    return _values(understand([page_of("CHỨNG NHẬN ĐĂNG KÝ XE Ô TÔ", "Tên chủ xe: LÊ VĂN MẪU", line)], [()]))


@pytest.mark.parametrize("serial", ["DB 536600", "AA 01234567", "CĐ 123456"])
def test_old_and_new_serials_of_land_certificates_are_read(serial: str) -> None:
    page = page_of("QUYỀN SỬ DỤNG ĐẤT", "Thửa đất số: 12", "Tờ bản đồ số: 3", serial)
    assert _values(understand([page], [()]))["serial"] == serial


def test_serial_that_pages_agree_on_is_sure_and_one_they_differ_on_is_in_doubt() -> None:
    def fact(second: str) -> tuple[bool, float]:
        pages = [
            page_of("QUYỀN SỬ DỤNG ĐẤT", "Thửa đất số: 12", "DB 536600"),
            page_of("Nguồn gốc sử dụng: Nhà nước giao đất", second, number=2),
        ]
        (serial,) = [fact for fact in understand(pages, [(), ()]).facts if fact.name == "serial"]
        return serial.sure, serial.confidence

    assert fact("DB 536600") == (True, 0.95)
    assert fact("DB 536608")[1] < 0.5


@pytest.mark.parametrize("code", ["2724830688", "GD4010123456789"])
def test_new_and_old_codes_of_health_insurance_are_read(code: str) -> None:
    page = page_of("THẺ BẢO HIỂM Y TẾ", f"Mã số: {code}", "Họ và tên: LÊ VĂN MẪU")
    assert _values(understand([page], [()]))["insurance_code"] == code


def test_passport_facts_that_its_zone_repeats_are_sure() -> None:
    _, pages = specimen_read("HO_CHIEU")
    facts = understand(pages, [(), ()]).facts
    sure = {fact.name for fact in facts if fact.sure}
    assert {"passport_number", "personal_number", "date_of_birth", "sex", "expires_on", "mrz"} <= sure


def test_passport_number_that_its_zone_contradicts_is_in_doubt() -> None:
    fields, (cover, data) = specimen_read("HO_CHIEU")
    number = fields["passport_number"]
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    misprinted = _with(data, number, other)
    doubt = {fact.name: fact for fact in understand([cover, misprinted], [(), ()]).facts}["passport_number"]
    assert (doubt.value, doubt.sure) == (other, False)
    assert doubt.confidence < 0.5


def _with(page: ReadPage, text: str, other: str) -> ReadPage:
    return replace(page, lines=tuple(replace(line, text=other) if line.text == text else line for line in page.lines))


def test_line_found_over_both_spouses_columns_is_cut_between_them() -> None:
    fields, (page,) = specimen_read("KET_HON")
    left, right = _address_tails(page)
    joined = replace(left, text=f"{left.text} {right.text}", box=(*left.box[:2], right.box[2], right.box[3]))
    lines = tuple(joined if line is left else line for line in page.lines if line is not right)
    values = _values(understand([replace(page, lines=lines)], [()]))
    assert values["wife_residence"] == fields["wife_residence"]
    assert values["husband_residence"] == fields["husband_residence"]


def _address_tails(page: ReadPage) -> tuple[Line, Line]:
    """Return the second line of each spouse's address."""
    row = next(line.box[1] for line in page.lines if line.text.startswith("Nơi cư trú:"))
    below = sorted((line for line in page.lines if line.box[1] > row + 4), key=lambda line: line.box[1])
    left, right = sorted(below[:2], key=lambda line: line.box[0])
    return left, right


def test_spouse_whose_number_contradicts_the_birth_is_in_doubt_and_the_other_is_not() -> None:
    fields, (page,) = specimen_read("KET_HON")
    born = fields["wife_date_of_birth"]
    wrong = f"{born[:-4]}{int(born[-4:]) - 1}"
    lines = tuple(replace(line, text=line.text.replace(born, wrong)) for line in page.lines)
    confidence = _confidence(understand([replace(page, lines=lines)], [()]))
    assert confidence["wife_personal_number"] < 0.5
    assert confidence["husband_personal_number"] > 0.9


def test_stroke_lost_between_number_and_symbol_is_put_back_in_doubt() -> None:
    page = page_of("ỦY BAN NHÂN DÂN", "Số: 6ÔUBND-XNTTHN", "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")
    (fact,) = [fact for fact in understand([page], [()]).facts if fact.name == "number"]
    assert (fact.value, fact.confidence) == ("60/UBND-XNTTHN", 0.5)


def test_letters_read_for_digits_in_a_passport_zone_are_repaired() -> None:
    fields, (cover, data) = specimen_read("HO_CHIEU")
    second = fields["mrz"].split("\n")[1]
    misread = second[0] + second[1:].replace("0", "O").replace("1", "I")
    facts = {fact.name: fact for fact in understand([cover, _with(data, second, misread)], [(), ()]).facts}
    assert (facts["mrz"].value, facts["mrz"].sure) == (fields["mrz"], True)


def test_nought_read_as_a_letter_in_a_long_date_is_repaired() -> None:
    assert find_date("ngày/date 01 tháng/month Q8 năm/year 2024") == date(2024, 8, 1)
    assert find_date("quý 3 năm 2024") is None


@pytest.mark.parametrize("text", ["ngày 05 tháng 11 năm 202T", "05/11/202l"])
def test_one_read_as_a_letter_at_the_end_of_a_year_is_repaired(text: str) -> None:
    assert find_date(text) == date(2021, 11, 5)
