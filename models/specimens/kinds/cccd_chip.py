"""CCCD_CHIP: the chip citizen identity card of 2021 to June 2024 (QR on the front, MRZ on the back)."""

from datetime import date

from ..faces import Family, Style
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..pen import sign
from ..sheet import Sheet
from ..values import Flaw
from .card import LABEL, VALUE, both, caption, face, flowing, mrz, note, qr
from .identity_card import (
    RED,
    Holder,
    any_holder,
    chip,
    crest,
    fingerprint,
    qr_text,
    shared_fields,
    state_head,
)

TINT, INK = (232, 240, 236), (96, 156, 150)
_FEATURES = (
    "Nốt ruồi C: 1,5cm dưới trước mép phải",
    "Sẹo chấm C: 2cm trên sau đuôi mắt trái",
    "Nốt ruồi C: 1cm trên trước cánh mũi trái",
)


def draw(order: Order) -> Draft:
    """Draw both sides of the card on a scanner bed."""
    holder = any_holder(order, date(2021, 3, 1), date(2024, 6, 28))
    fields = shared_fields(holder) | {
        "place_of_origin": holder.person.former_origin,
        "place_of_residence": holder.person.former_home,
        "features": order.dice("features").choice(_FEATURES),
    }
    former = f"{order.dice('former number').randrange(10**7, 4 * 10**8):09d}" if holder.person.born.year < 1999 else ""
    fields["qr"] = qr_text(holder, holder.person.former_home, former)
    bed = both(order, _front(order, holder, fields), _back(order, fields))
    return Draft(sheets=[bed], fields=fields)


def _front(order: Order, holder: Holder, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", TINT, INK)
    crest(sheet, 11.5, 9.5, 12)
    state_head(sheet, 43, 4.6)
    qr(sheet, fields["qr"], 68.5, 2.8, 14.2)
    sheet.write(
        44, 17.4, "CĂN CƯỚC CÔNG DÂN", Style(size_pt=10.6, family=Family.SANS, bold=True, ink=RED), align="centre"
    )
    sheet.write(44, 20.1, "Citizen Identity Card", LABEL.but(bold=True, ink=RED, size_pt=6.2), align="centre")
    portrait(sheet, 3.6, 18.4, 20, 26.6)
    _expiry(sheet, fields)
    at = 26.5
    after = caption(sheet, at, 24.6, "Số", "No.:")
    sheet.write(at + after, 24.9, fields["personal_number"], Style(size_pt=10.4, family=Family.SANS, bold=True))
    caption(sheet, at, 28.2, "Họ và tên", "Full name:")
    sheet.write(at, 31.6, fields["full_name"], VALUE.but(size_pt=8.2))
    after = caption(sheet, at, 35.2, "Ngày sinh", "Date of birth:")
    sheet.write(at + after, 35.2, fields["date_of_birth"], VALUE)
    after = caption(sheet, at, 38.7, "Giới tính", "Sex:")
    sheet.write(at + after, 38.7, fields["sex"], VALUE)
    after = caption(sheet, 50, 38.7, "Quốc tịch", "Nationality:")
    sheet.write(50 + after, 38.7, fields["nationality"], VALUE)
    caption(sheet, at, 41.9, "Quê quán", "Place of origin:")
    sheet.write(at, 44.9, fields["place_of_origin"], VALUE.but(size_pt=6.9))
    flowing(sheet, at, 48.2, "Nơi thường trú", "Place of residence:", fields["place_of_residence"])
    note(sheet, 62, 21.3)
    return sheet


def _expiry(sheet: Sheet, fields: dict[str, str]) -> None:
    small = LABEL.but(size_pt=5.0)
    sheet.write(3.6, 47.6, "Có giá trị đến:", small)
    sheet.write(3.6, 49.7, "Date of expiry:", small)
    sheet.write(3.6, 52.3, fields["expires_on"], VALUE.but(size_pt=6.2))


def _back(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "back", TINT, INK)
    caption(sheet, 4.6, 4.6, "Đặc điểm nhân dạng", "Personal identification:")
    sheet.write(4.6, 8.0, fields["features"], VALUE.but(size_pt=6.6))
    after = caption(sheet, 20, 12.2, "Ngày, tháng, năm", "Date, month, year:")
    sheet.write(20 + after, 12.2, fields["issued_on"], VALUE)
    _director(order, sheet)
    chip(sheet, 5, 12.5)
    for number, (name, english) in enumerate(
        (("Ngón trỏ trái", "Left index finger"), ("Ngón trỏ phải", "Right index finger"))
    ):
        top = 3.2 + number * 16.6
        fingerprint(sheet, order.dice(f"finger {number}"), 67.5, top, 12.5, 12.8)
        sheet.write(73.0, top + 14.4, f"{name} / {english}", LABEL.but(size_pt=4.2), align="centre")
    mrz(sheet, tuple(fields["mrz"].split("\n")), 41.6)
    note(sheet, 5, 35.4)
    return sheet


def _director(order: Order, sheet: Sheet) -> None:
    small = LABEL.but(size_pt=5.0, bold=True)
    for number, line in enumerate(
        (
            "CỤC TRƯỞNG CỤC CẢNH SÁT",
            "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
            "DIRECTOR GENERAL OF THE POLICE DEPARTMENT",
            "FOR ADMINISTRATIVE MANAGEMENT OF SOCIAL ORDER",
        )
    ):
        sheet.write(42, 15.4 + number * 2.1, line, small.but(size_pt=4.6 if number > 1 else 5.0), align="centre")
    sign(sheet, order.dice("director"), 36, 28.6, 17, nib=0.22)
    sheet.write(
        44,
        35.4,
        order.dice("director's name").choice(("Trần Văn Mẫu", "Lê Thị Mẫu", "Phạm Văn Mẫu")),
        VALUE.but(size_pt=6.2, bold=True),
        align="centre",
    )


KIND = Kind(code="CCCD_CHIP", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN, Flaw.NO_SEAL}))
