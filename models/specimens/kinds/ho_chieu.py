"""HO_CHIEU: a passport: the cover, then the opened booklet with the data page (ICAO 9303-4, TD3)."""

from datetime import date

import numpy as np
from PIL import Image

from ..emblem import emblem
from ..faces import Family, Style
from ..mrz import td3
from ..order import Draft, Kind, Order
from ..ornament import guilloche, portrait, specimen_mark, specimen_note
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_person
from ..sheet import Sheet, blank, px
from ..values import Flaw
from ..words import slashed
from .bed import on_bed
from .card import VALUE, caption, mrz, note

WIDTH, HEIGHT = 125.0, 88.0
_TINT, _INK = (238, 236, 246), (150, 130, 190)


def draw(order: Order) -> Draft:
    """Draw the cover and the data page, each lying on a scanner bed."""
    stream = order.dice("data")
    person = any_person(stream, born=(1960, 2008))
    issued = any_date(stream, date(2022, 7, 1), LATEST)
    expires = date(issued.year + 10, issued.month, min(issued.day, 28))
    number = f"{stream.choice('CEKP')}{stream.randrange(10**6, 10**8):08d}"
    fields = {
        "passport_number": number,
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "place_of_birth": person.birthplace.province.short,
        "sex": person.sex,
        "nationality": "VIỆT NAM",
        "personal_number": person.number,
        "issued_on": slashed(issued),
        "expires_on": slashed(expires),
        "mrz": "\n".join(td3(number, person.number, person.name, person.born, person.female, expires)),
    }
    data = _data_page(order, person, fields)
    sheets = [on_bed(order, 0, _cover(order), "cover"), on_bed(order, 1, data, "data")]
    return Draft(sheets=sheets, fields=fields)


def _cover(order: Order) -> Sheet:
    sheet = blank(order.dice("cover"), (58, 52, 120), (px(HEIGHT), px(WIDTH)))
    gold = Style(size_pt=9.5, family=Family.SANS, bold=True, ink=(226, 190, 104))
    sheet.write(44, 16, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", gold.but(size_pt=8), align="centre")
    sheet.write(44, 21, "SOCIALIST REPUBLIC OF VIET NAM", gold.but(size_pt=7), align="centre")
    stencil = Image.fromarray((emblem(px(38)) * 255).astype(np.uint8))
    sheet.image.paste(gold.ink, (px(44 - 19), px(36)), stencil)
    sheet.write(44, 94, "HỘ CHIẾU", gold.but(size_pt=16), align="centre")
    sheet.write(44, 101, "PASSPORT", gold.but(size_pt=11), align="centre")
    specimen_note(sheet, 44, 118, gold.but(size_pt=5.5, bold=False), align="centre")
    return sheet


def _data_page(order: Order, person: Person, fields: dict[str, str]) -> Sheet:
    sheet = blank(order.dice("data page"), _TINT, (px(WIDTH), px(HEIGHT)))
    guilloche(sheet, order.dice("ground"), _INK, strength=0.2, pitch_mm=1.3)
    specimen_mark(sheet, 74, 36, 16, (222, 220, 230))
    bold = Style(size_pt=7.4, family=Family.SANS, bold=True)
    sheet.write(
        62,
        6,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / SOCIALIST REPUBLIC OF VIET NAM",
        bold.but(size_pt=6.6),
        align="centre",
    )
    sheet.write(6, 13.5, "HỘ CHIẾU / PASSPORT", bold.but(size_pt=8.6))
    portrait(sheet, 6, 17, 35, 45)
    cells = (
        (48, 12, "Loại", "Type", "P"),
        (66, 12, "Mã số", "Code", "VNM"),
        (90, 12, "Số hộ chiếu", "Passport No", fields["passport_number"]),
        (48, 20, "Họ và tên", "Full name", fields["full_name"]),
        (48, 28, "Quốc tịch", "Nationality", "VIỆT NAM / VIETNAMESE"),
        (48, 36, "Ngày sinh", "Date of birth", fields["date_of_birth"]),
        (86, 36, "Nơi sinh", "Place of birth", fields["place_of_birth"]),
        (48, 44, "Giới tính", "Sex", f"{person.sex.upper()} / {'F' if person.female else 'M'}"),
        (86, 44, "Số ĐDCN", "ID No", fields["personal_number"]),
        (48, 52, "Ngày cấp", "Date of issue", fields["issued_on"]),
        (86, 52, "Có giá trị đến", "Date of expiry", fields["expires_on"]),
        (48, 60, "Nơi cấp", "Place of issue", "Cục Quản lý xuất nhập cảnh"),
    )
    for x, y, text, english, value in cells:
        caption(sheet, x, y, text, english)
        sheet.write(x, y + 3.6, value, VALUE.but(bold=True))
    sign(sheet, order.dice("signature"), 8, 66, 24, nib=0.25)
    mrz(sheet, tuple(fields["mrz"].split("\n")), 77.6, x=6.5, step=5.4)
    note(sheet, 94, 67)
    return sheet


KIND = Kind(code="HO_CHIEU", draw=draw, impossible=frozenset({Flaw.FOREIGN, Flaw.NO_SEAL}))
