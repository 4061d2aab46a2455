"""CAN_CUOC_2024: the identity card since 1 July 2024 (TT 16/2024/TT-BCA: QR on the back, portrait 20 x 30 mm)."""

from datetime import date

from ..faces import Family, Style
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..persons import LATEST
from ..sheet import Sheet
from ..values import Flaw
from .card import LABEL, VALUE, both, caption, face, mrz, note, qr
from .identity_card import RED, any_holder, chip, crest, qr_text, shared_fields, state_head

TINT, INK = (226, 238, 244), (104, 150, 186)


def draw(order: Order) -> Draft:
    """Draw both sides of the card on a scanner bed."""
    holder = any_holder(order, date(2025, 7, 2), LATEST)
    person = holder.person
    fields = shared_fields(holder) | {
        "place_of_residence": person.address,
        "place_of_birth_registration": person.birthplace.full,
        "qr": qr_text(holder, person.address) + "||||",
    }
    return Draft(sheets=[both(order, _front(order, fields), _back(order, fields))], fields=fields)


def _front(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", TINT, INK)
    crest(sheet, 12, 10, 12)
    state_head(sheet, 52, 4.8)
    sheet.write(52, 18.2, "CĂN CƯỚC", Style(size_pt=12.5, family=Family.SANS, bold=True, ink=RED), align="centre")
    sheet.write(52, 21.4, "IDENTITY CARD", LABEL.but(bold=True, ink=RED, size_pt=6.6), align="centre")
    portrait(sheet, 4, 19.5, 20, 30)
    at = 28.0
    caption(sheet, at, 26.6, "Số định danh cá nhân", "Personal identification number:")
    sheet.write(at, 31.0, fields["personal_number"], Style(size_pt=11, family=Family.SANS, bold=True))
    caption(sheet, at, 34.8, "Họ, chữ đệm và tên khai sinh", "Full name:")
    sheet.write(at, 38.4, fields["full_name"], VALUE.but(size_pt=8.4, bold=True))
    caption(sheet, at, 42.2, "Ngày, tháng, năm sinh", "Date of birth:")
    sheet.write(at, 45.6, fields["date_of_birth"], VALUE.but(bold=True))
    caption(sheet, 68, 42.2, "Giới tính", "Sex:")
    sheet.write(68, 45.6, fields["sex"], VALUE.but(bold=True))
    after = caption(sheet, at, 49.6, "Quốc tịch", "Nationality:")
    sheet.write(at + after, 49.6, fields["nationality"], VALUE.but(bold=True))
    note(sheet, 56, 52.2)
    return sheet


def _back(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "back", TINT, INK)
    caption(sheet, 4.6, 4.4, "Nơi cư trú", "Place of residence:")
    street, rest = fields["place_of_residence"].split(", ", 1)
    sheet.write(4.6, 7.3, street, VALUE.but(size_pt=6.6))
    sheet.write(4.6, 10.0, rest, VALUE.but(size_pt=6.6))
    caption(sheet, 4.6, 13.2, "Nơi đăng ký khai sinh", "Place of birth:")
    sheet.write(4.6, 16.1, fields["place_of_birth_registration"], VALUE.but(size_pt=6.6))
    _dates(sheet, fields)
    chip(sheet, 5, 21)
    qr(sheet, fields["qr"], 64.5, 3.6, 18)
    small = LABEL.but(bold=True)
    sheet.write(46, 34.0, "BỘ CÔNG AN", small.but(size_pt=7), align="centre")
    sheet.write(46, 36.4, "MINISTRY OF PUBLIC SECURITY", small.but(size_pt=5), align="centre")
    mrz(sheet, tuple(fields["mrz"].split("\n")), 41.6)
    note(sheet, 5, 36.4)
    return sheet


def _dates(sheet: Sheet, fields: dict[str, str]) -> None:
    rows = (
        ("Ngày, tháng, năm cấp", "Date of issue:", "issued_on"),
        ("Ngày, tháng, năm hết hạn", "Date of expiry:", "expires_on"),
    )
    for number, (text, english, key) in enumerate(rows):
        y = 25.2 + number * 3.4
        after = caption(sheet, 19, y, text, english)
        sheet.write(19 + after, y, fields[key], VALUE.but(size_pt=6.6))


KIND = Kind(code="CAN_CUOC_2024", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN, Flaw.NO_SEAL}))
