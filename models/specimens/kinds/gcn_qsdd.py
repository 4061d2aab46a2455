"""GCN_QSDD: a land-use certificate of four pages: owner, plot with seal, plan, changes after issue."""

from datetime import date

from ..emblem import emblem
from ..faces import Colour, Style
from ..order import Draft, Kind, Order
from ..ornament import border, guilloche, specimen_mark, specimen_note
from ..persons import LATEST, any_date, any_name, any_person
from ..places import any_commune
from ..seal import SealDesign
from ..sheet import Sheet, px
from ..words import long_date, slashed
from .civil_form import entry
from .state_paper import BODY, LEFT, RIGHT, Signer, motto, prose, signature

PINK: Colour = (214, 88, 110)
_USES = ("Đất ở tại đô thị", "Đất ở tại nông thôn", "Đất trồng cây lâu năm")


def draw(order: Order) -> Draft:
    """Draw the four pages of a certificate."""
    stream = order.dice("data")
    commune = any_commune(stream)
    owner = any_person(stream, born=(1950, 1995), home=commune)
    day = any_date(stream, date(2015, 1, 5), LATEST)
    use = stream.choice(_USES)
    signer = Signer(titles=("GIÁM ĐỐC",), name=any_name(stream, female=False))
    new_form = day >= date(2025, 7, 1)
    digits = stream.randrange(10**7, 10**8) if new_form else stream.randrange(10**5, 10**6)
    fields = {
        "serial": f"{stream.choice('ABCD')}{stream.choice('ABDEGHKLMNPQ')} {digits}",
        "owner_title": "Bà" if owner.female else "Ông",
        "owner_name": owner.name.upper(),
        "owner_birth_year": str(owner.born.year),
        "owner_personal_number": owner.number,
        "owner_residence": owner.address if new_form else owner.former_home,
        "plot_number": str(stream.randint(1, 620)),
        "map_sheet_number": str(stream.randint(1, 88)),
        "plot_address": commune.full if new_form else owner.former_home.split(", ", 1)[1],
        "area": f"{stream.randint(42, 480)},{stream.randint(0, 9)} m²",
        "land_use": use,
        "term": "Lâu dài" if use.startswith("Đất ở") else "Đến ngày 15/10/2063",
        "origin": "Công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất",
        "issued_on": slashed(day),
        "register_number": f"CS{stream.randint(100, 99999):05d}",
        "signer_name": signer.name,
    }
    sheets = [_page(order, number, fields["serial"]) for number in range(4)]
    _first(sheets[0], fields)
    department = "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG" if new_form else "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"
    seal = SealDesign(upper=department, lower=commune.province.name.upper())
    _second(order, sheets[1], fields, f"{commune.province.short}, {long_date(day)}", signer, seal)
    _third(order, sheets[2], fields)
    _fourth(sheets[3])
    return Draft(sheets=sheets, fields=fields)


def _page(order: Order, number: int, serial: str) -> Sheet:
    sheet = order.blank(number)
    guilloche(sheet, order.dice(f"ground{number}"), PINK, strength=0.15, pitch_mm=2.0)
    border(sheet, 9, PINK, band=6)
    specimen_mark(sheet, 105, 155, 44)
    specimen_note(sheet, LEFT, 277, Style(size_pt=8))
    sheet.write(RIGHT, 277, serial, Style(size_pt=15, bold=True, ink=(190, 30, 40)), align="right")
    sheet.write(105, 277, f"Trang {number + 1}", Style(size_pt=9, italic=True), align="centre")
    return sheet


def _first(sheet: Sheet, fields: dict[str, str]) -> None:
    motto(sheet, 105, 34)
    sheet.press(emblem(px(26)), px(92), px(50), (196, 40, 36))
    red = Style(size_pt=22, bold=True, ink=(190, 30, 40))
    sheet.write(105, 96, "GIẤY CHỨNG NHẬN", red, align="centre")
    for number, line in enumerate(("QUYỀN SỬ DỤNG ĐẤT", "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT")):
        sheet.write(105, 106 + 8 * number, line, red.but(size_pt=15 - 2.5 * number), align="centre")
    head = "**I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất**"
    texts = (
        f"{fields['owner_title']}: **{fields['owner_name']}**",
        entry("Năm sinh", fields["owner_birth_year"]),
        entry("Số định danh cá nhân", fields["owner_personal_number"]),
        entry("Địa chỉ thường trú", fields["owner_residence"]),
    )
    prose(sheet, 136, [head, *texts], gap=3)


def _second(order: Order, sheet: Sheet, fields: dict[str, str], dated: str, signer: Signer, seal: SealDesign) -> None:
    rows = (
        ("a) Thửa đất số", "plot_number"),
        ("b) Tờ bản đồ số", "map_sheet_number"),
        ("c) Địa chỉ", "plot_address"),
        ("d) Diện tích", "area"),
        ("đ) Loại đất", "land_use"),
        ("e) Thời hạn sử dụng", "term"),
        ("g) Nguồn gốc sử dụng", "origin"),
    )
    head = "**II. Thửa đất, nhà ở và tài sản khác gắn liền với đất**"
    y = prose(sheet, 36, [head, "**1. Thửa đất:**", *(entry(label, fields[key]) for label, key in rows)], gap=2.4)
    y = prose(
        sheet, y, ["**2. Nhà ở:** -/-", "**3. Công trình xây dựng khác:** -/-", "**4. Ghi chú:** Không."], gap=2.4
    )
    sheet.write(146, y + 8, dated, BODY.but(italic=True), align="centre")
    sheet.write(146, y + 15, seal.upper, BODY.but(size_pt=12, bold=True), align="centre")
    signature(order, sheet, y + 21, signer, seal, x=146)
    sheet.write(LEFT, y + 56, entry("Số vào sổ cấp GCN", fields["register_number"]), BODY)


def _third(order: Order, sheet: Sheet, fields: dict[str, str]) -> None:
    sheet.write(LEFT, 36, "III. Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất", BODY.but(bold=True))
    stream, pen = order.dice("plan"), sheet.pen
    corners = [(62, 78), (142, 70), (150, 168), (70, 176)]
    spots = [(x + stream.uniform(-8, 8), y + stream.uniform(-8, 8)) for x, y in corners]
    pen.polygon([(px(x), px(y)) for x, y in spots], outline=(30, 30, 34), width=5)
    for number, (x, y) in enumerate(spots, 1):
        pen.ellipse((px(x) - 9, px(y) - 9, px(x) + 9, px(y) + 9), fill=(30, 30, 34))
        sheet.write(x + (4 if x > 105 else -7), y + (6 if y > 120 else -3), str(number), BODY.but(size_pt=12))
    sheet.write(106, 122, fields["plot_number"], BODY.but(size_pt=16, bold=True), align="centre")
    sheet.write(106, 130, f"({fields['area']})", BODY.but(size_pt=12), align="centre")
    sheet.write(105, 200, "Tỷ lệ 1/500", BODY.but(italic=True), align="centre")


def _fourth(sheet: Sheet) -> None:
    sheet.write(LEFT, 36, "IV. Những thay đổi sau khi cấp Giấy chứng nhận", BODY.but(bold=True))
    for x in (LEFT, 125, RIGHT - 4):
        sheet.rule(x, 42, x, 262)
    for y in (42, 58, 262):
        sheet.rule(LEFT, y, RIGHT - 4, y)
    small = BODY.but(size_pt=11.5, bold=True)
    sheet.write(77, 51.5, "Nội dung thay đổi và cơ sở pháp lý", small, align="centre")
    sheet.write(156, 49, "Xác nhận của cơ quan", small, align="centre")
    sheet.write(156, 54.5, "có thẩm quyền", small, align="centre")


KIND = Kind(code="GCN_QSDD", draw=draw, impossible=frozenset())
