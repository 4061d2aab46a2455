"""Copies and the register at the console: look up, annul, read the book of a year."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.console.access import Bookkeeper, ServedHub, allowed
from hub.console.roles import Permit
from hub.faults import UnknownThing
from hub.register import annulments, extensions
from hub.register.annulments import Annulment, ReasonClass
from hub.register.labels import register_label
from hub.store import audit
from hub.store.tables import AnnulmentRow, FactRow, Issue, Officer, RegisterRow, Upgrade

router = APIRouter(prefix="/api")

_ROW = (
    "year", "number", "book_no", "book_code", "at", "requester_name", "title", "signer_name", "signer_title", "copies",
    "fee_vnd", "note",
)  # fmt: skip
_ISSUE = (
    "copy_id", "request", "state", "log_index", "document_kind", "pages_of_original", "legal_note", "issued_at",
    "signed_at", "level", "copy_pages", "copy_sha256", "verify_url", "failures", "last_fault", "certifier_certificate",
    "agency_certificate",
)  # fmt: skip
_UPGRADE = ("state", "lacks", "wanted_at", "next_at", "failures", "last_fault", "ended_at")
_EXTENSION = ("level", "protected_until", "made_at", "sha256")

Annuller = Annotated[Officer, Depends(allowed(Permit.ANNUL))]


class AnnulmentForm(BaseModel):
    """The agency's decision (TT 01/2020 Art. 7)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision_no: Annotated[str, Field(min_length=1, max_length=100)]
    reason_class: ReasonClass
    text: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get("/copies/{copy_id}")
def copy(hub: ServedHub, officer: Bookkeeper, copy_id: str) -> dict[str, Any]:
    """Return a copy: register entry, signature, what became of it at the kiosk, annulment."""
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.COPY_READ, subject=copy_id[:40])
        return _view(session, copy_id)


@router.post("/copies/{copy_id}/annulment", status_code=201)
def annul(hub: ServedHub, officer: Annuller, copy_id: str, form: AnnulmentForm) -> dict[str, Any]:
    """Record that the copy has no value any more; answer as `GET /api/copies/{copy_id}`."""
    annulments.record(hub, officer.login, copy_id, Annulment(**form.model_dump()))
    with hub.database.reading() as session:
        return _view(session, copy_id)


@router.get("/register")
def register(hub: ServedHub, officer: Bookkeeper, year: Annotated[int, Query(ge=2000, le=2999)]) -> dict[str, Any]:
    """Return the register of a year with all its columns, by number."""
    book = select(RegisterRow).where(RegisterRow.year == year)
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.REGISTER_READ, subject=str(year))
        rows = session.scalars(book.order_by(RegisterRow.agency, RegisterRow.book_code, RegisterRow.number)).all()
    return {"year": year, "rows": [_picked(row, _ROW) for row in rows]}


def _view(session: Session, copy_id: str) -> dict[str, Any]:
    issue = session.get(Issue, copy_id)
    if issue is None:
        raise UnknownThing(f"There is no copy {copy_id[:40]}.")
    row = session.get_one(RegisterRow, issue.register_row)
    annulled = session.get(AnnulmentRow, copy_id)
    raising, extension = session.get(Upgrade, copy_id), extensions.newest(session, copy_id)
    facts = session.scalars(select(FactRow).where(FactRow.request == issue.request).order_by(FactRow.received_at))
    return _picked(issue, _ISSUE) | {
        "register": _picked(row, _ROW) | {"label": register_label(row)},
        "happened": [_picked(fact, ("kind", "received_at")) for fact in facts],
        "upgrade": _picked(raising, _UPGRADE) if raising else None,
        "extension": _picked(extension, _EXTENSION) if extension else None,
        "annulment": _picked(annulled, ("decision_no", "reason_class", "text", "at")) if annulled else None,
    }


def _picked(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
