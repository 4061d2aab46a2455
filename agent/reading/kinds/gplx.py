"""GPLX: the plastic driving licence."""

import re
from collections.abc import Iterator

from agent.reading import dates, letterhead
from agent.reading.card_fields import NATIONALITY, bilingual, birth, expiry, full_name, place
from agent.reading.card_number import number_alone
from agent.reading.folding import folded, says
from agent.reading.form import Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_CLASS = re.compile(r"a[1-4]?|b[12]?|c1?|d[12]?|e|fc|(b|c1?|d[12]?)e")
_AUTHORITIES = frozenset({"bo gtvt", "bo cong an", "bo giao thong van tai"})


def _category(text: str) -> str:
    words = as_printed(text).split()
    return words[0].upper() if words and _CLASS.fullmatch(folded(words[0])) else ""


_FORM = (
    (
        full_name("Họ tên / Full name", "Họ và tên / Full name", "Họ tên"),
        birth(*bilingual("Ngày sinh", "Date of Birth")),
        NATIONALITY,
        place("address", "Nơi cư trú", *bilingual("Nơi cư trú", "Address")),
        Field(name="class", label="Hạng", phrases=("Hạng / Class",), clean=_category),
        expiry(*bilingual("Có giá trị đến", "Expires")),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = letterhead.place_and_date(pages[0], anywhere=True)
    number = number_alone(pages, name="number", label="Số giấy phép")
    passed = _passed(pages)
    return [*number, *_authority(pages), *read_form(pages, _FORM), *passed, *dated, *letterhead.signer(pages)]


def _authority(pages: Pages) -> Iterator[Fact]:
    for at, line in enumerate(pages[0].lines):
        if folded(line.text) in _AUTHORITIES:
            yield Fact(name="authority", label="Cơ quan cấp", value=line.text, page=pages[0].number, lines=(at,))
            return


def _passed(pages: Pages) -> Iterator[Fact]:
    """Yield the day in the back's table, last cell of the row below its heading."""
    for page in pages:
        headed = False
        for at, line in enumerate(page.lines):
            headed = headed or says(line.text, ("Ngày trúng tuyển",))
            day = dates.find_date(line.text) if headed else None
            if day:
                value = dates.slashed(day)
                yield Fact(name="passed_on", label="Ngày trúng tuyển", value=value, page=page.number, lines=(at,))
                return


KIND = Kind(
    code="GPLX",
    title="Giấy phép lái xe",
    anchors=(
        Anchor(
            phrases=("GIẤY PHÉP LÁI XE", "GIẤY PHÉP LÁI XE / DRIVER'S LICENSE", "DRIVER'S LICENSE"),
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("Hạng / Class",), weight=0.4),
        Anchor(phrases=("Họ tên / Full name",), weight=0.2),
        Anchor(phrases=("Các loại xe cơ giới đường bộ được điều khiển", "Ngày trúng tuyển"), weight=0.3),
    ),
    facts=_facts,
    always=("number", "full_name", "date_of_birth", "nationality", "address", "class", "issued_on", "expires_on"),
    sealed=False,
)
