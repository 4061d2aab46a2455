"""Forms: labels told from values, values that run on, sections that go on over pages, rows filled in by pen."""

from dataclasses import replace

import pytest

from agent.reading import cleaning
from agent.reading.form import Field, read_form
from agent.reading.labels import find_labels
from agent.reading.understand import understand
from agent.reading.values import Line, ReadPage
from tests.reading.read_pages import GOOD, page_of

NAME = Field(name="name", label="Họ tên", phrases=("Họ tên",), lines=2)
BORN = Field(name="born", label="Sinh ngày", phrases=("Sinh ngày",))
HOME = Field(name="home", label="Nơi cư trú", phrases=("Nơi cư trú",), lines=3)
Placed = tuple[str, float, float, float, float]


def _page(*lines: Placed) -> ReadPage:
    found = tuple(Line(text=text, box=tuple(box), confidence=0.95, sure=False) for text, *box in lines)
    return ReadPage(number=1, lines=found, quality=GOOD, width_mm=210.0, height_mm=297.0)


def _values(*lines: Placed) -> dict[str, str]:
    return {fact.name: fact.value for fact in read_form([_page(*lines)], [(NAME, BORN, HOME)])}


def test_name_in_capitals_that_resembles_a_label_is_a_value() -> None:
    page = page_of("NGUYỄN QUỲNH TUYẾT", "Nguyên quán: Bắc Ninh")
    assert [hit.line for hit in find_labels(page, ["Nguyên quán"])] == [1]


def test_label_in_capitals_is_still_found_where_the_form_prints_it_so() -> None:
    assert len(find_labels(page_of("BÊN A: Lê Mẫu"), ["BÊN A"])) == 1


def test_value_of_the_next_row_is_not_the_end_of_this_one() -> None:
    read = _values(
        ("Họ tên:", 30, 20, 40, 22),
        ("LÊ VĂN MẪU", 46, 19, 70, 22.4),
        ("Sinh ngày:", 30, 25.6, 42, 27.6),
        ("10-10-1989", 47, 25.4, 60, 27.4),
    )
    assert read == {"name": "LÊ VĂN MẪU", "born": "10-10-1989"}


def test_mark_beside_a_label_but_off_its_line_is_not_its_value() -> None:
    read = _values(
        ("Nơi cư trú / Place of residence:", 30, 20, 56, 21.5),
        ("ut", 90, 20.7, 94, 23.4),
        ("Số 89 đường Mẫu", 30, 22.4, 58, 24.9),
    )
    assert read["home"] == "Số 89 đường Mẫu"


def test_edge_of_a_code_beside_a_label_is_not_its_value() -> None:
    page = _page(("Nơi cư trú:", 30, 20, 46, 22), ("[u!", 90, 20, 94, 22.4), ("Số 89 đường Mẫu", 30, 23, 58, 25.4))
    stray = replace(page.lines[1], confidence=0.3)
    read = read_form([replace(page, lines=(page.lines[0], stray, page.lines[2]))], [(HOME,)])
    assert [fact.value for fact in read] == ["Số 89 đường Mẫu"]


def test_address_goes_on_below_though_another_label_stands_far_left_in_that_row() -> None:
    read = _values(
        ("Nơi cư trú: Số 179 đường Mẫu,", 30, 40, 70, 42.6),
        ("Họ tên:", 4, 44.2, 14, 46),
        ("phường Mẫu, Hà Nội", 30, 43.6, 60, 46.2),
    )
    assert read["home"] == "Số 179 đường Mẫu, phường Mẫu, Hà Nội"


def test_signing_title_below_the_last_row_is_not_part_of_it() -> None:
    read = _values(("Nơi cư trú: xã Mẫu", 30, 40, 75, 44), ("CHỦ TỊCH", 130, 47, 160, 51))
    assert read["home"] == "xã Mẫu"


def test_section_goes_on_over_the_page_and_is_not_opened_again_by_a_mention() -> None:
    pages = [
        page_of("HỢP ĐỒNG LAO ĐỘNG", "BÊN A: CÔNG TY MẪU", "BÊN B: Bà LÊ THỊ MẪU", "Thời hạn hợp đồng: 12 tháng"),
        page_of("Điều 3. Quyền lợi của Bên B", "Mức lương: 9.500.000 đồng/tháng", number=2),
    ]
    values = {fact.name: fact.value for fact in understand(pages, [(), ()]).facts}
    assert (values["second_party"], values["value"]) == ("LÊ THỊ MẪU", "9.500.000 đồng/tháng")
    assert values["term"] == "12 tháng"


def test_number_by_pen_between_printed_parts_is_joined_in_doubt_and_the_agency_keeps_clear_of_it() -> None:
    head = page_of("QUYẾT ĐỊNH", "Điều 1. Công bố").lines
    row = _page(
        ("ỦY BAN NHÂN DÂN XÃ MẪU", 35, 20, 90, 25),
        ("Số:", 40, 38, 46, 42),
        ("667", 47, 37, 57, 42.5),
        ("/QĐ-UBND", 58, 38, 78, 42),
    ).lines
    lower = tuple(replace(line, box=(line.box[0], line.box[1] + 60, line.box[2], line.box[3] + 60)) for line in head)
    facts = {fact.name: fact for fact in understand([replace(_page(), lines=(*row, *lower))], [()]).facts}
    assert facts["number"].value == "667/QĐ-UBND"
    assert (facts["number"].sure, facts["number"].confidence) == (False, 0.5)
    assert facts["agency"].value == "ỦY BAN NHÂN DÂN XÃ MẪU"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("(NGƯỜI LAO ĐỘNG): Ông LÊ VĂN MẪU", "LÊ VĂN MẪU"),
        ("): CÔNG TY TNHH MẪU", "CÔNG TY TNHH MẪU"),
        (": Ông/Bà: Lê Thị Mẫu, chức vụ: Giám đốc", "Lê Thị Mẫu"),
        ("Bành Văn Mẫu", "Bành Văn Mẫu"),
    ],
)
def test_party_is_named_without_title_and_office(read: str, value: str) -> None:
    assert cleaning.named(read) == value


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("Số 74 phố Mẫu, Dư Hàng. Lê Chân, Hải Phòng", "Số 74 phố Mẫu, Dư Hàng, Lê Chân, Hải Phòng"),
        ("Âp Bình Hòa, Xã Mẫu", "Ấp Bình Hòa, Xã Mẫu"),
        ("Số 2, Q. 1, TP. Hồ Chí Minh", "Số 2, Q. 1, TP. Hồ Chí Minh"),
    ],
)
def test_parts_of_an_address_are_parted_by_commas_but_abbreviations_keep_their_stop(read: str, value: str) -> None:
    assert cleaning.address(read) == value


def test_prescribed_words_are_spelt_as_prescribed_and_others_left_alone() -> None:
    clean = cleaning.among(("Giao đất như thuê",))
    assert (clean("Giao đất nhừ thuê"), clean("Giao đất khác")) == ("Giao đất như thuê", "Giao đất khác")


@pytest.mark.parametrize(
    ("read", "value"),
    [("cách 1,5em đưới mép", "cách 1,5cm dưới mép"), ("cách lem trên", "cách 1cm trên"), ("xem Ngày 5 tháng", "xem")],
)
def test_distinguishing_mark_ends_before_the_day_and_is_measured_in_centimetres(read: str, value: str) -> None:
    assert cleaning.features(read) == value
