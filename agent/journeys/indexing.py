"""The metadata of a digitised paper (guidance 11/2025, §2.3 step 3), filled from what was read on it.

What was not read stays blank: the officer who compares the scan fills it in. Nothing is invented here.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from agent.reading.registry import UNKNOWN, named
from agent.reading.values import Understanding
from contract.digital import Condition, Metadata
from contract.messages import ReadFact

_NUMBERS = ("number", "register_number", "serial")
_DATES = ("issued_on", "registered_on", "signed_on")
_ORGANS = ("agency", "authority", "registered_at", "issuer")
_SUBJECTS = ("subject",)


def metadata(
    understanding: Understanding, *, pages: int, counted: int, condition: Condition, component: str
) -> Metadata:
    """Return what is known of a paper, cut to the guidance's lengths; `component` is its name in the dossier."""
    number = _first(understanding, _NUMBERS)
    organ, subject = _first(understanding, _ORGANS), _first(understanding, _SUBJECTS)
    issued = _first(understanding, _DATES)
    kind = "" if understanding.kind == UNKNOWN else named(understanding.kind).title  # its title may name a person
    code, notation = _number(number.value if number else "")
    return Metadata(
        type_name=(kind or component)[:100],
        code_number=code[:11],
        code_notation=notation[:30],
        issued_date=_day(issued.value) if issued else None,
        organ_name=organ.value[:200] if organ else "",
        subject=subject.value[:500] if subject else "",
        language="Tiếng Việt",
        page_amount=pages,
        description=_counts(counted, pages),
        keyword=component[:100],
        confidence_level=_confidence([each for each in (number, organ, subject, issued) if each]),
        format=condition.said[:50],
    )


def _first(understanding: Understanding, names: Sequence[str]) -> ReadFact | None:
    facts = {fact.name: fact for fact in reversed(understanding.facts)}
    return next((facts[name] for name in names if name in facts), None)


def _number(text: str) -> tuple[str, str]:
    """Return number and notation: `45/QĐ-UBND` is 45 and QĐ-UBND."""
    number, _, notation = text.strip().partition("/")
    return number.strip(), notation.strip()


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day on a paper has no time zone
        except ValueError:
            continue
    return None


def _counts(counted: int, pages: int) -> str:
    said = f"Đếm {counted} trang, quét {pages} trang, tệp {pages} trang"
    return said if counted == pages else f"{said}; người nộp xác nhận {pages} trang"


def _confidence(used: Sequence[ReadFact]) -> str:
    """Return where the metadata come from and how sure the least sure of them is."""
    if not used:
        return "Số hóa; chưa đọc được"
    return f"Số hóa; máy đọc {min(_percents(used))}%"


def _percents(used: Sequence[ReadFact]) -> Iterator[int]:
    return (int(100 * fact.confidence) for fact in used)
