"""A civil-status extract of the fictitious state Utopia (ICAO 9303's own example), in English, not legalised."""

from datetime import date

from ..faces import Style
from ..order import Draft, Order
from ..ornament import border, guilloche, specimen_mark, specimen_note
from ..pen import sign
from ..persons import LATEST, any_date
from ..seal import SealDesign
from ..sheet import Sheet

_FAMILY = ("Eriksson", "Svensson", "Martin", "Keller", "Novak", "Moreau", "Okafor")
_WOMEN, _MEN = ("Anna Maria", "Johanna", "Emilia"), ("Erik", "Paul", "Lucas", "Daniel")
_TITLES = {"KHAI_SINH": "CERTIFICATE OF BIRTH", "KET_HON": "CERTIFICATE OF MARRIAGE"}


def draw(order: Order) -> Draft:
    """Draw a one-page foreign certificate in place of the Vietnamese paper."""
    stream = order.dice("foreign")
    family = stream.choice(_FAMILY)
    title = _TITLES.get(order.kind, "CERTIFICATE OF REGISTRATION")
    born, issued = any_date(stream, date(1980, 1, 1), date(2012, 1, 1)), any_date(stream, date(2024, 1, 1), LATEST)
    fields = {
        "title": title,
        "number": f"UTO-{stream.randint(10000, 99999)}/{issued.year}",
        "full_name": f"{stream.choice(_WOMEN + _MEN)} {family}",
        "date_of_birth": f"{born:%d %B %Y}",
        "place_of_birth": stream.choice(("Amaurot", "Zenith", "Port Hythlo")),
        "father_name": f"{stream.choice(_MEN)} {family}",
        "mother_name": f"{stream.choice(_WOMEN)} {family}",
        "issued_on": f"{issued:%d %B %Y}",
    }
    sheet = _sheet(order)
    _text(sheet, fields)
    sign(sheet, order.dice("registrar"), 128, 236, 44)
    sheet.write(148, 252, "Registrar of Civil Status", Style(size_pt=12), align="centre")
    order.seal(sheet, SealDesign(upper="CIVIL REGISTRY OF UTOPIA", lower="AMAUROT", centre="SPECIMEN"), 122, 236)
    return Draft(sheets=[sheet], fields=fields)


def _sheet(order: Order) -> Sheet:
    sheet = order.blank()
    guilloche(sheet, order.dice("ground"), (120, 150, 200), strength=0.18, pitch_mm=2.4)
    border(sheet, 12, (86, 112, 160), band=6)
    specimen_mark(sheet, 105, 150, 44)
    specimen_note(sheet, 105, 272, Style(size_pt=8), align="centre")
    return sheet


def _text(sheet: Sheet, fields: dict[str, str]) -> None:
    sheet.write(105, 40, "REPUBLIC OF UTOPIA", Style(size_pt=16, bold=True), align="centre")
    sheet.write(105, 49, "Ministry of the Interior - Civil Registry", Style(size_pt=13, italic=True), align="centre")
    sheet.write(105, 74, fields["title"], Style(size_pt=24, bold=True), align="centre")
    sheet.write(105, 84, f"No. {fields['number']}", Style(size_pt=13), align="centre")
    labels = (
        ("Full name", "full_name"),
        ("Date of birth", "date_of_birth"),
        ("Place of birth", "place_of_birth"),
        ("Father", "father_name"),
        ("Mother", "mother_name"),
    )
    for number, (label, key) in enumerate(labels):
        y = 106 + number * 12
        sheet.write(40, y, f"{label}:", Style(size_pt=13))
        sheet.write(88, y, fields[key], Style(size_pt=14, bold=True))
    statement = "I certify that this is a true extract of the register kept at this office."
    sheet.write(105, 182, statement, Style(size_pt=13), align="centre")
    sheet.write(148, 212, f"Amaurot, {fields['issued_on']}", Style(size_pt=13, italic=True), align="centre")
