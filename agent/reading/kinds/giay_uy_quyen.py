"""GIAY_UY_QUYEN: a power of attorney that two citizens wrote themselves."""

import re

from agent.reading import cleaning
from agent.reading.crosschecks import number_against_person
from agent.reading.form import PARAGRAPH_INDENT_MM, Clean, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import signing_day

_END_OF_TASK = re.compile(r"[.;]\s*(?:Thời hạn|Thời gian|Bên [AB]\b).*$", re.DOTALL)


def _task(text: str) -> str:
    return as_printed(_END_OF_TASK.sub("", text))


def _party(role: str, word: str) -> tuple[Field, ...]:
    def field(part: str, label: str, *phrases: str, clean: Clean = as_printed, lines: int = 1) -> Field:
        indent = PARAGRAPH_INDENT_MM if lines > 1 else 0.0
        name, label = f"{role}_{part}", f"{label} {word}"
        return Field(name=name, label=label, phrases=phrases, clean=clean, lines=lines, indent_mm=indent)

    return (
        field("name", "Họ và tên", "Họ và tên", "Họ tên", "Họ, chữ đệm, tên", clean=cleaning.person_name),
        field("date_of_birth", "Ngày sinh", "sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh", clean=cleaning.day),
        field("personal_number", "Số định danh", "Số định danh cá nhân", "Số CCCD", clean=cleaning.personal_number),
        field("residence", "Nơi cư trú", "Nơi cư trú", "Nơi thường trú", "Địa chỉ", lines=3),
    )


_TASK = (
    Field(
        name="task",
        label="Nội dung ủy quyền",
        phrases=("thay mặt Bên A", "Nội dung ủy quyền"),
        lines=6,
        clean=_task,
        indent_mm=PARAGRAPH_INDENT_MM,
    ),
)
_PARTIES = (_party("principal", "bên ủy quyền"), _party("agent", "bên được ủy quyền"))


def _facts(pages: Pages) -> list[Fact]:
    facts = read_form(pages, (*_PARTIES, _TASK))
    parties = [
        fact
        for role in ("principal", "agent")
        for fact in number_against_person([fact for fact in facts if fact.name.startswith(role)], prefix=f"{role}_")
    ]
    return [*parties, *(fact for fact in facts if fact.name == "task"), *signing_day(pages)]


KIND = Kind(
    code="GIAY_UY_QUYEN",
    title="Giấy ủy quyền",
    anchors=(
        Anchor(phrases=("GIẤY ỦY QUYỀN", "GIẤY UỶ QUYỀN", "HỢP ĐỒNG ỦY QUYỀN"), weight=1.0, alone=True),
        Anchor(phrases=("BÊN ỦY QUYỀN",), weight=0.3),
        Anchor(phrases=("BÊN ĐƯỢC ỦY QUYỀN", "NGƯỜI ĐƯỢC ỦY QUYỀN"), weight=0.3),
    ),
    facts=_facts,
    always=("principal_name", "agent_name", "principal_personal_number", "agent_personal_number"),
    sealed=False,
    private=True,
)
