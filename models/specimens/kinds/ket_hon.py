"""KET_HON: a marriage certificate (Law 60/2014 Art. 17): two columns, three signatures."""

from datetime import date, timedelta

from ..faces import Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_name, any_person
from ..places import any_commune
from ..sheet import Sheet
from ..words import slashed
from .civil_form import LABEL, LEFT, civil_sheet, civil_title, entry, rows
from .state_paper import Signer, agency_name, commune_seal, signature

_COLUMN, _GAP = 73.0, 79.0


def draw(order: Order) -> Draft:
    """Draw a one-page marriage certificate."""
    stream = order.dice("data")
    commune = any_commune(stream)
    wife = any_person(stream, female=True, born=(1985, 2005), home=commune)
    husband = any_person(stream, female=False, born=(1982, 2003))
    day = any_date(stream, date(2025, 7, 2), LATEST - timedelta(days=1))
    number = f"{stream.randint(1, 420):02d}/{day.year}"
    signer = Signer(titles=("NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN",), name=any_name(stream, stream.random() < 0.3))
    fields = {"number": number} | _party("wife", wife) | _party("husband", husband)
    fields |= {"registered_at": agency_name(commune), "registered_on": slashed(day), "signer_name": signer.name}
    sheet = civil_sheet(order, (206, 84, 92))
    y = civil_title(order, sheet, "GIẤY CHỨNG NHẬN KẾT HÔN", "TRÍCH LỤC KẾT HÔN")
    sheet.write(105, y, f"Số: {number}", Style(size_pt=13), align="centre")
    y = max(
        _column(sheet, LEFT, y + 11, "vợ", "wife", fields),
        _column(sheet, LEFT + _GAP, y + 11, "chồng", "husband", fields),
    )
    at = entry("Nơi đăng ký kết hôn", fields["registered_at"])
    y = rows(sheet, y + 3, [(at,), (entry("Ngày, tháng, năm đăng ký", fields["registered_on"]),)])
    _spouse_signatures(order, sheet, y + 4, (wife, husband))
    signature(order, sheet, y + 44, signer, commune_seal(commune), x=134)
    return Draft(sheets=[sheet], fields=fields)


def _party(role: str, person: Person) -> dict[str, str]:
    return {
        f"{role}_name": person.name.upper(),
        f"{role}_date_of_birth": slashed(person.born),
        f"{role}_ethnicity": person.ethnicity,
        f"{role}_nationality": "Việt Nam",
        f"{role}_residence": person.address,
        f"{role}_personal_number": person.number,
    }


def _column(sheet: Sheet, x: float, y: float, word: str, role: str, fields: dict[str, str]) -> float:
    texts = (
        entry(f"Họ, chữ đệm, tên {word}", fields[f"{role}_name"]),
        entry("Ngày, tháng, năm sinh", fields[f"{role}_date_of_birth"]),
        entry("Dân tộc", fields[f"{role}_ethnicity"]),
        entry("Quốc tịch", fields[f"{role}_nationality"]),
        entry("Nơi cư trú", fields[f"{role}_residence"]),
        entry("Số định danh cá nhân", fields[f"{role}_personal_number"]),
    )
    for text in texts:
        y = paragraph(sheet, x, y, _COLUMN, text, LABEL, align="left", leading=1.45)
    return y


def _spouse_signatures(order: Order, sheet: Sheet, y: float, couple: tuple[Person, Person]) -> None:
    for x, word, person in ((62.0, "Vợ", couple[0]), (146.0, "Chồng", couple[1])):
        sheet.write(x, y, word, LABEL.but(bold=True), align="centre")
        sign(sheet, order.dice(f"signature {word}"), x - 16, y + 14, 32)
        sheet.write(x, y + 27, person.name, LABEL, align="centre")


KIND = Kind(code="KET_HON", draw=draw)
