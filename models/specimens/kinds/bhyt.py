"""BHYT: a health-insurance card with a ten-digit code (form of 2021)."""

from datetime import date

from ..faces import Family, Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..persons import LATEST, any_date, any_person
from ..sheet import Sheet
from ..values import Flaw
from ..words import slashed
from .card import LABEL, VALUE, both, face, note
from .identity_card import RED

_TINT, _INK = (236, 246, 240), (120, 190, 150)
_HOSPITALS = ("Bệnh viện Đa khoa tỉnh", "Trung tâm Y tế khu vực", "Bệnh viện Bạch Mai", "Trạm Y tế phường")


def draw(order: Order) -> Draft:
    """Draw both sides of the card on a scanner bed."""
    stream = order.dice("data")
    person, valid = any_person(stream, born=(1950, 2015)), any_date(stream, date(2021, 4, 1), LATEST)
    full_years = date(valid.year + 5, valid.month, min(valid.day, 28))
    fields = {
        "insurance_code": f"{stream.randrange(10**9, 10**10 - 1):010d}",
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "benefit_code": str(stream.randint(1, 5)),
        "residence_code": stream.choice(("K1", "K2", "K3")),
        "first_hospital": stream.choice(_HOSPITALS),
        "valid_from": slashed(valid),
        "five_years_on": slashed(full_years),
    }
    return Draft(sheets=[both(order, _front(order, fields), _back(order))], fields=fields)


def _front(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", _TINT, _INK)
    bold = Style(size_pt=7, family=Family.SANS, bold=True)
    sheet.write(42.8, 5, "BẢO HIỂM XÃ HỘI VIỆT NAM", bold, align="centre")
    sheet.write(42.8, 11, "THẺ BẢO HIỂM Y TẾ", bold.but(size_pt=11, ink=RED), align="centre")
    sheet.write(42.8, 17, f"Mã số: {fields['insurance_code']}", bold.but(size_pt=9.5), align="centre")
    rows = (
        (22.5, "Họ và tên", "full_name"),
        (27.0, "Ngày sinh", "date_of_birth"),
        (31.5, "Mã mức hưởng", "benefit_code"),
        (36.0, "Nơi ĐK KCB BĐ", "first_hospital"),
        (40.5, "Giá trị sử dụng: từ ngày", "valid_from"),
        (45.0, "Thời điểm đủ 05 năm liên tục: từ ngày", "five_years_on"),
    )
    for y, label, key in rows:
        width = sheet.write(6, y, f"{label}:", LABEL.but(size_pt=6.2))
        sheet.write(7.2 + width, y, fields[key], VALUE.but(bold=True))
    sheet.write(52, 27, f"Giới tính: **{fields['sex']}**", LABEL.but(size_pt=6.2))
    sheet.write(52, 31.5, f"Mã nơi đối tượng sinh sống: **{fields['residence_code']}**", LABEL.but(size_pt=5.6))
    note(sheet, 6, 51)
    return sheet


def _back(order: Order) -> Sheet:
    sheet = face(order, "back", _TINT, _INK)
    sheet.write(42.8, 6, "NHỮNG ĐIỀU CẦN LƯU Ý", Style(size_pt=7.4, family=Family.SANS, bold=True), align="centre")
    texts = (
        "1. Xuất trình thẻ này cùng giấy tờ chứng minh nhân thân có ảnh khi đến khám bệnh, chữa bệnh.",
        "2. Không cho người khác mượn thẻ; giữ thẻ cẩn thận, không tẩy xóa, sửa chữa.",
        "3. Khi mất hoặc hỏng thẻ, báo ngay cho cơ quan bảo hiểm xã hội nơi cấp thẻ để được cấp lại.",
    )
    y = 12.0
    for text in texts:
        y = paragraph(sheet, 6, y, 73, text, VALUE.but(size_pt=6.2), align="left", leading=1.35) + 1.2
    note(sheet, 6, 50)
    return sheet


KIND = Kind(code="BHYT", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN, Flaw.NO_SEAL}))
