"""CMND: the laminated identity card of nine digits, issued by provinces' police until 2021."""

from datetime import date

from ..emblem import emblem
from ..faces import Family, Style
from ..flow import wrap
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..persons import any_date, any_name, any_person
from ..places import any_province
from ..sheet import Sheet, natural_width, px, tokens
from ..values import PX_PER_MM, Flaw
from ..words import slashed
from .card import LABEL, both, face, note
from .identity_card import RED
from .paper_identity import RIGHT, any_features, director, dotted, fingers

TINT, INK = (228, 242, 232), (84, 160, 112)
_VALUE = Style(size_pt=7.6)
_GREEN = (18, 78, 52)
_RELIGIONS = ("Không", "Phật giáo", "Thiên Chúa giáo", "Không")


def draw(order: Order) -> Draft:
    """Draw both sides of the card on a scanner bed."""
    stream = order.dice("data")
    person, province = any_person(stream, born=(1955, 1999)), any_province(stream)
    issued = any_date(stream, date(max(2008, person.born.year + 15), 1, 6), date(2021, 1, 20))
    fields = {
        "number": f"{stream.randrange(10**7, 4 * 10**8):09d}",
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born).replace("/", "-"),
        "place_of_origin": person.former_origin,
        "place_of_residence": person.former_home,
        "ethnicity": person.ethnicity,
        "religion": stream.choice(_RELIGIONS),
        "features": any_features(order),
        "issued_on": slashed(issued),
        "signer_name": any_name(stream, female=False),
    }
    printed = fields | {"date_of_birth": slashed(person.born)}
    back = _back(order, fields, province.name, issued)
    return Draft(sheets=[both(order, _front(order, fields), back)], fields=printed)


def _front(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", TINT, INK)
    head = Style(size_pt=6.6, bold=True, ink=_GREEN)
    sheet.press(emblem(px(15)), px(6.5), px(3.5), _GREEN)
    portrait(sheet, 4, 20.5, 20, 28.5)
    sheet.write(54, 5.2, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", head, align="centre")
    sheet.write(54, 8.2, "Độc lập - Tự do - Hạnh phúc", head, align="centre")
    sheet.write(54, 13.2, "GIẤY CHỨNG MINH NHÂN DÂN", head.but(size_pt=9.6, ink=RED), align="centre")
    sheet.write(54, 18.8, f"SỐ {fields['number']}", Style(size_pt=10.5, bold=True, ink=RED), align="centre")
    rows = (
        (24.6, "Họ tên", "full_name"),
        (30.2, "Sinh ngày", "date_of_birth"),
        (35.4, "Nguyên quán", "place_of_origin"),
        (44.2, "Nơi ĐKHK thường trú", "place_of_residence"),
    )
    for y, label, key in rows:
        _row(sheet, y, label, fields[key], 2 if key.startswith("place") else 1)
    note(sheet, 27, 52.6)
    return sheet


def _row(sheet: Sheet, y: float, label: str, value: str, lines: int) -> None:
    """Write a label and its value on dotted lines: beside it, and where it needs more room below."""
    left = 27.0
    start = left + sheet.write(left, y, f"{label}:", LABEL.but(size_pt=6.0)) + 1.2
    parts = wrap(tokens(value, _VALUE), RIGHT - left, start - left)
    for number in range(lines):
        at, low = (start if number == 0 else left), y + 4.2 * number
        dotted(sheet, at, RIGHT, low)
        if number < len(parts):
            room = RIGHT - at - natural_width(parts[number]) / PX_PER_MM
            inset = min(room, 3.0) if lines == 1 else 0.0
            sheet.set_line(px(at + inset), px(low), parts[number])


def _back(order: Order, fields: dict[str, str], province: str, issued: date) -> Sheet:
    sheet = face(order, "back", TINT, INK)
    label = LABEL.but(size_pt=6.0)
    for x, name, key in ((5, "Dân tộc", "ethnicity"), (44, "Tôn giáo", "religion")):
        start = x + sheet.write(x, 5.4, f"{name}:", label) + 1.2
        sheet.write(start, 5.4, fields[key], _VALUE)
        dotted(sheet, start, x + 36, 5.4)
    fingers(order, sheet, 8)
    sheet.frame(22, 8, RIGHT, 51.6, width=0.15, ink=(110, 120, 124))
    sheet.write(53, 11.6, "DẤU VẾT RIÊNG VÀ DỊ HÌNH", LABEL.but(size_pt=5.6, bold=True), align="centre")
    sheet.write(24, 16.2, fields["features"], _VALUE.but(size_pt=7))
    dotted(sheet, 24, RIGHT - 1, 16.2)
    dotted(sheet, 24, RIGHT - 1, 20.2)
    dated = f"Ngày {issued:%d} tháng {issued:%m} năm {issued.year}"
    sheet.write(54, 25.4, dated, Style(size_pt=6.4, italic=True, family=Family.SERIF), align="centre")
    director(order, sheet, 28.6, (f"GIÁM ĐỐC CA {province.upper()}",), fields["signer_name"])
    note(sheet, 24, 53.2)
    return sheet


KIND = Kind(code="CMND", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
