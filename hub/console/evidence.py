"""What the officer's eye needs beside the page: facts and findings, with places on the page as the hub shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.grounds import DecidedBy, Ground
from contract.messages import Box, CertifyRequest, Severity
from hub.console.strings import strings
from hub.draft_pdf import ScanPlace

_QUALITY = "QUALITY"
_GROUNDS = {ground.value: ground for ground in Ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle on an A4 page of the draft, in mm, origin top left."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What was read; `sure` needs no further look."""

    label: str
    value: str
    sure: bool
    percent: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the kiosk noticed, with the ground in the law's words."""

    ground: str
    severity: Severity
    law: str
    basis: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """A ground on which an officer can refuse, and the text to the citizen that the form begins with."""

    code: str
    vi: str
    basis: str
    text: str


def facts(body: CertifyRequest, scans: Sequence[ScanPlace | None]) -> list[Fact]:
    """Return the facts, those that are not sure first."""
    found = [
        Fact(
            label=each.label,
            value=each.value,
            sure=each.sure,
            percent=int(each.confidence * 100),
            place=_place(each.page, each.box, scans),
        )
        for each in body.facts
    ]
    return sorted(found, key=lambda fact: fact.sure)


def findings(body: CertifyRequest, scans: Sequence[ScanPlace | None]) -> list[Finding]:
    """Return the findings, the loudest first."""
    loudness = list(Severity)
    return [
        Finding(
            ground=each.ground,
            severity=each.severity,
            law=_law(each.ground),
            basis=_GROUNDS[each.ground].basis if each.ground in _GROUNDS else "",
            text=each.text,
            place=_place(each.page, each.box, scans),
        )
        for each in sorted(body.findings, key=lambda finding: loudness.index(finding.severity))
    ]


def refusal_grounds() -> list[RefusalGround]:
    """Return every ground of refusal in the order of the law, each with its text to the citizen."""
    refusing = [ground for ground in Ground if ground.decided_by is not DecidedBy.ADVISE]
    return [
        RefusalGround(code=ground.value, vi=ground.vi, basis=ground.basis, text=_refusal(ground)) for ground in refusing
    ]


def _refusal(ground: Ground) -> str:
    lead = strings()("refusal.lead", ground=ground.vi, basis=ground.basis).vi
    own = _QUALITY if ground.value.startswith(_QUALITY) else ground.value
    return f"{lead} {strings()(f'refusal.{own}').vi}"


def _law(code: str) -> str:
    return _GROUNDS[code].vi if code in _GROUNDS else code


def _place(page: int, box: Box, scans: Sequence[ScanPlace | None]) -> Place:
    scan = scans[page - 1] if page <= len(scans) else None
    left, top, right, bottom = box
    x, y, scale = (scan.x, scan.y, scan.scale) if scan else (0.0, 0.0, 1.0)
    return Place(
        page=page,
        x=round(x + left * scale, 2),
        y=round(y + top * scale, 2),
        width=round((right - left) * scale, 2),
        height=round((bottom - top) * scale, 2),
    )
