"""All checks, in the order in which an officer wants to hear of them."""

from agent.reading.checks import (
    agreement,
    altered,
    completeness,
    damage,
    legibility,
    need,
    origin,
    original,
    parts,
    script,
    secrecy,
    validity,
)
from agent.reading.checks.case import Case, Check
from contract.messages import ReadFinding

_CHECKS: tuple[Check, ...] = (
    secrecy.marks,
    original.words_of_a_copy,
    original.looks_copied,
    altered.places,
    agreement.contradictions,
    origin.foreign,
    origin.private,
    origin.signature_procedure,
    script.unread,
    damage.lost,
    damage.worn,
    damage.gone,
    completeness.declared,
    completeness.printed_numbers,
    completeness.printed_total,
    completeness.end_of_paper,
    completeness.both_sides,
    parts.missing,
    parts.school_years,
    parts.order,
    legibility.quality,
    validity.term,
    need.on_vneid,
)


def find_all(case: Case) -> tuple[ReadFinding, ...]:
    """Return every finding on a paper; none of them decides anything."""
    return tuple(finding for check in _CHECKS for finding in check(case))
