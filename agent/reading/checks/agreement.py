"""Print that another part of the same paper contradicts: its zone, its code, a date in words (NĐ 23/2015 Art. 22(1)).

Only print that was read without doubt is held against it, so that a misread letter raises no alarm.
"""

from collections.abc import Iterator

from agent.reading import id_number, spoken
from agent.reading.card_code import find_holder
from agent.reading.card_zone import find_zone, witness_of
from agent.reading.checks.case import Case
from agent.reading.crosschecks import Witness
from contract.grounds import Ground
from contract.messages import ReadFact, ReadFinding, Severity


def contradictions(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for each fact that another part of the paper contradicts."""
    for witness in _witnesses(case):
        for fact in case.facts:
            if witness.contradicts(fact.name, fact.value) and _read_well(case, fact):
                text = f"{fact.label} in trên giấy khác với {witness.part}. Cần công chức xem trực tiếp."
                ground = Ground.A22_1_ALTERED.value
                yield ReadFinding(ground=ground, severity=Severity.ADVISE, text=text, page=fact.page, box=fact.box)


def _witnesses(case: Case) -> Iterator[Witness]:
    if zone := find_zone(case.pages):
        yield witness_of(zone[1])
    if code := find_holder(case.pages):
        yield code[2].witness()
    for fact in case.facts:
        words = spoken.witness_of(fact.name, fact.value)
        if words and _read_well(case, fact):
            yield words
        number = id_number.parse(fact.value) if fact.name.endswith("personal_number") else None
        if number and _read_well(case, fact):
            prefix = fact.name.removesuffix("personal_number")
            yield Witness(
                part="số định danh cá nhân",
                says={f"{prefix}sex": "Nữ" if number.female else "Nam"},
                accents=True,
            )


def _read_well(case: Case, fact: ReadFact) -> bool:
    """Return whether all lines that a fact was read from are sure."""
    left, top, right, bottom = fact.box
    page = next(page for page in case.pages if page.number == fact.page)
    own = [
        line
        for line in page.lines
        if left <= line.box[0] and line.box[2] <= right and top <= line.box[1] and line.box[3] <= bottom
    ]
    return bool(own) and all(line.sure for line in own)
