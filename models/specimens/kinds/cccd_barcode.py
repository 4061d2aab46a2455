"""CCCD_BARCODE: the citizen identity card of 2016 to early 2021: no chip, a bar code behind (TT 61/2015/TT-BCA)."""

from datetime import date

from ..emblem import emblem
from ..faces import Family, Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..persons import any_name
from ..sheet import Sheet, px
from ..values import Flaw
from ..words import slashed
from .card import LABEL, VALUE, WIDTH, both, face, note
from .identity_card import RED, any_holder
from .paper_identity import any_features, director, fingers, stacked_barcode

TINT, INK = (230, 240, 246), (92, 150, 190)
_RENAMED = date(2018, 10, 10)
_FORMER = ("CỤC TRƯỞNG CỤC CẢNH SÁT", "ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ")
_LATER = ("CỤC TRƯỞNG CỤC CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI")
_LEFT = 27.5


def draw(order: Order) -> Draft:
    """Draw both sides of the card on a scanner bed."""
    holder = any_holder(order, date(2016, 1, 4), date(2021, 1, 22), born=(1955, 2001))
    person = holder.person
    fields = {
        "personal_number": person.number,
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "nationality": "Việt Nam",
        "place_of_origin": person.former_origin,
        "place_of_residence": person.former_home,
        "expires_on": holder.expiry_text,
        "features": any_features(order),
        "issued_on": slashed(holder.issued),
        "signer_name": any_name(order.dice("director's name"), female=False),
    }
    back = _back(order, fields, holder.issued)
    return Draft(sheets=[both(order, _front(order, fields), back)], fields=fields)


def _front(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", TINT, INK)
    head = Style(size_pt=6.8, family=Family.SANS, bold=True)
    sheet.press(emblem(px(14)), px(6.6), px(3), RED)
    portrait(sheet, 3.8, 18.4, 20, 28)
    sheet.write(54, 5.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", head, align="centre")
    sheet.write(54, 8.0, "Độc lập - Tự do - Hạnh phúc", head.but(size_pt=6.4), align="centre")
    sheet.write(54, 13.6, "CĂN CƯỚC CÔNG DÂN", head.but(size_pt=11, ink=RED), align="centre")
    sheet.write(54, 19.4, f"Số: {fields['personal_number']}", head.but(size_pt=10.4, ink=RED), align="centre")
    _label(sheet, _LEFT, 24.4, "Họ và tên:", fields["full_name"], 8.2)
    _label(sheet, _LEFT, 29.4, "Ngày, tháng, năm sinh:", fields["date_of_birth"])
    _label(sheet, _LEFT, 33.6, "Giới tính:", fields["sex"])
    _label(sheet, 52, 33.6, "Quốc tịch:", fields["nationality"])
    _flow(sheet, 37.8, "Quê quán:", fields["place_of_origin"])
    _flow(sheet, 45.2, "Nơi thường trú:", fields["place_of_residence"])
    sheet.write(3.8, 49.2, "Có giá trị đến:", LABEL.but(size_pt=5.2))
    sheet.write(3.8, 52.2, fields["expires_on"], VALUE.but(size_pt=6.2))
    note(sheet, 62, 52.6)
    return sheet


def _label(sheet: Sheet, x: float, y: float, label: str, value: str, size_pt: float = 7.2) -> None:
    width = sheet.write(x, y, label, LABEL.but(size_pt=6.0))
    sheet.write(x + width + 1, y, value, VALUE.but(size_pt=size_pt, bold=True))


def _flow(sheet: Sheet, y: float, label: str, value: str) -> None:
    width = sheet.write(_LEFT, y, label, LABEL.but(size_pt=6.0))
    style = VALUE.but(size_pt=6.8, bold=True)
    paragraph(sheet, _LEFT, y, WIDTH - _LEFT - 3, value, style, indent=width + 1, align="left", leading=1.35)


def _back(order: Order, fields: dict[str, str], issued: date) -> Sheet:
    sheet = face(order, "back", TINT, INK)
    stacked_barcode(sheet, order.dice("barcode"), 6, 2.6, 73.6, 6.4)
    fingers(order, sheet, 10.6, step=20.6)
    sheet.write(24.5, 14.0, "Đặc điểm nhận dạng:", LABEL.but(size_pt=6.0))
    sheet.write(24.5, 18.0, fields["features"], VALUE.but(size_pt=6.4))
    dated = f"Ngày {issued:%d} tháng {issued:%m} năm {issued.year}"
    sheet.write(56, 24.4, dated, LABEL.but(size_pt=6.2, italic=True), align="centre")
    director(order, sheet, 28.0, _LATER if issued >= _RENAMED else _FORMER, fields["signer_name"])
    note(sheet, 24.5, 53.2)
    return sheet


KIND = Kind(code="CCCD_BARCODE", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
