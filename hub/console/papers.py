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
from hub.console.access import Decider, Reader, ServedHub
from hub.console.media import Jpeg, Png
from hub.faults import ImagesPurged, UnknownThing
from hub.register import held, numbers, waiting
from hub.register.decisions import Decision
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DecisionRow, HeldDecision, Issue, Kiosk, Officer, RegisterRow, RequestRow, Verdict

router = APIRouter(prefix="/api")
PAGE_DPI, PHOTO_DPI = 110, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPaper:
    """A line of the queue; `position` counts from 0, `age_s` since the draft was whole."""

    id: str
    position: int
    priority: str
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
    """What waits for a decision, those served first and then the oldest; and what waits for the officer's key."""

    papers: list[QueuedPaper]
    key_open: bool
    waiting_for_key: int


class DecisionForm(BaseModel):
    """What the officer sends; see `hub.register.decisions.Decision`.

    With `take_back` the decision takes effect after 30 s; without it at once (an approval when the key is open).
    `seconds` is how long the officer looked at the paper.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdict
    ground: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""
    page: Annotated[int, Field(ge=0)] = 0
    original_seen: Presented | None = None
    take_back: bool = True
    seconds: Annotated[float, Field(ge=0)] | None = None


@router.get("/queue")
def queue(hub: ServedHub, officer: Reader) -> Queue:
    """Return the papers that wait, in the order in which they are served."""
    now = hub.clock.now()
    with hub.database.reading() as session:
        rows = session.scalars(waiting.in_order()).all()
    return Queue(
        papers=[_queued(row, position, now) for position, row in enumerate(rows)],
        key_open=hub.open_keys.of(officer.login) is not None,
        waiting_for_key=held.waiting_for_key(hub, officer.login),
    )


@router.get("/requests/{request_id}")
def paper(hub: ServedHub, officer: Reader, request_id: str) -> dict[str, Any]:
    """Return a paper: state, kiosk, and (until it is purged) what was asked and read."""
    with hub.database.writing() as session:
        request = _request(session, request_id)
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.PAPER_OPENED, subject=request_id)
        kiosk = session.get_one(Kiosk, request.kiosk)
        outcome = _decision(session, request_id) | _issue(session, request_id)
    return _basics(request, kiosk) | _asked(request) | outcome


@router.get("/requests/{request_id}/pages/{page}.png", response_class=Png)
def page_picture(hub: ServedHub, officer: Reader, request_id: str, page: Annotated[int, Path(ge=1)]) -> Response:
    """Return a page of the draft as the hub itself renders it (PNG, 110 dpi)."""
    png = draft_pdf.page_png(_seen_draft(hub, officer, request_id, page), page, PAGE_DPI)
    return Png(png)


@router.get("/requests/{request_id}/pages/{page}.jpg", response_class=Jpeg)
def page_photo(hub: ServedHub, officer: Reader, request_id: str, page: Annotated[int, Path(ge=1)]) -> Response:
    """Return a page of the draft as the hub itself renders it (JPEG, 200 dpi): what the console shows and enlarges."""
    jpeg = draft_pdf.page_jpeg(_seen_draft(hub, officer, request_id, page), page, PHOTO_DPI)
    return Jpeg(jpeg)


@router.post("/requests/{request_id}/decision", status_code=201)
def decide(hub: ServedHub, officer: Decider, request_id: str, form: DecisionForm) -> dict[str, Any]:
    """Take the officer's decision; answer as `GET /api/requests/{id}` does for decision and copy."""
    decision = Decision(**form.model_dump(exclude={"take_back", "seconds"}))
    held.hold(hub, officer.login, request_id, decision, form.seconds)
    if not form.take_back:
        held.confirm(hub, officer.login, request_id)
    with hub.database.reading() as session:
        return _decision(session, request_id) | _issue(session, request_id)


def _seen_draft(hub: Hub, officer: Officer, request_id: str, page: int) -> bytes:
    """Return the draft after recording that the officer sees this page of it."""
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
    return draft


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
        priority=row.priority,
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
    names = (
        "id",
        "state",
        "kind",
        "pages",
        "legal_mode",
        "priority",
        "received_at",
        "queued_at",
        "promised_at",
        "draft_sha256",
    )
    shown = {name: getattr(request, name) for name in names}
    return shown | {"kiosk": {"id": kiosk.id, "site": kiosk.site, "legal_decision": kiosk.legal_decision}}


def _asked(request: RequestRow) -> dict[str, Any]:
    if request.body is None:
        return {"images_purged_at": request.draft_purged_at}
    body = msgspec.to_builtins(numbers.certify_body(request))
    names = (
        "title", "requester_name", "copies", "electronic", "facts", "findings", "quote", "paid_vnd", "presented",
        "scanned_at", "identity",
    )  # fmt: skip
    return {name: body[name] for name in names}


def _decision(session: Session, request_id: str) -> dict[str, Any]:
    row = session.get(DecisionRow, request_id)
    if row is None:
        return {"decision": None, "held": _held(session, request_id)}
    names = ("verdict", "ground", "text", "page", "original_seen", "officer", "at")
    return {"decision": {name: getattr(row, name) for name in names}, "held": None}


def _held(session: Session, request_id: str) -> dict[str, Any] | None:
    row = session.get(HeldDecision, request_id)
    return None if row is None else {"verdict": row.verdict, "effective_at": row.effective_at}


def _issue(session: Session, request_id: str) -> dict[str, Any]:
    issue = session.scalars(select(Issue).where(Issue.request == request_id)).first()
    if issue is None:
        return {"copy": None}
    label = register_label(session.get_one(RegisterRow, issue.register_row))
    names = ("copy_id", "state", "failures", "last_fault", "signed_at")
    return {"copy": {name: getattr(issue, name) for name in names} | {"register_label": label}}
