"""One paper: the draft as the hub renders it, beside everything the kiosk read, noticed and knows."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from contract.clock import VIETNAM
from contract.layout import frame
from contract.messages import CertifyRequest, LegalMode
from hub import draft_pdf
from hub.console import evidence, render, sla
from hub.console.access import Reader, ServedHub, ServedKeys
from hub.console.officer_key import standing_of
from hub.console.who import Who, who
from hub.faults import AlreadyDecided, ClaimedByColleague, ImagesPurged
from hub.register import claims, held, numbers
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Kiosk, Officer, RequestRow, RequestState

router = APIRouter(include_in_schema=False)
_BELOW_THE_SCAN_MM = 4.0


@router.get("/console/papers/{request_id}")
def paper_page(hub: ServedHub, keys: ServedKeys, request: Request, officer: Reader, request_id: str) -> HTMLResponse:
    """Take the paper and show it, or say who has it; the look is recorded."""
    try:
        claims.take(hub, officer.login, request_id)
    except (ClaimedByColleague, AlreadyDecided) as fault:
        who = _holder(hub, request_id) if isinstance(fault, ClaimedByColleague) else ""
        return render.page(request, "taken.html", officer=officer, status=409, who=who, after=request_id)
    shown = _opened(hub, officer, request_id)
    shown |= {"key": standing_of(hub, keys, officer), "held": held.still_back(hub, officer.login)}
    return render.page(request, "paper.html", officer=officer, **shown)


def _opened(hub: Hub, officer: Officer, request_id: str) -> dict[str, Any]:
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get_one(RequestRow, request_id)
        kiosk = session.get_one(Kiosk, row.kiosk)
        colleagues = claims.colleagues(session, officer.login)
        waiting = session.scalar(select(func.count()).where(RequestRow.state == RequestState.QUEUED))
        audit.append(session, at=now, who=officer.login, what=audit.Act.PAPER_OPENED, subject=request_id)
    body = numbers.certify_body(row)
    draft = hub.drafts.get(row.draft_sha256)
    if draft is None:
        raise ImagesPurged(f"The images of paper {request_id} are not here.")
    scans = draft_pdf.scan_places(draft)
    facts, findings = evidence.facts(body, scans), evidence.findings(body, scans)
    assert row.queued_at is not None and row.promised_at is not None
    there = who(hub, officer, request_id, body.identity) if body.identity else None
    return {
        "who": there,
        "row": row,
        "body": body,
        "kiosk": kiosk,
        "facts": facts,
        "findings": findings,
        "standing": sla.standing(row.queued_at, row.promised_at, now),
        "waiting": waiting,
        "colleagues": colleagues,
        "grounds": evidence.refusal_grounds(),
        "may_approve": officer.may_certify(now.astimezone(VIETNAM).date()),
        "data": _data(row, body, facts, findings, there),
    }


def _data(
    row: RequestRow,
    body: CertifyRequest,
    facts: list[evidence.Fact],
    findings: list[evidence.Finding],
    there: Who | None,
) -> dict[str, object]:
    """Return what the page's scripts need: no name, no value that was read."""
    at_counter = row.legal_mode == LegalMode.PREPARE_ONLY
    return {
        "id": row.id,
        "pages": row.pages,
        "last_page_ends_mm": frame(last=True).bottom + _BELOW_THE_SCAN_MM,
        "original_seen": "COUNTER" if at_counter else body.presented.value,
        "at_counter": at_counter,
        "asks_who": there is not None and there.asks,
        "same_person": there.same_person if there else None,
        "to_decide": sum(each.severity != "ADVISE" for each in findings),
        "findings": [asdict(each.place) | {"severity": each.severity, "ground": each.ground} for each in findings],
        "facts": [asdict(each.place) | {"sure": each.sure} for each in facts],
        "refusals": {each.code: each.text for each in evidence.refusal_grounds()},
    }


def _holder(hub: Hub, request_id: str) -> str:
    with hub.database.reading() as session:
        return claims.holder(session, request_id, hub.clock.now())
