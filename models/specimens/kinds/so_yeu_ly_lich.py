"""SO_YEU_LY_LICH: a curriculum vitae in the form that employers ask for, confirmed by the commune."""

from datetime import date

from ..faces import Style
from ..order import Draft, Kind, Order
from ..ornament import portrait
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_person
from ..places import any_commune
from ..sheet import Sheet
from ..values import Flaw
from ..words import long_date, slashed
from .self_made import confirmation, self_made_sheet
from .state_paper import BODY, LEFT, prose

_FORM = BODY.but(size_pt=13)


def draw(order: Order) -> Draft:
    """Draw a one-page curriculum vitae."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    person = any_person(stream, born=(1980, 2005), home=commune)
    father = any_person(stream, female=False, born=(1950, 1960))
    mother = any_person(stream, female=True, born=(1952, 1962))
    fields = _fields(person, father, mother) | {"issued_on": slashed(day)}
    fields |= {"education": stream.choice(("12/12", "Đại học", "Cao đẳng")), "job": stream.choice(_JOBS)}
    sheet = self_made_sheet(order, "SƠ YẾU LÝ LỊCH")
    sheet.write(110, 53, "(Tự thuật)", BODY.but(italic=True), align="centre")
    portrait(sheet, LEFT, 20, 26, 35)
    y = prose(sheet, 68, _texts(fields), _FORM, gap=0.9)
    _signed(order, sheet, y + 2, person, f"{commune.short}, {long_date(day)}")
    confirmation(order, sheet, y + 42, commune)
    return Draft(sheets=[sheet], fields=fields)


_JOBS = ("Kế toán viên", "Giáo viên", "Công nhân", "Kỹ sư phần mềm", "Nhân viên bán hàng")


def _fields(person: Person, father: Person, mother: Person) -> dict[str, str]:
    return {
        "full_name": person.name.upper(),
        "sex": person.sex,
        "date_of_birth": slashed(person.born),
        "place_of_birth": person.birthplace.full,
        "personal_number": person.number,
        "ethnicity": person.ethnicity,
        "residence": person.address,
        "father_name": f"{person.name.split()[0]} {' '.join(father.name.split()[1:])}",
        "father_birth_year": str(father.born.year),
        "mother_name": mother.name,
        "mother_birth_year": str(mother.born.year),
    }


def _texts(fields: dict[str, str]) -> list[str]:
    return [
        f"1. Họ và tên: **{fields['full_name']}**",
        f"2. Giới tính: {fields['sex']}; dân tộc: {fields['ethnicity']}; tôn giáo: Không",
        f"3. Ngày, tháng, năm sinh: {fields['date_of_birth']}",
        f"4. Nơi sinh: {fields['place_of_birth']}",
        f"5. Số định danh cá nhân: {fields['personal_number']}",
        f"6. Nơi cư trú: {fields['residence']}",
        f"7. Trình độ học vấn: {fields['education']}; nghề nghiệp: {fields['job']}",
        f"8. Họ và tên cha: {fields['father_name']}, sinh năm {fields['father_birth_year']}",
        f"9. Họ và tên mẹ: {fields['mother_name']}, sinh năm {fields['mother_birth_year']}",
        "10. Quá trình hoạt động của bản thân: học tập và làm việc tại địa phương.",
        "Tôi xin cam đoan những lời khai trên là đúng sự thật, nếu sai tôi xin chịu trách nhiệm trước pháp luật.",
    ]


def _signed(order: Order, sheet: Sheet, y: float, person: Person, dated: str) -> None:
    sheet.write(150, y, dated, BODY.but(italic=True, size_pt=13), align="centre")
    sheet.write(150, y + 6, "NGƯỜI KHAI", Style(size_pt=13, bold=True), align="centre")
    sign(sheet, order.dice("signature"), 133, y + 18, 34)
    sheet.write(150, y + 31, person.name, BODY, align="centre")


KIND = Kind(code="SO_YEU_LY_LICH", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
