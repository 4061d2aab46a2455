"""What a paper is and says: kind, title, facts and findings from its read pages, without its pixels."""

from collections.abc import Sequence
from datetime import date

from agent.reading.checks.case import Case
from agent.reading.checks.findings import find_all
from agent.reading.kind import Fact, Kind, Pages
from agent.reading.registry import kind_of
from agent.reading.values import Evidence, Line, Seal, Understanding
from contract.messages import Box, ReadFact

_TITLE_CHARACTERS = 300


def understand(
    pages: Pages,
    seals: Sequence[Sequence[Seal]],
    *,
    evidence: Sequence[Sequence[Evidence]] = (),
    declared_pages: int | None = None,
    today: date | None = None,
) -> Understanding:
    """Return the kiosk's proposal about a paper of at least one page; `seals` are the red seals seen on each page.

    `evidence` is what was measured on each page. `today` is the Vietnamese day against which a paper's term is held;
    without it no term is judged.
    """
    kind = kind_of(pages)
    facts = tuple(_read_fact(fact, pages) for fact in kind.facts(pages) if fact.value)
    case = Case(
        pages=pages,
        seals=seals,
        evidence=evidence,
        kind=kind,
        facts=facts,
        declared_pages=declared_pages,
        today=today,
    )
    return Understanding(kind=kind.code, title=_title(kind, facts), facts=facts, findings=find_all(case))


def _read_fact(fact: Fact, pages: Pages) -> ReadFact:
    page = next(page for page in pages if page.number == fact.page)
    lines = [page.lines[at] for at in fact.lines]
    confidence = min([fact.confidence, *(line.confidence for line in lines)])
    agreed = all(line.sure for line in lines) and fact.confidence == 1.0
    return ReadFact(
        name=fact.name,
        label=fact.label,
        value=fact.value[:2000],
        confidence=confidence,
        sure=agreed if fact.sure is None else fact.sure,
        page=fact.page,
        box=fact.box or _around(lines),
    )


def _around(lines: Sequence[Line]) -> Box:
    x0, y0, x1, y1 = zip(*(line.box for line in lines), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _title(kind: Kind, facts: Sequence[ReadFact]) -> str:
    """Return the paper's name for the register: `Quyết định 339/QĐ-UBND – Về việc …`, `Giấy khai sinh – LÊ VĂN MẪU`."""
    value = {fact.name: fact.value for fact in facts}
    name = value.get("title", kind.title)
    number = value.get("number", "") if "agency" in value else ""
    about = value.get("subject") or value.get("full_name") or ""
    return " – ".join(part for part in (f"{name} {number}".strip(), about) if part)[:_TITLE_CHARACTERS]
