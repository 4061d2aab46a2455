"""Passive authentication: are the groups those the state signed (ICAO Doc 9303-11, 5.1, and -12)?"""

from collections.abc import Mapping
from datetime import datetime

from agent.identity.chip.security_object import SecurityObject
from agent.identity.chip.trust import CountrySigners
from agent.identity.chip.verdict import GENUINE, Reason, Verdict


def judge(
    security: SecurityObject, groups: Mapping[int, bytes], signers: CountrySigners, *, now: datetime, state: str
) -> Verdict:
    """Return the first thing that is wrong with these groups of a document of `state`, or GENUINE.

    `groups` must hold every signed group that this reader reads; what is altered is named before who signed it.
    """
    found = [security.group_verdict(number, group) for number, group in groups.items()]
    found.append(security.signature_verdict())
    wrong = next((verdict for verdict in found if not verdict.genuine), None)
    return wrong or signers.verdict(security.signed.signer, signed_at=security.signed.signed_at, now=now, state=state)


def missing(security: SecurityObject, groups: Mapping[int, bytes], readable: Mapping[int, object]) -> Verdict:
    """Return whether a signed group that can be read was not there."""
    gone = [number for number in sorted(security.hashes) if number in readable and number not in groups]
    if gone or not {1, 2} <= groups.keys():
        named = ", ".join(f"DG{number}" for number in gone) or "DG1 or DG2"
        return Verdict(reason=Reason.GROUP_MISSING, detail=f"{named} is signed for, or required, and missing")
    return GENUINE
