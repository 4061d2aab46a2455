"""GPLX: the plastic driving licence; since 1 March 2025 issued by the police, with the new classes."""

from dataclasses import dataclass
from datetime import date

from ..dice import Dice
from ..faces import Family, Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_name, any_person
from ..seal import SealDesign
from ..sheet import Sheet
from ..values import Flaw
from ..words import slashed
from .card import LABEL, VALUE, both, caption, face, flowing, note, qr
from .identity_card import RED

TINT, INK = (250, 244, 222), (216, 168, 84)
POLICE_SINCE = date(2025, 3, 1)
_OLD = {
    "A1": "Xe mô tô hai bánh có dung tích xi lanh từ 50 đến dưới 175 cm3",
    "B2": "Ô tô chở người đến 9 chỗ ngồi; ô tô tải có trọng tải dưới 3.500 kg",
    "C": "Ô tô tải có trọng tải từ 3.500 kg trở lên và các xe hạng B2",
    "D": "Ô tô chở người từ 10 đến 30 chỗ ngồi và các xe hạng C",
}
_NEW = {
    "A1": "Xe mô tô hai bánh có dung tích xi lanh đến 125 cm3",
    "A": "Xe mô tô hai bánh có dung tích xi lanh trên 125 cm3 và các xe hạng A1",
    "B": "Ô tô chở người đến 8 chỗ; ô tô tải có khối lượng đến 3.500 kg",
    "C1": "Ô tô tải có khối lượng trên 3.500 kg đến 7.500 kg và các xe hạng B",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Licence:
    person: Person
    category: str
    vehicles: str
    issued: date
    by_police: bool
    signer: str


def draw(order: Order) -> Draft:
    """Draw both sides of the licence on a scanner bed."""
    licence = _any_licence(order.dice("data"))
    fields = _fields(order.dice("number"), licence)
    return Draft(sheets=[both(order, _front(order, licence, fields), _back(order, licence, fields))], fields=fields)


def _any_licence(stream: Dice) -> _Licence:
    person = any_person(stream, born=(1965, 2003))
    issued = any_date(stream, date(2021, 6, 1), LATEST)
    by_police = issued >= POLICE_SINCE
    category, vehicles = stream.choice(list((_NEW if by_police else _OLD).items()))
    signer = any_name(stream, female=False)
    return _Licence(
        person=person, category=category, vehicles=vehicles, issued=issued, by_police=by_police, signer=signer
    )


def _fields(stream: Dice, licence: _Licence) -> dict[str, str]:
    person, issued = licence.person, licence.issued
    endless = licence.category in ("A1", "A")
    number = f"{person.home.province.code[1:]}{int(person.female)}{issued.year % 100:02d}{stream.randrange(10**7):07d}"
    expires = "Không thời hạn" if endless else f"{issued.day:02d}/{issued.month:02d}/{issued.year + 10}"
    if (issued.month, issued.day) == (2, 29) and not endless:
        expires = f"28/02/{issued.year + 10}"
    return {
        "number": number,
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "nationality": "VIỆT NAM",
        "address": person.address if licence.by_police else person.former_home,
        "class": licence.category,
        "issued_on": slashed(issued),
        "expires_on": expires,
        "passed_on": slashed(issued),
        "authority": "BỘ CÔNG AN" if licence.by_police else "BỘ GTVT",
        "signer_name": licence.signer,
        "qr": f"{number}|{person.name}|{person.born:%d%m%Y}|{licence.category}|{issued:%d%m%Y}",
    }


def _front(order: Order, licence: _Licence, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", TINT, INK)
    bold = Style(size_pt=6.4, family=Family.SANS, bold=True)
    sheet.write(13.5, 4.8, fields["authority"], bold, align="centre")
    sheet.write(13.5, 7.4, "MPS" if licence.by_police else "MOT", bold, align="centre")
    sheet.write(55, 4.8, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold, align="centre")
    sheet.write(55, 7.4, "Độc lập - Tự do - Hạnh phúc", bold.but(size_pt=6), align="centre")
    sheet.write(55, 12.4, "GIẤY PHÉP LÁI XE / DRIVER'S LICENSE", bold.but(size_pt=8.2, ink=RED), align="centre")
    number = f"Số/No: {fields['number']}"
    sheet.write(55, 16.6, number, bold.but(size_pt=9, ink=RED), align="centre")
    portrait(sheet, 3.6, 11, 20, 26.6)
    _holder(sheet, fields)
    day = licence.issued
    dated = f"{licence.person.home.province.short}, ngày/date {day:%d} tháng/month {day:%m} năm/year {day.year}"
    sheet.write(57, 37.8, dated, LABEL.but(italic=True, size_pt=5.4), align="centre")
    sheet.write(60, 40.6, "CỤC TRƯỞNG" if licence.by_police else "GIÁM ĐỐC", bold.but(size_pt=6), align="centre")
    sheet.write(60, 51.8, licence.signer, bold.but(size_pt=6.6), align="centre")
    sign(sheet, order.dice("director"), 53, 45.6, 15, nib=0.2)
    order.seal(sheet, SealDesign(upper="MẪU - GIẤY PHÉP LÁI XE", lower="", diameter_mm=10.5), 52.5, 45.4)
    sheet.write(3.6, 44.0, f"Hạng/Class: **{licence.category}**", VALUE.but(size_pt=9, ink=RED))
    sheet.write(3.6, 48.0, "Có giá trị đến/Expires:", LABEL)
    sheet.write(3.6, 51.2, fields["expires_on"], VALUE.but(bold=True))
    return sheet


def _holder(sheet: Sheet, fields: dict[str, str]) -> None:
    at = 26.5
    rows = (
        ("Họ tên", "Full name:", "full_name"),
        ("Ngày sinh", "Date of Birth:", "date_of_birth"),
        ("Quốc tịch", "Nationality:", "nationality"),
    )
    for number, (text, english, key) in enumerate(rows):
        y = 20.6 + number * 3.8
        after = caption(sheet, at, y, text, english)
        sheet.write(at + after, y, fields[key], VALUE.but(bold=True))
    flowing(sheet, at, 31.6, "Nơi cư trú", "Address:", fields["address"])


def _back(order: Order, licence: _Licence, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "back", TINT, INK)
    bold = Style(size_pt=5.8, family=Family.SANS, bold=True)
    sheet.write(42.8, 4.6, "CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN", bold, align="centre")
    sheet.write(42.8, 7.1, "CLASSIFICATION OF MOTOR VEHICLES", bold.but(size_pt=5), align="centre")
    for x in (4, 13, 62, 81.6):
        sheet.rule(x, 9, x, 31, width=0.15)
    for y in (9, 14, 31):
        sheet.rule(4, y, 81.6, y, width=0.15)
    for x, text in ((8.5, "Hạng"), (37.5, "Loại xe cơ giới đường bộ"), (71.8, "Ngày trúng tuyển")):
        sheet.write(x, 12.3, text, bold.but(size_pt=5.4), align="centre")
    sheet.write(8.5, 18, licence.category, VALUE.but(bold=True), align="centre")
    sheet.write(71.8, 18, fields["passed_on"], VALUE.but(size_pt=6.4), align="centre")
    paragraph(sheet, 14, 17.6, 47, licence.vehicles, VALUE.but(size_pt=6), align="left", leading=1.3)
    qr(sheet, fields["qr"], 64.5, 33.5, 16)
    note(sheet, 5, 51.5)
    return sheet


KIND = Kind(code="GPLX", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
