"""HOC_BA: an upper-secondary school record: a title page and one page of marks for each of three years."""

from datetime import date, timedelta

from ..dice import Dice
from ..faces import Style
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..persons import Person, any_date, any_name, any_person
from ..places import Province, any_commune
from ..seal import SealDesign
from ..sheet import Sheet
from ..words import long_date, slashed
from .civil_form import entry
from .state_paper import BODY, LEFT, RIGHT, Signer, motto, prose, signature, state_sheet

_SUBJECTS = (
    "Toán",
    "Ngữ văn",
    "Tiếng Anh",
    "Vật lí",
    "Hóa học",
    "Sinh học",
    "Lịch sử",
    "Địa lí",
    "Tin học",
    "Công nghệ",
    "Giáo dục công dân",
    "Giáo dục quốc phòng và an ninh",
)
_SCHOOLS = ("THPT Chu Văn An", "THPT Lê Quý Đôn", "THPT Nguyễn Trãi", "THPT Phan Đình Phùng")
_COLUMNS = (LEFT, 40.0, 104.0, 132.0, 160.0, RIGHT)


def draw(order: Order) -> Draft:
    """Draw the four pages of a school record."""
    stream = order.dice("data")
    commune = any_commune(stream)
    pupil = any_person(stream, born=(2003, 2007), home=commune)
    school, first_year = stream.choice(_SCHOOLS), pupil.born.year + 15
    principal = Signer(titles=("HIỆU TRƯỞNG",), name=any_name(stream, stream.random() < 0.5))
    fields = {
        "full_name": pupil.name.upper(),
        "sex": pupil.sex,
        "date_of_birth": slashed(pupil.born),
        "place_of_birth": pupil.birthplace.full,
        "ethnicity": pupil.ethnicity,
        "residence": pupil.former_home,
        "school": school,
        "number": f"{stream.randint(1, 999):03d}/THPT",
        "signer_name": principal.name,
    }
    cover = _cover(order, fields, pupil, commune.province, first_year, principal)
    years = [_year(order, fields, principal, commune.province, first_year, number) for number in range(3)]
    return Draft(sheets=[cover, *years], fields=fields)


def _cover(
    order: Order, fields: dict[str, str], pupil: Person, province: Province, year: int, principal: Signer
) -> Sheet:
    sheet = state_sheet(order)
    motto(sheet, 110, 28)
    sheet.write(110, 62, "HỌC BẠ", Style(size_pt=30, bold=True), align="centre")
    sheet.write(110, 73, "TRUNG HỌC PHỔ THÔNG", Style(size_pt=18, bold=True), align="centre")
    sheet.write(110, 83, f"Số: {fields['number']}", BODY, align="centre")
    portrait(sheet, LEFT, 92, 30, 40)
    rows = (
        entry("Họ và tên", fields["full_name"]),
        f"Giới tính: **{pupil.sex}**; dân tộc: **{pupil.ethnicity}**",
        entry("Ngày, tháng, năm sinh", fields["date_of_birth"]),
        entry("Nơi sinh", fields["place_of_birth"]),
        entry("Chỗ ở hiện tại", fields["residence"]),
        entry("Trường", f"{fields['school']}, {province.name}"),
    )
    y = prose(sheet, 146, list(rows), gap=2)
    day = any_date(order.dice("cover day"), date(year, 9, 5), date(year, 9, 5) + timedelta(days=30))
    sheet.write(150, y + 6, f"{province.short}, {long_date(day)}", BODY.but(italic=True), align="centre")
    signature(order, sheet, y + 13, principal, _seal(province, fields["school"]))
    return sheet


def _year(
    order: Order, fields: dict[str, str], principal: Signer, province: Province, first_year: int, number: int
) -> Sheet:
    """Draw one year's page and add its mean and ratings to the fields."""
    sheet, stream, grade = state_sheet(order, number + 1), order.dice(f"marks{number}"), 10 + number
    sheet.write(105, 14, f"Trang {number + 2}", Style(size_pt=10, italic=True), align="centre")
    sheet.write(LEFT, 26, f"Họ và tên: **{fields['full_name']}**", BODY)
    span = f"Năm học: {first_year + number} - {first_year + number + 1}"
    sheet.write(LEFT, 33, f"Lớp: **{grade}A{stream.randint(1, 9)}**", BODY)
    sheet.write(110, 33, span, BODY)
    mean = _table(sheet, stream)
    fields[f"mean_{grade}"] = mean
    fields[f"rating_{grade}"] = _rating(float(mean.replace(",", ".")))
    text = [
        f"Điểm trung bình các môn: **{mean}**",
        f"Xếp loại học lực: **{fields[f'rating_{grade}']}**; hạnh kiểm: **Tốt**",
    ]
    y = prose(sheet, 166, [*text, "Được lên lớp." if grade < 12 else "Đủ điều kiện dự thi tốt nghiệp."], gap=1.5)
    day = any_date(
        order.dice(f"day{number}"), date(first_year + number + 1, 5, 24), date(first_year + number + 1, 6, 5)
    )
    sheet.write(150, y + 5, f"{province.short}, {long_date(day)}", BODY.but(italic=True), align="centre")
    signature(order, sheet, y + 12, principal, _seal(province, fields["school"]))
    return sheet


def _table(sheet: Sheet, stream: Dice) -> str:
    """Draw the table of marks; return the year's mean as printed."""
    top, step, style = 40.0, 8.6, Style(size_pt=12.5)
    bottom = top + step * (len(_SUBJECTS) + 1)
    for x in _COLUMNS:
        sheet.rule(x, top, x, bottom)
    for number in range(len(_SUBJECTS) + 2):
        sheet.rule(LEFT, top + step * number, RIGHT, top + step * number)
    means = []
    for number, row in enumerate([("TT", "Môn học", "Học kỳ I", "Học kỳ II", "Cả năm"), *_marks(stream)]):
        y = top + step * number + 5.9
        for column, cell in enumerate(row):
            middle = (_COLUMNS[column] + _COLUMNS[column + 1]) / 2
            left = column == 1 and number > 0
            sheet.write(
                _COLUMNS[1] + 2 if left else middle,
                y,
                cell,
                style.but(bold=number == 0),
                align="left" if left else "centre",
            )
        means += [float(row[4].replace(",", "."))] if number else []
    return _comma(sum(means) / len(means))


def _marks(stream: Dice) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for number, subject in enumerate(_SUBJECTS, 1):
        first, second = (stream.randint(55, 98) / 10 for _ in range(2))
        rows.append((str(number), subject, _comma(first), _comma(second), _comma((first + 2 * second) / 3)))
    return rows


def _rating(mean: float) -> str:
    return "Giỏi" if mean >= 8 else "Khá" if mean >= 6.5 else "Trung bình"


def _comma(mark: float) -> str:
    return f"{mark:.1f}".replace(".", ",")


def _seal(province: Province, school: str) -> SealDesign:
    legend = f"SỞ GIÁO DỤC VÀ ĐÀO TẠO {province.short.upper()}"
    return SealDesign(upper=legend, lower="", centre=f"TRƯỜNG {school.upper()}", diameter_mm=32)


KIND = Kind(code="HOC_BA", draw=draw, impossible=frozenset())
