"""The officer's desk: queue, paper, pages, decision. Every look at a paper is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import Presented
from hub import draft_pdf
from hub.console.access import LoggedIn, ServedHub
from hub.faults import ImagesPurged, UnknownThing
from hub.register import decisions, numbers
from hub.register.decisions import Decision
from hub.register.labels import register_label
from hub.store import audit
from hub.store.tables import DecisionRow, Issue, Kiosk, RegisterRow, RequestRow, RequestState, Verdict

router = APIRouter(prefix="/api")
PAGE_DPI = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPaper:
    """A line of the queue; `position` counts from 0, `age_s` since the draft was whole."""

    id: str
    position: int
    kind: str
    pages: int
    kiosk: str
    legal_mode: str
    queued_at: datetime
    promised_at: datetime
    age_s: int
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for a decision, oldest first."""

    papers: list[QueuedPaper]


class DecisionForm(BaseModel):
    """What the officer sends; see `hub.register.decisions.Decision`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdict
    ground: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""
    page: Annotated[int, Field(ge=0)] = 0
    original_seen: Presented | None = None


@router.get("/queue")
def queue(hub: ServedHub, officer: LoggedIn) -> Queue:
    """Return the papers that wait, oldest first."""
    now = hub.clock.now()
    waiting = select(RequestRow).where(RequestRow.state == RequestState.QUEUED)
    with hub.database.reading() as session:
        rows = session.scalars(waiting.order_by(RequestRow.queued_at, RequestRow.id)).all()
    return Queue(papers=[_queued(row, position, now) for position, row in enumerate(rows)])


@router.get("/requests/{request_id}")
def paper(hub: ServedHub, officer: LoggedIn, request_id: str) -> dict[str, Any]:
    """Return a paper: state, kiosk, and (until it is purged) what was asked and read."""
    with hub.database.writing() as session:
        request = _request(session, request_id)
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.PAPER_OPENED, subject=request_id)
        kiosk = session.get_one(Kiosk, request.kiosk)
        outcome = _decision(session, request_id) | _issue(session, request_id)
    return _basics(request, kiosk) | _asked(request) | outcome


@router.get("/requests/{request_id}/pages/{page}.png", response_class=Response)
def page_picture(hub: ServedHub, officer: LoggedIn, request_id: str, page: Annotated[int, Path(ge=1)]) -> Response:
    """Return a page of the draft as the hub itself renders it (PNG, 110 dpi)."""
    with hub.database.writing() as session:
        request = _request(session, request_id)
        audit.append(
            session, at=hub.clock.now(), who=officer.login, what=audit.Act.PAGE_SEEN, subject=f"{request_id} {page}"
        )
    if page > request.pages:
        raise UnknownThing(f"Paper {request_id} has {request.pages} pages, not {page}.")
    draft = hub.drafts.get(request.draft_sha256) if request.draft_purged_at is None else None
    if draft is None:
        raise ImagesPurged(f"The images of paper {request_id} are not here.")
    png = draft_pdf.page_png(draft, page, PAGE_DPI)
    return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})


@router.post("/requests/{request_id}/decision", status_code=201)
def decide(hub: ServedHub, officer: LoggedIn, request_id: str, form: DecisionForm) -> dict[str, Any]:
    """Record the officer's decision; answer as `GET /api/requests/{id}` does for decision and copy."""
    decisions.record(hub, officer.login, request_id, Decision(**form.model_dump()))
    with hub.database.reading() as session:
        return _decision(session, request_id) | _issue(session, request_id)


def _request(session: Session, request_id: str) -> RequestRow:
    request = session.get(RequestRow, request_id)
    if request is None:
        raise UnknownThing(f"There is no paper {request_id[:40]}.")
    return request


def _queued(row: RequestRow, position: int, now: datetime) -> QueuedPaper:
    assert row.queued_at is not None and row.promised_at is not None
    return QueuedPaper(
        id=row.id,
        position=position,
        kind=row.kind,
        pages=row.pages,
        kiosk=row.kiosk,
        legal_mode=row.legal_mode,
        queued_at=row.queued_at,
        promised_at=row.promised_at,
        age_s=int((now - row.queued_at).total_seconds()),
        overdue=now > row.promised_at,
    )


def _basics(request: RequestRow, kiosk: Kiosk) -> dict[str, Any]:
    names = ("id", "state", "kind", "pages", "legal_mode", "received_at", "queued_at", "promised_at", "draft_sha256")
    shown = {name: getattr(request, name) for name in names}
    return shown | {"kiosk": {"id": kiosk.id, "site": kiosk.site, "legal_decision": kiosk.legal_decision}}


def _asked(request: RequestRow) -> dict[str, Any]:
    if request.body is None:
        return {"images_purged_at": request.draft_purged_at}
    body = msgspec.to_builtins(numbers.certify_body(request))
    names = (
        "title", "requester_name", "copies", "electronic", "facts", "findings", "quote", "paid_vnd", "presented",
        "scanned_at",
    )  # fmt: skip
    return {name: body[name] for name in names}


def _decision(session: Session, request_id: str) -> dict[str, Any]:
    row = session.get(DecisionRow, request_id)
    if row is None:
        return {"decision": None}
    names = ("verdict", "ground", "text", "page", "original_seen", "officer", "at")
    return {"decision": {name: getattr(row, name) for name in names}}


def _issue(session: Session, request_id: str) -> dict[str, Any]:
    issue = session.scalars(select(Issue).where(Issue.request == request_id)).first()
    if issue is None:
        return {"copy": None}
    label = register_label(session.get_one(RegisterRow, issue.register_row))
    names = ("copy_id", "state", "failures", "last_fault", "signed_at")
    return {"copy": {name: getattr(issue, name) for name in names} | {"register_label": label}}
