"""What a check looks at, and how it says what it found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from agent.reading.folding import says
from agent.reading.kind import Kind
from agent.reading.values import Evidence, Line, ReadPage, Seal
from contract.grounds import Ground
from contract.messages import ReadFact, ReadFinding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A paper as read: its pages, the red seals on each, its kind and facts, how many pages were declared.

    `evidence` was measured on each page, where pixels were at hand; without `today` no term is judged.
    """

    pages: Sequence[ReadPage]
    seals: Sequence[Sequence[Seal]]
    kind: Kind
    facts: Sequence[ReadFact]
    declared_pages: int | None
    today: date | None = None
    evidence: Sequence[Sequence[Evidence]] = ()


Check = Callable[[Case], Iterator[ReadFinding]]


def shows_its_end(case: Case) -> bool:
    """Return whether the end of a paper was seen: who signed it, or the list of recipients beside the signature."""
    signed = any(fact.name == "signer_name" for fact in case.facts)
    return signed or any(says(line.text, ("Nơi nhận:",)) for page in case.pages for line in page.lines)


def at_line(ground: Ground, severity: Severity, text: str, page: ReadPage, line: Line) -> ReadFinding:
    """Return a finding whose evidence is a line."""
    return ReadFinding(ground=ground.value, severity=severity, text=text, page=page.number, box=line.box)


def at_page(ground: Ground, severity: Severity, text: str, page: ReadPage) -> ReadFinding:
    """Return a finding whose evidence is a whole page."""
    box = (0.0, 0.0, page.width_mm, page.height_mm)
    return ReadFinding(ground=ground.value, severity=severity, text=text, page=page.number, box=box)
