"""Places that an officer should look at: ink, print or paper differ within a line (NĐ 23/2015 Art. 22(1)).

A difference accuses nobody (R15): a lawful correction, a stamp or a fold look different too.
"""

from collections.abc import Iterator

from agent.reading.checks.case import Case
from agent.reading.values import Cue
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_PLAIN = 0.8
"""From this score on the citizen is asked; below, the officer is only shown the place."""


def places(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for each place that looks unlike its surroundings."""
    for page, seen in zip(case.pages, case.evidence, strict=False):
        for evidence in seen:
            if evidence.what is Cue.CHANGED:
                severity = Severity.ASK if evidence.score >= _PLAIN else Severity.ADVISE
                text = f"Trang {page.number}: {evidence.words}. Cần công chức xem trực tiếp."
                ground = Ground.A22_1_ALTERED.value
                yield ReadFinding(ground=ground, severity=severity, text=text, page=page.number, box=evidence.box)
