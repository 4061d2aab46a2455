"""The public page behind a copy's QR: plain HTML without scripts, Vietnamese first.

It says what the seal says, whether register and annulments agree, and how to check without it: nothing that the holder
of the paper does not have already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path as File
from string import Template
from typing import Annotated

import msgspec
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from contract.clock import vietnam_text
from contract.seal import CopySeal
from hub.console.access import ServedHub
from hub.register.in_log import in_log
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store.tables import AnnulmentRow, Issue, IssueState, RegisterRow
from hub.verify import seals, trust, words
from hub.verify.values import Reason, SealFinding, standing_of

router = APIRouter()

_PAGE = Template((File(__file__).parent / "templates" / "copy.html").read_text(encoding="utf-8"))
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the hub has on a sealed copy."""

    issue: Issue
    row: RegisterRow
    annulment: AnnulmentRow | None


@router.get("/health")
def health(hub: ServedHub) -> dict[str, str]:
    """Return that the hub answers and its database can be read."""
    with hub.database.reading() as session:
        session.get(Issue, "")
    return {"status": "ok", "agency": hub.config.agency.name, "now": hub.clock.now().isoformat()}


@router.get("/trust.json", response_class=Response)
def trust_statement(request: Request) -> Response:
    """Return anchors, seal certificates and annulled copies: all that an offline check needs."""
    return Response(request.app.state.trust(), media_type="application/json")


@router.get("/V/{seal}", response_class=HTMLResponse)
@router.get("/v/{seal}", response_class=HTMLResponse, include_in_schema=False)
def verify_page(hub: ServedHub, request: Request, seal: Annotated[str, Path(max_length=1024)]) -> HTMLResponse:
    """Return the page on the copy whose seal (base32) stands in the address."""
    known = trust.parse(request.app.state.trust())
    finding = seals.judge_text(f"https://hub/{seal}", known)
    recorded = _recorded(hub, finding.seal) if finding.seal and not finding.reasons else None
    page = _page(hub, list(_reasons(finding, recorded)), recorded, seal)
    return HTMLResponse(page, status_code=200 if finding.seal else 404, headers=_HEADERS)


@router.get("/V/{seal}/log", response_class=JSONResponse)
@router.get("/v/{seal}/log", response_class=JSONResponse, include_in_schema=False)
def log_proof(hub: ServedHub, request: Request, seal: Annotated[str, Path(max_length=1024)]) -> Response:
    """Return how a copy stands in the public log: what its leaf says, the salt, and the proof of inclusion."""
    finding = seals.judge_text(f"https://hub/{seal}", trust.parse(request.app.state.trust()))
    recorded = _recorded(hub, finding.seal) if finding.seal and not finding.reasons else None
    told = in_log(hub, recorded.issue.copy_id) if recorded else None
    if told is None:
        raise HTTPException(404, "No such copy is recorded here")
    return Response(msgspec.json.encode(told), media_type="application/json", headers=_HEADERS)


def _recorded(hub: Hub, seal: CopySeal) -> Recorded | None:
    with hub.database.reading() as session:
        issue = session.get(Issue, seal.copy_id)
        if issue is None or issue.state != IssueState.SIGNED:
            return None
        row = session.get_one(RegisterRow, issue.register_row)
        entered = (row.number, row.book_no, row.year, row.agency, issue.log_index)
        if entered != (seal.cert_no, seal.book_no, seal.year, seal.agency_code, seal.log_index):
            return None
        return Recorded(issue=issue, row=row, annulment=session.get(AnnulmentRow, seal.copy_id))


def _reasons(finding: SealFinding, recorded: Recorded | None) -> Iterator[Reason]:
    yield from finding.reasons
    if recorded is None and not finding.reasons:
        yield Reason.NOT_RECORDED
    if recorded and recorded.annulment:
        yield Reason.ANNULLED


def _page(hub: Hub, reasons: list[Reason], recorded: Recorded | None, seal: str) -> str:
    standing = standing_of(reasons)
    headline_vi, headline_en = words.HEADLINES[standing]
    entries = "".join(_entry(*entry) for entry in _entries(hub, recorded)) if recorded else ""
    return _PAGE.substitute(
        standing=standing,
        headline_vi=escape(headline_vi),
        headline_en=escape(headline_en),
        reasons="".join(_reason(*words.REASONS[reason]) for reason in reasons),
        entries=f"<dl>{entries}</dl>" if entries else "",
        log=_log(hub, recorded, seal) if recorded else "",
    )


def _entries(hub: Hub, recorded: Recorded) -> Iterator[tuple[str, str, str]]:
    issue, row, annulment = recorded.issue, recorded.row, recorded.annulment
    if annulment is not None:
        yield "Hủy bỏ theo quyết định số", "Annulled by decision", annulment.decision_no
        yield "Ngày hủy bỏ", "Annulled at", vietnam_text(annulment.at)
    yield "Cơ quan chứng thực", "Agency", hub.config.agency.name
    yield "Người thực hiện chứng thực", "Certified by", f"{row.signer_name}, {row.signer_title}"
    yield "Số chứng thực", "Number and book", register_label(row)
    yield "Thời điểm chứng thực", "Time", vietnam_text(issue.issued_at)
    yield "Số trang của bản sao", "Pages of the copy", str(issue.copy_pages)
    yield "Căn cứ", "Legal note", issue.legal_note
    yield "Mã bản sao", "Copy id", issue.copy_id


def _log(hub: Hub, recorded: Recorded, seal: str) -> str:
    told = in_log(hub, recorded.issue.copy_id)
    vi, en = words.IN_LOG if told and told.proof else words.SOON_IN_LOG
    lines = [each.format(index=recorded.issue.log_index) for each in (vi, en)]
    link = f'<a href="/v/{escape(seal)}/log">{escape(words.PROOF)}</a>' if told and told.proof else ""
    return f'<p>{escape(lines[0])} {link}</p><p class="en" lang="en">{escape(lines[1])}</p>'


def _entry(vi: str, en: str, value: str) -> str:
    return f'<dt>{escape(vi)} <span class="en" lang="en">{escape(en)}</span></dt><dd>{escape(value)}</dd>'


def _reason(vi: str, en: str) -> str:
    return f'<p><b>{escape(vi)}</b></p><p class="en" lang="en">{escape(en)}</p>'
