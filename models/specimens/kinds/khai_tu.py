"""KHAI_TU: the extract issued when a death is registered, on plain paper (form of TT 04/2020/TT-BTP)."""

from datetime import date, timedelta

from ..dice import Dice
from ..faces import Style
from ..order import Draft, Kind, Order
from ..persons import LATEST, Person, any_date, any_name, any_person
from ..places import Commune, any_commune
from ..sheet import Sheet
from ..values import Flaw
from ..words import date_in_words, long_date, slashed
from .civil_form import Row, entry, rows
from .state_paper import (
    AGENCY_X,
    STATE_X,
    Signer,
    agency_head,
    agency_name,
    commune_seal,
    motto,
    signature,
    state_sheet,
)

_CAUSES = ("Tuổi già", "Bệnh hiểm nghèo", "Tai nạn giao thông", "Nhồi máu cơ tim", "Đột quỵ")
_TRIPLE = (("Giới tính", "sex"), ("Dân tộc", "ethnicity"), ("Quốc tịch", "nationality"))


def draw(order: Order) -> Draft:
    """Draw a one-page extract."""
    stream = order.dice("data")
    commune = any_commune(stream)
    person = any_person(stream, born=(1928, 1979), home=commune)
    died = any_date(stream, date(2025, 7, 2), LATEST - timedelta(days=20))
    registered = died + timedelta(days=stream.randint(1, 14))
    titles = ("NGƯỜI KÝ TRÍCH LỤC", stream.choice(("CHỦ TỊCH", "PHÓ CHỦ TỊCH")))
    signer = Signer(titles=titles, name=any_name(stream, stream.random() < 0.3))
    fields = _person(person) | _death(stream, person, died)
    fields |= {
        "number": stream.choice(("{}/TLKT", "{}/{}/TLKT")).format(stream.randint(11, 480), registered.year),
        "registered_at": agency_name(commune),
        "issued_on": slashed(registered),
        "agency": agency_name(commune),
        "signer_title": signer.titles[-1],
        "signer_name": signer.name,
    }
    sheet = state_sheet(order)
    y = _head(order, sheet, commune, fields["number"], registered)
    y = rows(sheet, y, _rows(fields), leading=1.75)
    signature(order, sheet, y + 5, signer, commune_seal(commune))
    return Draft(sheets=[sheet], fields=fields)


def _person(person: Person) -> dict[str, str]:
    return {
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "nationality": "Việt Nam",
        "personal_number": person.number,
        "last_residence": person.address,
    }


def _death(stream: Dice, person: Person, died: date) -> dict[str, str]:
    place = stream.choice((f"Tại nhà riêng, {person.address}", f"Bệnh viện Đa khoa, {any_commune(stream).full}"))
    return {
        "died_at": f"{stream.randint(0, 23):02d} giờ {stream.randint(0, 59):02d} phút",
        "died_on": slashed(died),
        "died_on_in_words": date_in_words(died),
        "place_of_death": place,
        "cause_of_death": stream.choice(_CAUSES),
    }


def _head(order: Order, sheet: Sheet, commune: Commune, number: str, day: date) -> float:
    """Write agency, motto, number, date and title; return the baseline of the first row."""
    agency_head(sheet, ("ỦY BAN NHÂN DÂN", commune.name.upper()), 25)
    motto(sheet, STATE_X, 25)
    sheet.write(AGENCY_X, 41.5, f"Số: {number}", Style(size_pt=13), align="centre")
    dated = f"{commune.short}, {long_date(day)}"
    sheet.write(STATE_X, 41.5, dated, Style(size_pt=13.5, italic=True), align="centre")
    sheet.write(105, 62, "TRÍCH LỤC KHAI TỬ", Style(size_pt=20, bold=True), align="centre")
    if Flaw.BAN_SAO in order.flaws:
        sheet.write(105, 69, "(BẢN SAO)", Style(size_pt=14, bold=True), align="centre")
        sheet.mark(Flaw.BAN_SAO, sheet.lines[-1].box, "(BẢN SAO)")
    return 80.0


def _rows(fields: dict[str, str]) -> list[Row]:
    year = fields["died_on"].split("/")
    died = f"{fields['died_at']}, {long_date(date(int(year[2]), int(year[1]), int(year[0])))}"
    return [
        (entry("Họ, chữ đệm, tên", fields["full_name"]),),
        (entry("Ngày, tháng, năm sinh", fields["date_of_birth"]),),
        tuple(entry(label, fields[key]) for label, key in _TRIPLE),
        (entry("Số định danh cá nhân", fields["personal_number"]),),
        (entry("Nơi cư trú cuối cùng", fields["last_residence"]),),
        (entry("Đã chết vào lúc", died),),
        (entry("Ghi bằng chữ", fields["died_on_in_words"]),),
        (entry("Nơi chết", fields["place_of_death"]),),
        (entry("Nguyên nhân chết", fields["cause_of_death"]),),
        (entry("Đăng ký khai tử tại", fields["registered_at"]),),
    ]


KIND = Kind(code="KHAI_TU", draw=draw)
