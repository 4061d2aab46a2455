"""All checks, in the order in which an officer wants to hear of them."""

from agent.reading.checks import completeness, legibility, need, origin, original, parts, secrecy
from agent.reading.checks.case import Case, Check
from contract.messages import ReadFinding

_CHECKS: tuple[Check, ...] = (
    secrecy.marks,
    original.words_of_a_copy,
    original.no_red_seal,
    origin.foreign,
    origin.private,
    origin.signature_procedure,
    legibility.damage,
    completeness.declared,
    completeness.printed_numbers,
    completeness.printed_total,
    completeness.end_of_paper,
    completeness.both_sides,
    parts.missing,
    parts.school_years,
    parts.order,
    legibility.quality,
    need.on_vneid,
)


def find_all(case: Case) -> tuple[ReadFinding, ...]:
    """Return every finding on a paper; none of them decides anything."""
    return tuple(finding for check in _CHECKS for finding in check(case))
