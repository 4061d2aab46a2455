"""The machine-readable zone of a card or passport: found among the lines, repaired, and held against the print."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.identity import mrz
from agent.reading import dates
from agent.reading.crosschecks import Witness, held_against
from agent.reading.folding import without_accents
from agent.reading.kind import Fact, Pages
from agent.reading.values import ReadPage

_TURN_OF_CENTURY = 2030
_SHAPES = ((3, 30), (2, 44))
"""Lines and signs a line: cards (TD1), passports (TD3)."""

_LABELS = (
    ("passport_number", "Số hộ chiếu"),
    ("personal_number", "Số định danh cá nhân"),
    ("date_of_birth", "Ngày sinh"),
    ("sex", "Giới tính"),
    ("expires_on", "Có giá trị đến"),
)


def find_zone(pages: Pages) -> tuple[Fact, mrz.Zone] | None:
    """Return the zone as a fact and its content, from the first page that has zone-like lines in a row."""
    for page in pages:
        for rows, width in _candidates(page):
            lines = mrz.repaired([_fitted(page.lines[at].text, width) for at in rows])
            if zone := mrz.parse(lines):
                text = "\n".join(zone.lines)
                sound = 1.0 if not zone.faults else 0.5
                fact = Fact(
                    name="mrz",
                    label="Vùng đọc máy",
                    value=text,
                    page=page.number,
                    lines=tuple(rows),
                    confidence=sound,
                    sure=not zone.faults,
                )
                return fact, zone
    return None


def with_zone(facts: Sequence[Fact], pages: Pages) -> list[Fact]:
    """Return the facts and the zone, if one is found.

    What a zone without faults repeats is sure, what it contradicts is doubtful, what the print lacks is taken from it.
    """
    found = find_zone(pages)
    if found is None:
        return list(facts)
    fact, zone = found
    witness = witness_of(zone)
    known = {fact.name for fact in facts}
    added = [replace(fact, name=name, label=label, value=witness.says.get(name, "")) for name, label in _LABELS]
    return [
        *held_against(facts, witness),
        *(fact for fact in added if fact.name not in known and fact.value),
        fact,
    ]


def witness_of(zone: mrz.Zone) -> Witness:
    """Return the zone as a witness of what is printed; one with faults says nothing."""
    return Witness(part="vùng đọc máy", says=dict(_repeated(zone)) if not zone.faults else {}, accents=False)


def _repeated(zone: mrz.Zone) -> Iterator[tuple[str, str]]:
    yield "personal_number", zone.personal_number
    if zone.form == "TD3":
        yield "passport_number", zone.number
    yield "sex", {"M": "Nam", "F": "Nữ"}.get(zone.sex, "")
    yield "full_name", zone.name
    if born := zone.birth_date(today_year=_TURN_OF_CENTURY):
        yield "date_of_birth", dates.slashed(born)
    expiry = zone.expiry_date()
    yield "expires_on", dates.slashed(expiry) if expiry else "Không thời hạn"


def _candidates(page: ReadPage) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield lines that may be a zone, and how many signs each of them must have."""
    for count, width in _SHAPES:
        like = [at for at, line in enumerate(page.lines) if _is_zone_line(line.text, width)]
        for first in range(len(like) - count + 1):
            yield tuple(like[first : first + count]), width


def _is_zone_line(text: str, width: int) -> bool:
    signs = _bare(text)
    long_enough = width - 6 <= len(signs) <= width + 10
    return long_enough and signs.count("<") >= 2 and bool(re.fullmatch(r"[A-Z0-9<]+", signs))


def _bare(text: str) -> str:
    return re.sub(r"[«‹]", "<", re.sub(r"[\s.,]", "", without_accents(text).upper()))


def _fitted(text: str, width: int) -> str:
    """Return as many signs as a line has: fillers at its end are easily miscounted."""
    signs = _bare(text)
    if len(signs) == width:
        return signs
    run = max(re.findall(r"<+", signs), key=len)
    wanted = max(0, len(run) + width - len(signs))
    return signs.replace(run, "<" * wanted, 1)
