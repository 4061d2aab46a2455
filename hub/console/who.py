"""Who was there, as the officer's page says it: what was believed, how sure the machine was, what each cue said."""

from dataclasses import dataclass

from contract.identity_evidence import CueScore, IdentityEvidence
from contract.messages import CardSource, IdentityCheck, IdentityMethod, IdentityResult
from hub.console.strings import Words, strings
from hub.faults import EvidenceDamaged, ImagesPurged
from hub.register import identity
from hub.rooms import Hub
from hub.store.tables import Officer

_CLEAR_MARGIN = 0.1
"""So far from the threshold a score is called clear."""
_NO_CARD = {IdentityMethod.STAFF: "by_staff", IdentityMethod.WITHOUT: "without"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSaid:
    """One cue in words, whether it spoke for a live person, and its score."""

    name: Words
    passed: bool
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A check of identity for the page; `evidence` is None where it has not come, or can't be opened (`missing`)."""

    check: IdentityCheck
    source: Words
    tries: Words | None
    band: Words | None
    cues: tuple[CueSaid, ...]
    evidence: IdentityEvidence | None
    missing: Words | None
    asks: bool
    may_compare: bool
    same_person: bool | None


def who(hub: Hub, officer: Officer, request_id: str, check: IdentityCheck) -> Who:
    """Return it for the officer who has the paper; that he looks at the evidence is recorded."""
    evidence, missing = _opened(hub, officer, request_id, check)
    with hub.database.reading() as session:
        word = identity.word_on(session, request_id)
    return Who(
        check=check,
        source=strings()(f"identity.{_source(check)}"),
        tries=strings()("identity.unsure_tries", count=check.unsure_tries) if check.unsure_tries else None,
        band=_band(evidence),
        cues=tuple(map(_said, evidence.cues)) if evidence else (),
        evidence=evidence,
        missing=missing,
        asks=evidence is not None and check.method is IdentityMethod.STILL,
        may_compare=evidence is not None and check.may_compare and hub.config.adapters.population is not None,
        same_person=word,
    )


def _opened(
    hub: Hub, officer: Officer, request_id: str, check: IdentityCheck
) -> tuple[IdentityEvidence | None, Words | None]:
    if check.evidence is None:
        return None, None
    with hub.database.reading() as session:
        if not identity.is_here(session, request_id):
            return None, strings()("identity.awaited")
    try:
        return identity.look(hub, officer.login, request_id, "result"), None
    except (EvidenceDamaged, ImagesPurged):
        return None, strings()("identity.damaged")


def _source(check: IdentityCheck) -> str:
    if check.method in _NO_CARD:
        return _NO_CARD[check.method]
    if check.card is CardSource.CHIP:
        return "chip_verified" if check.card_verified else "chip_unproved"
    return "printed"


def _band(evidence: IdentityEvidence | None) -> Words | None:
    if evidence is None or evidence.face is None:
        return None
    face = evidence.face
    is_clear = abs(face.score - face.threshold) >= _CLEAR_MARGIN and face.result is not IdentityResult.UNSURE
    score, threshold = (f"{each:.2f}".replace(".", ",") for each in (face.score, face.threshold))
    return strings()("identity.clear" if is_clear else "identity.near", score=score, threshold=threshold)


def _said(each: CueScore) -> CueSaid:
    percent = round(100 * max(0.0, each.score))
    return CueSaid(name=strings()(f"identity.{each.cue}"), passed=each.passed, percent=percent)
