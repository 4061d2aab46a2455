"""GIAY_UY_QUYEN: a power of attorney written by two citizens, confirmed by the commune."""

from datetime import date

from ..order import Draft, Kind, Order
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_person
from ..places import any_commune
from ..sheet import Sheet
from ..values import Flaw
from ..words import long_date, slashed
from .self_made import confirmation, self_made_sheet
from .state_paper import BODY, prose

_TASKS = (
    "nộp hồ sơ và nhận kết quả giải quyết thủ tục hành chính tại Trung tâm Phục vụ hành chính công",
    "nhận lương hưu và các khoản trợ cấp bảo hiểm xã hội hằng tháng",
    "làm thủ tục đăng ký sang tên xe mô tô",
)


def draw(order: Order) -> Draft:
    """Draw a one-page power of attorney."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    giver = any_person(stream, born=(1950, 1990), home=commune)
    taker = any_person(stream, born=(1970, 2005), home=commune)
    fields = _party("principal", giver) | _party("agent", taker)
    fields |= {"issued_on": slashed(day), "task": stream.choice(_TASKS)}
    sheet = self_made_sheet(order, "GIẤY ỦY QUYỀN")
    y = prose(sheet, 60, _texts(fields, f"Hôm nay, {long_date(day)}, tại {commune.inline}, chúng tôi gồm:"), gap=1.2)
    _signatures(order, sheet, y + 3, giver, taker)
    confirmation(order, sheet, y + 38, commune)
    return Draft(sheets=[sheet], fields=fields)


def _party(role: str, person: Person) -> dict[str, str]:
    return {
        f"{role}_name": person.name,
        f"{role}_date_of_birth": slashed(person.born),
        f"{role}_personal_number": person.number,
        f"{role}_residence": person.address,
    }


def _texts(fields: dict[str, str], opening: str) -> list[str]:
    return [
        opening,
        "**BÊN ỦY QUYỀN (BÊN A)**",
        *_describe(fields, "principal"),
        "**BÊN ĐƯỢC ỦY QUYỀN (BÊN B)**",
        *_describe(fields, "agent"),
        f"Bên A ủy quyền cho Bên B thay mặt Bên A {fields['task']}. Thời hạn ủy quyền là 06 tháng kể từ ngày ký.",
        "Chúng tôi cam kết chịu trách nhiệm trước pháp luật về nội dung ủy quyền nêu trên.",
    ]


def _describe(fields: dict[str, str], role: str) -> list[str]:
    return [
        f"Họ và tên: **{fields[f'{role}_name']},** sinh ngày {fields[f'{role}_date_of_birth']}",
        f"Số định danh cá nhân: {fields[f'{role}_personal_number']}",
        f"Nơi cư trú: {fields[f'{role}_residence']}",
    ]


def _signatures(order: Order, sheet: Sheet, y: float, giver: Person, taker: Person) -> None:
    for x, word, person in ((66.0, "BÊN ỦY QUYỀN", giver), (150.0, "BÊN ĐƯỢC ỦY QUYỀN", taker)):
        sheet.write(x, y, word, BODY.but(bold=True), align="centre")
        sign(sheet, order.dice(f"signature {word}"), x - 17, y + 14, 34)
        sheet.write(x, y + 27, person.name, BODY, align="centre")


KIND = Kind(code="GIAY_UY_QUYEN", draw=draw, impossible=frozenset({Flaw.MISSING_PAGE, Flaw.FOREIGN}))
