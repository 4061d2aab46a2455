"""KHAI_SINH: a birth certificate (original), after the form of TT 04/2020/TT-BTP and Law 60/2014 Art. 14."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..faces import Style
from ..order import Draft, Kind, Order
from ..persons import LATEST, Person, any_date, any_name, any_person, born_to
from ..places import any_commune
from ..words import date_in_words, slashed
from .civil_form import civil_sheet, civil_title, entry, rows
from .state_paper import Signer, agency_name, commune_seal, signature


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    child: Person
    mother: Person
    father: Person


def draw(order: Order) -> Draft:
    """Draw a one-page birth certificate."""
    stream = order.dice("data")
    commune, year = any_commune(stream), stream.randint(2025, 2026)
    mother = any_person(stream, female=True, born=(year - 38, year - 21), home=commune)
    father = any_person(stream, female=False, born=(year - 42, year - 22), home=commune)
    child = born_to(any_person(stream, born=(year, year), home=commune), father)
    family = _Family(child=child, mother=mother, father=father)
    first = max(date(2025, 7, 2), child.born + timedelta(days=2))
    registered = min(LATEST, any_date(stream, first, first + timedelta(days=55)))
    number, hospital = f"{stream.randint(1, 950):02d}/{registered.year}", stream.choice(_HOSPITALS)
    signer = Signer(titles=("NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH"), name=any_name(stream, stream.random() < 0.3))
    fields = _fields(family, number, f"{hospital}, {child.birthplace.full}", registered, agency_name(commune))
    fields |= {"signer_title": signer.titles[-1], "signer_name": signer.name}
    sheet = civil_sheet(order, (214, 96, 120))
    y = civil_title(order, sheet, "GIẤY KHAI SINH", "TRÍCH LỤC KHAI SINH")
    sheet.write(105, y, f"Số: {number}", Style(size_pt=13), align="centre")
    y = rows(sheet, y + 9, _rows(fields))
    signature(order, sheet, y + 3, signer, commune_seal(commune), x=146)
    return Draft(sheets=[sheet], fields=fields)


_HOSPITALS = ("Bệnh viện Phụ sản", "Bệnh viện Đa khoa khu vực", "Trạm Y tế", "Bệnh viện Sản - Nhi")


def _fields(family: _Family, number: str, birthplace: str, registered: date, agency: str) -> dict[str, str]:
    child = family.child
    fields = {
        "number": number,
        "full_name": child.name.upper(),
        "date_of_birth": slashed(child.born),
        "date_of_birth_in_words": date_in_words(child.born),
        "sex": child.sex,
        "ethnicity": family.father.ethnicity,
        "nationality": "Việt Nam",
        "place_of_birth": birthplace,
        "place_of_origin": family.father.birthplace.full,
        "personal_number": child.number,
    }
    for role, parent in (("mother", family.mother), ("father", family.father)):
        fields |= {
            f"{role}_name": parent.name.upper(),
            f"{role}_birth_year": str(parent.born.year),
            f"{role}_ethnicity": parent.ethnicity,
            f"{role}_nationality": "Việt Nam",
            f"{role}_residence": family.mother.address,
        }
    return fields | {"registered_at": agency, "registered_on": slashed(registered)}


def _rows(fields: dict[str, str]) -> list[tuple[str, ...]]:
    parents = [_parent_rows(fields, role, word) for role, word in (("mother", "mẹ"), ("father", "cha"))]
    return [
        (entry("Họ, chữ đệm, tên", fields["full_name"]),),
        (entry("Ngày, tháng, năm sinh", fields["date_of_birth"]),),
        (entry("ghi bằng chữ", fields["date_of_birth_in_words"]),),
        tuple(entry(label, fields[key]) for label, key in _TRIPLE),
        (entry("Nơi sinh", fields["place_of_birth"]),),
        (entry("Quê quán", fields["place_of_origin"]),),
        (entry("Số định danh cá nhân", fields["personal_number"]),),
        *parents[0],
        *parents[1],
        (entry("Nơi đăng ký khai sinh", fields["registered_at"]),),
        (entry("Ngày, tháng, năm đăng ký", fields["registered_on"]),),
    ]


_TRIPLE = (("Giới tính", "sex"), ("Dân tộc", "ethnicity"), ("Quốc tịch", "nationality"))


def _parent_rows(fields: dict[str, str], role: str, word: str) -> list[tuple[str, ...]]:
    middle = (("Năm sinh", "birth_year"), ("Dân tộc", "ethnicity"), ("Quốc tịch", "nationality"))
    return [
        (entry(f"Họ, chữ đệm, tên người {word}", fields[f"{role}_name"]),),
        tuple(entry(label, fields[f"{role}_{key}"]) for label, key in middle),
        (entry("Nơi cư trú", fields[f"{role}_residence"]),),
    ]


KIND = Kind(code="KHAI_SINH", draw=draw)
