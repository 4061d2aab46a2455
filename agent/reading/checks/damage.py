"""Whether content of the paper is lost (Art. 22(2)): print worn off, a corner torn off, a spot, values gone."""

from collections.abc import Iterator

from agent.reading.checks import completeness, parts
from agent.reading.checks.case import Case, Check, at_page
from agent.reading.checks.script import in_another_script, is_covered
from agent.reading.values import Cue, Line, ReadPage
from contract.grounds import Ground
from contract.messages import Box, ReadFinding, Severity

_DOUBTFUL_BELOW = 0.25
_DAMAGED_SHARE = 0.35
_FEWEST_LINES = 6
_SHORTEST = 4
_BESIDE_MM = 3.0
_LEAST_SHARE_READ = 0.5
_PAGES_MISSING: tuple[Check, ...] = (
    completeness.declared,
    completeness.printed_total,
    completeness.end_of_paper,
    completeness.both_sides,
    parts.missing,
)


def worn(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for a page on which much of the print can't be read."""
    for page in case.pages:
        lines = [line for line in page.lines if len(line.text) >= _SHORTEST]
        doubtful = [line for line in lines if _is_doubtful(line)]
        if _is_much(doubtful, lines) and not in_another_script(page):
            text = f"{len(doubtful)} trong {len(lines)} dòng trên trang {page.number} không đọc rõ."
            yield at_page(Ground.A22_2_DAMAGED, Severity.ASK, text, page)


def lost(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for every torn corner and opaque spot; where print stands beside it, content is lost with it."""
    for page, seen in zip(case.pages, case.evidence, strict=False):
        for evidence in () if is_covered(page) else seen:
            if evidence.what in (Cue.TORN, Cue.SPOT):
                severity = Severity.ASK if _touches_print(page, evidence.box) else Severity.ADVISE
                text = f"Trang {page.number}: {evidence.words}."
                ground = Ground.A22_2_DAMAGED.value
                yield ReadFinding(ground=ground, severity=severity, text=text, page=page.number, box=evidence.box)


def gone(case: Case) -> Iterator[ReadFinding]:
    """Yield advice where a paper lacks values that every one of its kind prints, while most of them were read."""
    read = {fact.name for fact in case.facts}
    missing = [name for name in case.kind.always if name not in read]
    if missing and len(missing) <= _LEAST_SHARE_READ * len(case.kind.always) and not _is_torso(case):
        count = f"{len(missing)} trong {len(case.kind.always)}"
        text = f"{case.kind.title}: không đọc được {count} mục luôn có trên loại giấy này; có thể bị rách, ố hoặc che."
        yield at_page(Ground.A22_2_DAMAGED, Severity.ADVISE, text, case.pages[0])


def _touches_print(page: ReadPage, box: Box) -> bool:
    """Return whether a line of print ends at, or goes through, the place."""
    x0, y0, x1, y1 = box
    rows = [line.box for line in page.lines if y0 < (line.box[1] + line.box[3]) / 2 < y1]
    return any(row[0] < x1 + _BESIDE_MM and x0 - _BESIDE_MM < row[2] for row in rows)


def _is_torso(case: Case) -> bool:
    """Return whether pages or sides are missing rather than print: that is said elsewhere."""
    return any(True for check in _PAGES_MISSING for _ in check(case))


def _is_doubtful(line: Line) -> bool:
    return line.confidence < _DOUBTFUL_BELOW


def _is_much(doubtful: list[Line], lines: list[Line]) -> bool:
    return len(lines) >= _FEWEST_LINES and len(doubtful) > _DAMAGED_SHARE * len(lines)
