"""CHUNG_CHI: a certificate of informatics, a language or a course: a framed sheet of A5 across."""

from datetime import date

from ..emblem import emblem
from ..faces import Colour, Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..ornament import border, guilloche, portrait, specimen_mark, specimen_note
from ..persons import LATEST, any_date, any_name, any_person
from ..places import any_province
from ..seal import SealDesign
from ..sheet import Sheet, blank, px
from ..values import Flaw
from ..words import long_date, slashed
from .bed import on_bed
from .state_paper import Signer, signature

WIDTH, HEIGHT = 206.0, 148.0
RED: Colour = (190, 24, 36)
_TITLES = (
    "ỨNG DỤNG CÔNG NGHỆ THÔNG TIN CƠ BẢN",
    "NGOẠI NGỮ TRÌNH ĐỘ B1",
    "BỒI DƯỠNG NGHIỆP VỤ SƯ PHẠM",
    "BỒI DƯỠNG KẾ TOÁN TRƯỞNG",
)
_CENTRES = ("Trung tâm Ngoại ngữ - Tin học", "Trung tâm Giáo dục thường xuyên", "Trường Cao đẳng Nghề")
_GRADES = ("Xuất sắc", "Giỏi", "Khá", "Trung bình", "Đạt")
_TEXT = Style(size_pt=12.5)


def draw(order: Order) -> Draft:
    """Draw a one-page certificate on a scanner's bed."""
    stream = order.dice("data")
    province, holder = any_province(stream), any_person(stream, born=(1980, 2005))
    day = any_date(stream, date(2016, 7, 1), LATEST)
    signer = Signer(titles=("GIÁM ĐỐC",), name=any_name(stream, stream.random() < 0.4))
    issuer = f"{stream.choice(_CENTRES)} {province.short}"
    fields = {
        "title": f"CHỨNG CHỈ {stream.choice(_TITLES)}",
        "issuer": issuer.upper(),
        "full_name": holder.name.upper(),
        "date_of_birth": slashed(holder.born),
        "place_of_birth": holder.birthplace.province.short,
        "grade": stream.choice(_GRADES),
        "serial": f"{stream.choice('ABCD')} {stream.randrange(10**6):06d}",
        "register_number": f"{stream.randint(1, 999):03d}/{day.year}",
        "issued_on": slashed(day),
        "signer_name": signer.name,
    }
    sheet = _frame(order)
    _text(order, sheet, fields)
    sheet.write(152, 91, f"{province.short}, {long_date(day)}", _TEXT.but(italic=True), align="centre")
    seal = SealDesign(upper=f"SỞ GIÁO DỤC VÀ ĐÀO TẠO {province.short.upper()}", lower="", centre=fields["issuer"])
    signature(order, sheet, 97, signer, seal, x=152)
    return Draft(sheets=[on_bed(order, 0, sheet, "front", top=24, play=1.5)], fields=fields)


def _frame(order: Order) -> Sheet:
    sheet = blank(order.dice("certificate"), (253, 250, 240), (px(WIDTH), px(HEIGHT)))
    guilloche(sheet, order.dice("ground"), (206, 170, 90), strength=0.17, pitch_mm=1.9)
    border(sheet, 5, (178, 128, 46), band=5)
    specimen_mark(sheet, 103, 74, 30, (238, 234, 224))
    return sheet


def _text(order: Order, sheet: Sheet, fields: dict[str, str]) -> None:
    middle = WIDTH / 2
    sheet.write(middle, 18, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(size_pt=12, bold=True), align="centre")
    sheet.write(middle, 23.5, "Độc lập - Tự do - Hạnh phúc", Style(size_pt=12.5, bold=True), align="centre")
    sheet.press(emblem(px(15)), px(18), px(14), RED)
    sheet.write(middle, 32, f"GIÁM ĐỐC {fields['issuer']}", Style(size_pt=12, bold=True), align="centre")
    sheet.write(middle, 38, "cấp", _TEXT.but(italic=True), align="centre")
    sheet.write(middle, 50, "CHỨNG CHỈ", Style(size_pt=28, bold=True, ink=RED), align="centre")
    name = fields["title"].removeprefix("CHỨNG CHỈ ")
    sheet.write(middle, 58.5, name, Style(size_pt=14.5, bold=True, ink=RED), align="centre")
    portrait(sheet, 18, 64, 24, 32)
    bold = Style(size_pt=15, bold=True)
    sheet.write(64, 69, "Cấp cho:", _TEXT)
    sheet.write(86, 69, fields["full_name"], bold)
    sheet.write(64, 77, f"Ngày sinh: **{fields['date_of_birth']}**", _TEXT)
    sheet.write(124, 77, f"Nơi sinh: **{fields['place_of_birth']}**", _TEXT)
    sheet.write(64, 85, f"Xếp loại: **{fields['grade']}**", _TEXT)
    small = Style(size_pt=12)
    sheet.write(18, 117, f"Số hiệu: **{fields['serial']}**", small.but(ink=RED))
    paragraph(sheet, 18, 124, 84, f"Số vào sổ gốc cấp chứng chỉ: **{fields['register_number']}**", small, align="left")
    specimen_note(sheet, 18, 134.5, Style(size_pt=7))


KIND = Kind(code="CHUNG_CHI", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
