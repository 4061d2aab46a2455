"""BANG_DIEM: a university's transcript of marks: the student and a table of courses on two pages."""

from dataclasses import dataclass
from datetime import date

from ..dice import Dice
from ..faces import Style
from ..order import Draft, Kind, Order
from ..persons import any_date, any_name, any_person
from ..places import any_province
from ..seal import SealDesign
from ..sheet import Sheet
from ..words import long_date, slashed
from .state_paper import LEFT, RIGHT, Signer, agency_head, motto, prose, signature, state_sheet

_SCHOOLS = ("Bách khoa", "Kinh tế", "Sư phạm", "Nông Lâm", "Công nghệ")
_MAJORS = ("Công nghệ thông tin", "Quản trị kinh doanh", "Kế toán", "Kỹ thuật xây dựng", "Ngôn ngữ Anh")
_COURSES = (
    "Triết học Mác - Lênin",
    "Kinh tế chính trị Mác - Lênin",
    "Chủ nghĩa xã hội khoa học",
    "Lịch sử Đảng Cộng sản Việt Nam",
    "Tư tưởng Hồ Chí Minh",
    "Pháp luật đại cương",
    "Giải tích 1",
    "Giải tích 2",
    "Đại số tuyến tính",
    "Xác suất thống kê",
    "Vật lý đại cương",
    "Tin học cơ sở",
    "Tiếng Anh 1",
    "Tiếng Anh 2",
    "Tiếng Anh 3",
    "Kỹ năng mềm",
    "Giáo dục thể chất",
    "Giáo dục quốc phòng và an ninh",
    "Phương pháp nghiên cứu khoa học",
    "Nguyên lý kế toán",
    "Kinh tế vi mô",
    "Kinh tế vĩ mô",
    "Quản trị học",
    "Marketing căn bản",
    "Cơ sở dữ liệu",
    "Cấu trúc dữ liệu và giải thuật",
    "Mạng máy tính",
    "Hệ điều hành",
    "Thực tập nghề nghiệp",
    "Thực tập tốt nghiệp",
    "Khóa luận tốt nghiệp",
)
_COLUMNS = (LEFT, 40.0, 61.0, 129.0, 144.0, 168.0, RIGHT)
_HEADS = ("STT", "Mã HP", "Tên học phần", "Số TC", "Điểm hệ 10", "Điểm chữ")
_LETTERS = ((8.5, "A"), (8.0, "B+"), (7.0, "B"), (6.5, "C+"), (5.5, "C"), (5.0, "D+"), (0.0, "D"))
_GRADES = ((3.6, "Xuất sắc"), (3.2, "Giỏi"), (2.5, "Khá"), (0.0, "Trung bình"))
_CELL = Style(size_pt=11)
_ON_FIRST_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """One row of the table."""

    cells: tuple[str, str, str, str, str, str]
    credits: int
    points: float


def draw(order: Order) -> Draft:
    """Draw the two pages of a transcript."""
    stream = order.dice("data")
    province, student = any_province(stream), any_person(stream, born=(1990, 2003))
    school = f"TRƯỜNG ĐẠI HỌC {stream.choice(_SCHOOLS)} {province.short}".upper()
    begun = student.born.year + 18
    day = any_date(stream, date(begun + 4, 6, 10), date(begun + 4, 10, 20))
    courses, signer = _courses(stream), Signer(titles=("TRƯỞNG PHÒNG ĐÀO TẠO",), name=any_name(stream, False))
    credits = sum(course.credits for course in courses)
    mean = sum(course.credits * course.points for course in courses) / credits
    fields = {
        "number": f"{stream.randint(100, 4000)}/BĐ-ĐT",
        "issuer": school,
        "full_name": student.name.upper(),
        "student_number": _student_number(stream, begun),
        "date_of_birth": slashed(student.born),
        "place_of_birth": student.birthplace.province.short,
        "major": stream.choice(_MAJORS),
        "form_of_study": stream.choice(("Chính quy", "Vừa làm vừa học")),
        "credits": str(credits),
        "mean": f"{mean:.2f}".replace(".", ","),
        "grade": next(name for least, name in _GRADES if mean >= least),
        "issued_on": slashed(day),
        "signer_name": signer.name,
    }
    first, second = state_sheet(order), state_sheet(order, 1)
    _table(first, _head(first, fields, begun), courses[:_ON_FIRST_PAGE])
    sheet_number = Style(size_pt=10, italic=True)
    first.write(105, 284, "Trang 1/2", sheet_number, align="centre")
    second.write(105, 284, "Trang 2/2", sheet_number, align="centre")
    y = _table(second, 22.0, courses[_ON_FIRST_PAGE:])
    y = prose(second, y + 9, _totals(fields), Style(size_pt=13), gap=0.8)
    dated = f"{province.short}, {long_date(day)}"
    second.write(150, y + 6, dated, Style(size_pt=13, italic=True), align="centre")
    second.write(150, y + 12.5, "TL. HIỆU TRƯỞNG", Style(size_pt=14, bold=True), align="centre")
    seal = SealDesign(upper="BỘ GIÁO DỤC VÀ ĐÀO TẠO", lower="", centre=school, diameter_mm=34)
    signature(order, second, y + 18.5, signer, seal)
    return Draft(sheets=[first, second], fields=fields)


def _student_number(stream: Dice, begun: int) -> str:
    faculty = stream.choice(("DCCN", "DCKT", "DCQT"))
    return f"{stream.choice('BK')}{begun % 100:02d}{faculty}{stream.randint(1, 999):03d}"


def _courses(stream: Dice) -> list[_Course]:
    courses = []
    for number, name in enumerate(_COURSES, 1):
        mark, credits = stream.randint(52, 98) / 10, stream.choice((2, 3, 3, 4))
        letter = next(letter for least, letter in _LETTERS if mark >= least)
        code = f"{stream.choice(('BAS', 'INT', 'ECO', 'SKD'))}{stream.randint(1100, 1499)}"
        cells = (str(number), code, name, str(credits), f"{mark:.1f}".replace(".", ","), letter)
        points = {"A": 4.0, "B": 3.0, "C": 2.0, "D": 1.0}[letter[0]] + (0.5 if letter.endswith("+") else 0.0)
        courses.append(_Course(cells=cells, credits=credits, points=points))
    return courses


def _head(sheet: Sheet, fields: dict[str, str], begun: int) -> float:
    """Write head, title and student; return where the table begins."""
    name = fields["issuer"].removeprefix("TRƯỜNG ĐẠI HỌC ")
    agency_head(sheet, ("TRƯỜNG ĐẠI HỌC", name), 25, superior="BỘ GIÁO DỤC VÀ ĐÀO TẠO")
    motto(sheet, 146, 25)
    sheet.write(62, 45, f"Số: {fields['number']}", Style(size_pt=13), align="centre")
    sheet.write(105, 56, "BẢNG ĐIỂM TOÀN KHÓA", Style(size_pt=17, bold=True), align="centre")
    sheet.write(105, 62, "ACADEMIC TRANSCRIPT", Style(size_pt=11, italic=True), align="centre")
    rows = (
        (("Họ và tên", fields["full_name"]), ("Mã sinh viên", fields["student_number"])),
        (("Ngày sinh", fields["date_of_birth"]), ("Nơi sinh", fields["place_of_birth"])),
        (("Ngành", fields["major"]), ("Khóa học", f"{begun} - {begun + 4}")),
        (("Hình thức đào tạo", fields["form_of_study"]), ("Trình độ đào tạo", "Đại học")),
    )
    for number, row in enumerate(rows):
        for x, (label, value) in zip((LEFT, 118.0), row, strict=True):
            sheet.write(x, 72 + 6.6 * number, f"{label}: **{value}**", Style(size_pt=12.5))
    return 99.0


def _table(sheet: Sheet, top: float, courses: list[_Course]) -> float:
    """Draw the ruled table of courses from `top`; return its lower edge."""
    step = 7.6
    bottom = top + step * (len(courses) + 1)
    for x in _COLUMNS:
        sheet.rule(x, top, x, bottom)
    for number in range(len(courses) + 2):
        sheet.rule(LEFT, top + step * number, RIGHT, top + step * number)
    for number, cells in enumerate([_HEADS, *(course.cells for course in courses)]):
        for column, cell in enumerate(cells):
            named = column == 2 and number > 0
            middle = (_COLUMNS[column] + _COLUMNS[column + 1]) / 2
            x, align = (_COLUMNS[2] + 2, "left") if named else (middle, "centre")
            sheet.write(x, top + step * number + 5.2, cell, _CELL.but(bold=number == 0), align=align)
    return bottom


def _totals(fields: dict[str, str]) -> list[str]:
    return [
        f"Tổng số tín chỉ tích lũy: **{fields['credits']}**",
        f"Điểm trung bình chung tích lũy (hệ 4): **{fields['mean']}**",
        f"Xếp loại tốt nghiệp: **{fields['grade']}**",
    ]


KIND = Kind(code="BANG_DIEM", draw=draw, impossible=frozenset())
