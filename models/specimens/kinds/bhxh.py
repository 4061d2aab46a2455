"""BHXH: a social-insurance book: the cover's two sides and a loose leaf with the years paid (QĐ 595/QĐ-BHXH)."""

from datetime import date

from ..dice import Dice
from ..emblem import star
from ..faces import Colour, Style
from ..order import Draft, Kind, Order
from ..ornament import guilloche, specimen_mark, specimen_note
from ..persons import LATEST, any_date, any_name, any_person
from ..places import Province, any_province
from ..seal import SealDesign
from ..sheet import Sheet, blank, px
from ..values import Flaw
from ..words import long_date, slashed
from .bed import on_bed
from .civil_form import entry
from .state_paper import BODY, LEFT, RIGHT, Signer, motto, prose, signature, state_sheet

WIDTH, HEIGHT = 200.0, 270.0
_TINT, _INK, _BLUE = (240, 247, 250), (90, 160, 206), (20, 84, 150)
_COLUMNS = (LEFT, 52.0, 74.0, 156.0, RIGHT)
_HEADS = ("Từ tháng", "Đến tháng", "Diễn giải", "Mức đóng")
_JOBS = ("Công nhân", "Nhân viên kế toán", "Giáo viên", "Kỹ thuật viên", "Nhân viên văn phòng")


def draw(order: Order) -> Draft:
    """Draw front and back of the cover, each on a scanner's bed, and one leaf."""
    stream = order.dice("data")
    province, person = any_province(stream), any_person(stream, born=(1968, 2002))
    day = any_date(stream, date(2018, 1, 8), LATEST)
    signer = Signer(titles=("GIÁM ĐỐC",), name=any_name(stream, stream.random() < 0.3))
    periods = _periods(stream, day)
    months = sum(count for *_, count in periods)
    fields = {
        "insurance_code": f"{stream.randrange(10**9, 10**10 - 1):010d}",
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "nationality": "Việt Nam",
        "personal_number": person.number,
        "issued_on": slashed(day),
        "time_paid": f"{months // 12:02d} năm {months % 12:02d} tháng",
        "signer_name": signer.name,
    }
    inside = _inside(order, fields, province, day, signer)
    cover = on_bed(order, 0, _cover(order, fields), "cover", top=13, play=2)
    sheets = [cover, on_bed(order, 1, inside, "inside", top=13, play=2), _leaf(order, fields, province, periods)]
    return Draft(sheets=sheets, fields=fields)


def _sheet(order: Order, name: str) -> Sheet:
    sheet = blank(order.dice(name), _TINT, (px(WIDTH), px(HEIGHT)))
    guilloche(sheet, order.dice(f"ground {name}"), _INK, strength=0.17, pitch_mm=2.0)
    specimen_mark(sheet, 100, 130, 40, (226, 234, 238))
    specimen_note(sheet, 20, 258, Style(size_pt=8))
    return sheet


def _cover(order: Order, fields: dict[str, str]) -> Sheet:
    sheet = _sheet(order, "cover")
    blue = Style(size_pt=16, bold=True, ink=_BLUE)
    sheet.write(100, 36, "BẢO HIỂM XÃ HỘI VIỆT NAM", blue, align="centre")
    _emblem(sheet, 100, 82, 20, _BLUE)
    sheet.write(100, 138, "SỔ BẢO HIỂM XÃ HỘI", blue.but(size_pt=26, ink=(196, 30, 40)), align="centre")
    sheet.write(46, 178, entry("Họ và tên", fields["full_name"]), Style(size_pt=15))
    sheet.write(46, 191, entry("Mã số", fields["insurance_code"]), Style(size_pt=15))
    return sheet


def _emblem(sheet: Sheet, x: float, y: float, radius: float, ink: Colour) -> None:
    """Draw a disc with a star, standing for the insurance's emblem."""
    box = (px(x - radius), px(y - radius), px(x + radius), px(y + radius))
    sheet.pen.ellipse(box, outline=ink, width=px(1.2))
    sheet.pen.polygon(star(px(x), px(y), px(radius * 0.6)), fill=ink)


def _inside(order: Order, fields: dict[str, str], province: Province, day: date, signer: Signer) -> Sheet:
    sheet = _sheet(order, "inside")
    motto(sheet, 100, 30)
    sheet.write(100, 56, f"Mã số BHXH: **{fields['insurance_code']}**", BODY.but(size_pt=15), align="centre")
    rows = (
        entry("Họ và tên", fields["full_name"]),
        entry("Ngày, tháng, năm sinh", fields["date_of_birth"]),
        f"Giới tính: **{fields['sex']}**; quốc tịch: **{fields['nationality']}**",
        entry("Số định danh cá nhân", fields["personal_number"]),
    )
    y = prose(sheet, 72, list(rows), gap=3)
    sheet.write(138, y + 8, f"{province.short}, {long_date(day)}", BODY.but(italic=True), align="centre")
    seal = SealDesign(upper="BẢO HIỂM XÃ HỘI VIỆT NAM", lower="", centre=f"BHXH {province.name.upper()}")
    signature(order, sheet, y + 15, signer, seal, x=138)
    return sheet


def _periods(stream: Dice, until: date) -> list[tuple[str, str, str, int]]:
    """Return the rows of the leaf: from, to, what for, months."""
    rows, year = [], until.year - stream.randint(4, 7)
    while year < until.year:
        first, last = stream.randint(1, 5), stream.randint(7, 12)
        work = f"{stream.choice(_JOBS)}, Công ty TNHH {stream.choice(('An Khánh', 'Đại Việt', 'Sao Mai'))}"
        rows.append((f"{first:02d}/{year}", f"{last:02d}/{year}", work, last - first + 1))
        year += 1
    return rows


def _leaf(order: Order, fields: dict[str, str], province: Province, periods: list[tuple[str, str, str, int]]) -> Sheet:
    sheet, stream, style = state_sheet(order, 2), order.dice("amounts"), Style(size_pt=11.5)
    sheet.write(105, 26, "QUÁ TRÌNH ĐÓNG BẢO HIỂM XÃ HỘI", Style(size_pt=16, bold=True), align="centre")
    sheet.write(LEFT, 38, f"Họ và tên: **{fields['full_name']}**", BODY)
    sheet.write(LEFT, 45, f"Mã số BHXH: **{fields['insurance_code']}**", BODY)
    top, step = 51.0, 9.0
    bottom = top + step * (len(periods) + 1)
    for x in _COLUMNS:
        sheet.rule(x, top, x, bottom)
    for number in range(len(periods) + 2):
        sheet.rule(LEFT, top + step * number, RIGHT, top + step * number)
    amounts = ((*row[:3], f"{stream.randint(4, 12)}.{stream.randint(100, 999)}.000") for row in periods)
    for number, cells in enumerate([_HEADS, *amounts]):
        for column, cell in enumerate(cells):
            middle = (_COLUMNS[column] + _COLUMNS[column + 1]) / 2
            sheet.write(middle, top + step * number + 6.1, cell, style.but(bold=number == 0), align="centre")
    prose(sheet, bottom + 12, [f"Tổng thời gian đóng BHXH: **{fields['time_paid']}**"])
    sheet.write(LEFT, 272, f"Cơ quan bảo hiểm xã hội {province.name}", style.but(italic=True))
    return sheet


KIND = Kind(code="BHXH", draw=draw, impossible=frozenset({Flaw.FOREIGN}))
