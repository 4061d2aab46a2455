"""BANG_TOT_NGHIEP: a degree in Vietnamese and English, or an upper-secondary diploma."""

from dataclasses import dataclass
from datetime import date

from ..emblem import emblem
from ..faces import Colour, Style
from ..mrz import ascii_capitals
from ..order import Draft, Kind, Order
from ..ornament import border, guilloche, rosette, specimen_mark, specimen_note
from ..persons import Person, any_date, any_name, any_person
from ..places import Province, any_province, capitalised
from ..seal import SealDesign
from ..sheet import Sheet, px
from ..values import Flaw
from ..words import long_date, slashed
from .state_paper import BODY, Signer, motto, signature

RED: Colour = (182, 22, 34)
_VALUE = Style(size_pt=15, bold=True)
_ENGLISH = Style(size_pt=10.5, italic=True, ink=(70, 70, 76))
_DEGREES = (
    ("BẰNG CỬ NHÂN", "THE DEGREE OF BACHELOR"),
    ("BẰNG KỸ SƯ", "THE DEGREE OF ENGINEER"),
    ("BẰNG THẠC SĨ", "THE DEGREE OF MASTER"),
)
_MAJORS = (
    ("Công nghệ thông tin", "Information Technology"),
    ("Quản trị kinh doanh", "Business Administration"),
    ("Kế toán", "Accounting"),
    ("Luật", "Law"),
    ("Kỹ thuật xây dựng", "Civil Engineering"),
    ("Ngôn ngữ Anh", "English Language"),
)
_GRADES = (("Xuất sắc", "Excellent"), ("Giỏi", "Very good"), ("Khá", "Good"), ("Trung bình", "Average"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diploma:
    """What differs between the two kinds of diploma; English parts are empty on a school diploma."""

    issuer: str
    issuer_english: str
    title: str
    title_english: str
    head: str
    seal: SealDesign
    rows: tuple[tuple[str, str, str], ...]


def draw(order: Order) -> Draft:
    """Draw a one-page diploma in an ornamental frame."""
    stream = order.dice("data")
    province, graduate = any_province(stream), any_person(stream, born=(1985, 1999))
    school = stream.random() < 0.4
    age = 18 if school else stream.randint(22, 26)
    issued = any_date(stream, date(graduate.born.year + age, 6, 5), date(graduate.born.year + age, 12, 20))
    fields = _fields(order, graduate, issued)
    if school:
        fields |= {"sex": graduate.sex, "ethnicity": graduate.ethnicity}
    diploma = _school(order, province, fields) if school else _university(order, province, fields)
    signer = Signer(titles=(diploma.head,), name=any_name(stream, stream.random() < 0.3))
    fields |= {"title": diploma.title, "issuer": diploma.issuer, "signer_name": signer.name}
    sheet = _frame(order)
    y = _head(sheet, diploma)
    for label, english, key in diploma.rows:
        y = _row(sheet, y, label, english, fields[key], school)
    sheet.write(140, y + 3, f"{province.short}, {long_date(issued)}", BODY.but(italic=True), align="centre")
    signature(order, sheet, y + 11, signer, diploma.seal, x=142)
    sheet.write(34, y + 36, f"Số hiệu: **{fields['serial']}**", Style(size_pt=12, ink=RED))
    sheet.write(34, y + 43, f"Số vào sổ gốc cấp bằng: **{fields['register_number']}**", Style(size_pt=12))
    return Draft(sheets=[sheet], fields=fields)


def _fields(order: Order, graduate: Person, issued: date) -> dict[str, str]:
    stream = order.dice("degree")
    return {
        "full_name": graduate.name,
        "date_of_birth": slashed(graduate.born),
        "place_of_birth": graduate.birthplace.province.short,
        "grade": stream.choice(_GRADES)[0],
        "year": str(issued.year),
        "issued_on": slashed(issued),
        "serial": f"{stream.choice('ABCQK')} {stream.randint(100000, 9999999):07d}",
        "register_number": f"{stream.randint(1, 4000):04d}/{stream.choice(('QĐ-ĐT', 'ĐHCQ', 'VB'))}{issued.year}",
    }


def _university(order: Order, province: Province, fields: dict[str, str]) -> _Diploma:
    stream = order.dice("university")
    field = stream.choice(("Bách khoa", "Kinh tế", "Sư phạm", "Nông nghiệp"))
    name = f"Trường Đại học {field} {province.short}"
    degree, major = stream.choice(_DEGREES), stream.choice(_MAJORS)
    fields["major"] = major[0]
    place = ascii_capitals(province.short).title()
    english = {"Bách khoa": "Technology", "Kinh tế": "Economics", "Sư phạm": "Education", "Nông nghiệp": "Agriculture"}
    return _Diploma(
        issuer=name,
        issuer_english=f"{place} University of {english[field]}",
        title=degree[0],
        title_english=f"{degree[1]} in {major[1]}",
        head="HIỆU TRƯỞNG",
        seal=SealDesign(upper="BỘ GIÁO DỤC VÀ ĐÀO TẠO", lower="", centre=name.upper(), diameter_mm=34),
        rows=(
            ("Ngành", "Major", "major"),
            ("Cho", "Upon", "full_name"),
            ("Ngày sinh", "Date of birth", "date_of_birth"),
            ("Nơi sinh", "Place of birth", "place_of_birth"),
            ("Năm tốt nghiệp", "Year of graduation", "year"),
            ("Hạng tốt nghiệp", "Degree classification", "grade"),
        ),
    )


def _school(order: Order, province: Province, fields: dict[str, str]) -> _Diploma:
    fields["school"] = order.dice("school").choice(
        ("THPT Chu Văn An", "THPT Lê Quý Đôn", "THPT Nguyễn Trãi", "THPT Phan Đình Phùng")
    )
    department = f"Sở Giáo dục và Đào tạo {province.name}"
    return _Diploma(
        issuer=department,
        issuer_english="",
        title="BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG",
        title_english="",
        head="GIÁM ĐỐC",
        seal=SealDesign(upper="SỞ GIÁO DỤC VÀ ĐÀO TẠO", lower=province.name.upper()),
        rows=(
            ("Cho", "", "full_name"),
            ("Ngày sinh", "", "date_of_birth"),
            ("Nơi sinh", "", "place_of_birth"),
            ("Giới tính", "", "sex"),
            ("Dân tộc", "", "ethnicity"),
            ("Học sinh trường", "", "school"),
            ("Năm tốt nghiệp", "", "year"),
            ("Xếp loại tốt nghiệp", "", "grade"),
        ),
    )


def _frame(order: Order) -> Sheet:
    sheet = order.blank()
    guilloche(sheet, order.dice("ground"), (204, 168, 84), strength=0.16, pitch_mm=2.2)
    rosette(sheet, 105, 150, 60, (204, 150, 70), strength=0.2)
    border(sheet, 10, (176, 130, 48), band=9)
    specimen_mark(sheet, 105, 160, 44)
    specimen_note(sheet, 105, 274, Style(size_pt=8), align="centre")
    return sheet


def _head(sheet: Sheet, diploma: _Diploma) -> float:
    motto(sheet, 105, 32)
    sheet.press(emblem(px(20)), px(95), px(44), RED)
    name = capitalised(diploma.issuer).upper()
    sheet.write(
        105,
        74,
        f"{diploma.head} {name}" if diploma.issuer_english else name,
        Style(size_pt=13, bold=True),
        align="centre",
    )
    y = 74.0
    if diploma.issuer_english:
        sheet.write(105, 79.5, f"The Rector of {diploma.issuer_english}", _ENGLISH, align="centre")
        sheet.write(105, 87, "cấp", BODY.but(italic=True), align="centre")
        y = 88.0
    size = 30 if diploma.issuer_english else 19
    sheet.write(105, y + 14, diploma.title, Style(size_pt=size, bold=True, ink=RED), align="centre")
    if diploma.title_english:
        sheet.write(105, y + 21, diploma.title_english, _ENGLISH.but(size_pt=12.5), align="centre")
    return y + 34


def _row(sheet: Sheet, y: float, label: str, english: str, value: str, school: bool) -> float:
    sheet.write(40, y, f"{label}:", BODY)
    sheet.write(90, y, value, _VALUE)
    if not school:
        sheet.write(40, y + 4.8, english, _ENGLISH)
    return y + (10.5 if school else 12.5)


KIND = Kind(code="BANG_TOT_NGHIEP", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
