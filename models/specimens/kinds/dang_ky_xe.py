"""DANG_KY_XE: the registration certificate of a motorbike or car, two sides of a card."""

from datetime import date

from ..dice import Dice
from ..faces import Family, Style
from ..order import Draft, Kind, Order
from ..pen import sign
from ..persons import LATEST, any_date, any_name, any_person
from ..seal import SealDesign
from ..sheet import Sheet
from ..values import Flaw
from ..words import slashed
from .card import LABEL, VALUE, both, caption, face, flowing, note, qr
from .identity_card import RED

_TINT, _INK = (250, 246, 228), (210, 180, 90)
_BIKES = (
    ("HONDA", "WAVE ALPHA", "110"),
    ("YAMAHA", "SIRIUS", "110"),
    ("HONDA", "VISION", "110"),
    ("VINFAST", "EVO200", "-"),
)
_CARS = (("TOYOTA", "VIOS", "1496"), ("HYUNDAI", "ACCENT", "1368"), ("VINFAST", "VF5", "-"), ("KIA", "MORNING", "1248"))
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PLATES = {"001": "29", "031": "15", "079": "59", "048": "43", "092": "65", "046": "75", "040": "37", "038": "36"}


def draw(order: Order) -> Draft:
    """Draw both sides of the certificate on a scanner bed."""
    stream = order.dice("data")
    owner, car = any_person(stream, born=(1960, 2005)), stream.random() < 0.4
    brand, model, volume = stream.choice(_CARS if car else _BIKES)
    issued = any_date(stream, date(2025, 3, 1), LATEST)
    series = (
        _PLATES.get(owner.home.province.code, "60")
        + stream.choice("ABCDEFGHK")
        + ("" if car else str(stream.randint(1, 9)))
    )
    fields = {
        "number": f"{stream.randrange(10**5, 10**6):06d}",
        "owner_name": owner.name.upper(),
        "address": owner.address,
        "brand": brand,
        "model": model,
        "colour": stream.choice(("Đỏ", "Đen", "Trắng", "Xanh", "Bạc")),
        "displacement": volume,
        "engine_number": _code(stream, 12),
        "chassis_number": f"RL{_code(stream, 15)}",
        "plate": f"{series}-{stream.randint(1, 999):03d}.{stream.randint(0, 99):02d}",
        "first_registered_on": slashed(issued),
        "signer_name": any_name(stream, female=False),
    }
    fields["qr"] = f"{fields['plate']}|{fields['owner_name']}|{fields['chassis_number']}|{fields['engine_number']}"
    title = "CHỨNG NHẬN ĐĂNG KÝ XE Ô TÔ" if car else "CHỨNG NHẬN ĐĂNG KÝ XE MÔ TÔ, XE MÁY"
    fields["title"] = title
    return Draft(sheets=[both(order, _front(order, fields), _back(order, fields))], fields=fields)


def _code(stream: Dice, length: int) -> str:
    return "".join(stream.choice(_LETTERS + "0123456789") for _ in range(length - 6)) + f"{stream.randrange(10**6):06d}"


def _front(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "front", _TINT, _INK)
    bold = Style(size_pt=6.4, family=Family.SANS, bold=True)
    sheet.write(34, 4.8, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold, align="centre")
    sheet.write(34, 7.4, "Độc lập - Tự do - Hạnh phúc", bold.but(size_pt=6), align="centre")
    sheet.write(34, 13, fields["title"], bold.but(size_pt=7.8, ink=RED), align="centre")
    sheet.write(34, 16.4, "Vehicle Registration Certificate", bold.but(size_pt=5.6, italic=True), align="centre")
    sheet.write(34, 21, f"Số/No: {fields['number']}", bold.but(size_pt=7.4), align="centre")
    qr(sheet, fields["qr"], 67, 3.4, 15)
    width = caption(sheet, 5, 27, "Tên chủ xe", "Owner's full name:")
    sheet.write(5 + width, 27, fields["owner_name"], VALUE.but(bold=True))
    flowing(sheet, 5, 31.4, "Địa chỉ", "Address:", fields["address"])
    width = caption(sheet, 5, 40.2, "Biển số đăng ký", "Number plate:")
    sheet.write(5, 46.6, fields["plate"], VALUE.but(size_pt=12.5, bold=True))
    sheet.write(62, 38.6, "TRƯỞNG PHÒNG", bold.but(size_pt=6), align="centre")
    sign(sheet, order.dice("officer"), 55, 43.4, 14, nib=0.2)
    order.seal(sheet, SealDesign(upper="CẢNH SÁT GIAO THÔNG", lower="", diameter_mm=10.5), 54.5, 43.2)
    sheet.write(62, 51, fields["signer_name"], bold.but(size_pt=6.4), align="centre")
    note(sheet, 5, 51.6)
    return sheet


def _back(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = face(order, "back", _TINT, _INK)
    rows = (
        ("Nhãn hiệu", "Brand:", "brand"),
        ("Số loại", "Model code:", "model"),
        ("Màu sơn", "Color:", "colour"),
        ("Dung tích", "Capacity:", "displacement"),
        ("Số máy", "Engine No:", "engine_number"),
        ("Số khung", "Chassis No:", "chassis_number"),
        ("Đăng ký lần đầu ngày", "Date of first registration:", "first_registered_on"),
    )
    for number, (text, english, key) in enumerate(rows):
        y = 7 + number * 5.6
        width = caption(sheet, 6, y, text, english)
        sheet.write(6 + width, y, fields[key], VALUE.but(bold=True))
    sheet.write(79.6, 7, "BỘ CÔNG AN", LABEL.but(bold=True), align="right")
    note(sheet, 6, 50)
    return sheet


KIND = Kind(code="DANG_KY_XE", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
