"""KET_HON: a marriage certificate (Law 60/2014 Art. 17; form of TT 04/2020/TT-BTP): two spouses in two columns."""

from collections.abc import Iterator

from agent.reading import cleaning, letterhead
from agent.reading.columns import Column, read_in, two_columns
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Clean, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.labels import find_labels, x_at
from agent.reading.printed import printed_number
from agent.reading.values import ReadPage

_NAMES = {"wife": ("Họ, chữ đệm, tên vợ", "Họ và tên vợ"), "husband": ("Họ, chữ đệm, tên chồng", "Họ và tên chồng")}
_GUTTER_MM = 1.0
_SAME_ROW_MM = 4.0


def _spouse(role: str, word: str) -> tuple[Field, ...]:
    def field(part: str, label: str, phrases: tuple[str, ...], lines: int = 1, clean: Clean = as_printed) -> Field:
        return Field(name=f"{role}_{part}", label=f"{label} ({word})", phrases=phrases, lines=lines, clean=clean)

    return (
        field("name", "Họ và tên", _NAMES[role], lines=2, clean=cleaning.person_name),
        field("date_of_birth", "Ngày sinh", ("Ngày, tháng, năm sinh", "Ngày sinh"), clean=cleaning.day),
        field("ethnicity", "Dân tộc", ("Dân tộc",), clean=cleaning.first_words),
        field("nationality", "Quốc tịch", ("Quốc tịch",), clean=cleaning.first_words),
        field("residence", "Nơi cư trú", ("Nơi cư trú", "Nơi thường trú"), lines=4),
        field(
            "personal_number",
            "Số định danh cá nhân",
            ("Số định danh cá nhân", "Giấy tờ tùy thân"),
            lines=2,
            clean=cleaning.personal_number,
        ),
    )


_SPOUSES = (_spouse("wife", "vợ"), _spouse("husband", "chồng"))
_REGISTRATION = (
    Field(name="registered_at", label="Nơi đăng ký", phrases=("Nơi đăng ký kết hôn",), lines=2),
    Field(name="registered_on", label="Ngày đăng ký", phrases=("Ngày, tháng, năm đăng ký",), clean=cleaning.day),
)


def _facts(pages: Pages) -> list[Fact]:
    number = printed_number(pages)
    spouses = [fact for page in pages for fact in _spouses(page)]
    return [*number, *_checked(spouses), *read_form(pages, (_REGISTRATION,)), *letterhead.signer(pages)]


def _spouses(page: ReadPage) -> Iterator[Fact]:
    columns = _columns(page)
    yield from read_in(columns, lambda part: read_form([part], _SPOUSES)) if columns else read_form([page], _SPOUSES)


def _columns(page: ReadPage) -> tuple[Column, ...]:
    """Return the two columns, or none where the spouses stand below each other."""
    hits = find_labels(page, [phrase for phrases in _NAMES.values() for phrase in phrases])
    starts = sorted((x_at(page.lines[hit.line], hit.start), page.lines[hit.line].box[1]) for hit in hits)
    if len(starts) != len(_NAMES) or abs(starts[0][1] - starts[1][1]) > _SAME_ROW_MM:
        return ()
    return two_columns(page, starts[1][0] - _GUTTER_MM)


def _checked(facts: list[Fact]) -> Iterator[Fact]:
    """Yield the facts; a number that contradicts its spouse's birth or sex leaves both in doubt."""
    for role in _NAMES:
        yield from number_against_person([fact for fact in facts if fact.name.startswith(role)], prefix=f"{role}_")


KIND = Kind(
    code="KET_HON",
    title="Giấy chứng nhận kết hôn",
    anchors=(
        Anchor(
            phrases=("GIẤY CHỨNG NHẬN KẾT HÔN", "ĐĂNG KÝ KẾT HÔN", "TRÍCH LỤC KẾT HÔN", "TRÍCH LỤC KẾT HÔN (BẢN SAO)"),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Họ, chữ đệm, tên vợ", "Họ và tên vợ"), weight=0.4),
        Anchor(phrases=("Họ, chữ đệm, tên chồng", "Họ và tên chồng"), weight=0.4),
        Anchor(phrases=("Nơi đăng ký kết hôn",), weight=0.3),
    ),
    facts=_facts,
    always=(
        "number",
        "wife_name",
        "wife_date_of_birth",
        "husband_name",
        "husband_date_of_birth",
        "registered_at",
        "registered_on",
        "signer_name",
    ),
)
